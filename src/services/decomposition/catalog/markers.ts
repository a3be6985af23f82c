/** Words that join clauses, as a small closed table; other languages are translated to these. */
import type { Word } from './word.ts'

export type MarkerKind =
  /** `bare` is a boundary without any word: "if it fails call X". */
  | 'bare' | 'comma' | 'and' | 'or' | 'but' | 'colon' | 'dash'
  | 'then' | 'first' | 'last' | 'afterThat' | 'beforeThat' | 'parallel'
  | 'after' | 'before' | 'if' | 'unless' | 'while' | 'because' | 'until'
  | 'correct' | 'withdraw' | 'without' | 'insteadOf' | 'failing'

export type Marker = { readonly kind: MarkerKind; readonly length: number }

const table: readonly (readonly [MarkerKind, string])[] = [
  ['and', 'and | plus | as well as | & | and also | and additionally | additionally | in addition | furthermore | moreover | besides | also | along with | together with | on top of that | likewise'],
  ['or', 'or'],
  ['but', 'but | however | yet | although | though | only that | whereas'],
  ['then', 'then | next | subsequently | followed by | thereupon | and then | followed up by | next up | in turn | second | secondly | third | thirdly | fourth | fourthly | in a second step | step two'],
  ['first', 'first | first of all | firstly | to begin with | to start with | initially | start by | begin by | begin with | start with | as a first step | as the first step | in a first step | first up'],
  ['last', 'last | lastly | finally | at last | at the end | in the end | to finish | last of all | at the very end | to conclude | as a last step | as the last step | as a final step | as the final step | as the last thing | right at the end | last but not least | and last but not least | to round off | to round it off | to wrap up | to top it off | at the close'],
  ['afterThat', `after that | after this | afterwards | afterward | after which | after it | after both | after all that | after all of that | after these | after those | after them | once that is done | once this is done | once done | once it is done
    | when that is done | when done | when this is done | when you are done | when you're done | once you are done | once you're done | once finished | when finished | when it is done | once both are done | when both are done | as soon as that is done
    | as soon as this is done | as soon as it is done | as soon as both are done | once they are done | when they are done | once that's done | when that's done | once it's done | once that works | once this works | only after that | only then | whereupon | upon which | depending on the result | depending on the outcome | depending on the results | depending on that | thereafter
    | later on | later | with that done | that done | after doing so | after having done that | after you have done that | and only then | once all that is done | once all of that is done | once everything is done | if so | if yes | in that case | in which case | if that is the case | if this is the case | once you have that | once you have it | once you have done that | when you have done that | once all is done | when all is done | after both of them | following that | following which | with that out of the way | having done that | having done so | after the two | after all three | if that works | if it works | if that worked
    | if that succeeds | if it succeeds | if successful | if this works | once complete | once completed | when complete | upon completion | once that is finished | once that has finished | once it has finished | when that has finished | when it is finished | once that is complete | once this is finished | once those are done | when that is finished`],
  ['beforeThat', 'beforehand | before that | before this | before it | before doing so | prior to that | prior to this | prior to it | in advance | ahead of that | up front | upfront | preceded by | before which | prior to which | before anything else | before everything else | before all that'],
  ['parallel', 'in parallel | at the same time | simultaneously | concurrently | meanwhile | in the meantime | side by side | at once | all at once | parallel to that | independently | independently of each other | independent of that | independent of each other | unrelated to each other | independent of one another | independently of one another | in parallel to that'],
  ['failing', `if it fails | if that fails | if this fails | should it fail | should that fail | should this fail | in case it fails | in case that fails | if something breaks later | if something breaks | if something goes wrong | if anything goes wrong | in case of failure | on failure
    | if it goes wrong | if that goes wrong | should anything go wrong | should something go wrong | if it doesn't work | if that doesn't work | if it does not work | if that does not work | in case something breaks | in case of problems | if there are problems | if problems arise | in case of trouble | if it breaks
    | should something break | if need be | if necessary | if needed | if anything breaks | should anything break | in case of an error | in case of errors | otherwise | or else | failing that | if not | if that is not the case | if this is not the case | if that is not so`],
  ['after', 'after | once | as soon as | only after | only once | when | whenever | following | not before | not until | and not before | and not until | but not before | but not until | no sooner than | only when | after having | now that | only as soon as | directly after | right after | immediately after | upon | having | follows | should follow | is to follow | must follow | will follow | has to follow | shall follow | the moment | not earlier than | on completion of | after completion of'],
  ['before', 'before | prior to | ahead of | in preparation for | earlier than | before you | right before | just before | precedes | should precede | must precede | has to precede | is to precede'],
  ['if', 'if | in case | provided | provided that | as long as | should | only if | supposing | assuming | on condition that | depending on whether | if and only if | in the event that'],
  ['unless', 'unless | except if | except when'],
  ['until', 'until | till'],
  ['while', 'while'],
  ['because', 'because | since | as | so that | in order that | due to the fact that | given that | seeing that | because of | due to'],
  ['correct', `no | no wait | wait | sorry | i mean | i meant | rather | or rather | make that | make it | correction | actually | oops | no sorry | sorry no | wait no | no actually | pardon | better | or better | no make that | no make it | scratch that make it | on second thought | on second thoughts | i take that back | no i mean | no i meant | or no | well no | sorry i mean | sorry i meant | i mean rather | instead | hang on | no hang on | hold on | no hold on | wait a moment | no wait a moment | or actually | well actually | that is wrong | that was wrong | i was wrong | that should have been | it should have been | should have been | that should be | i should have said | i actually meant | what i meant was | i wanted to say | change of plan | change of plans | new plan | plans have changed | my mistake | sorry my mistake | i misspoke`],
  ['withdraw', `scratch that | scrap that | scrap it | strike that out | forget what i said | never mind | nevermind | forget it | forget that | forget about it | forget about that | drop that | cancel that | skip that | on reflection no | disregard that | ignore that | no leave it | no leave that | strike that | leave that | no don't | no do not | not that one | that is no longer needed | that's no longer needed | it is no longer needed | that is no longer necessary | that is not needed any more | that is not needed anymore | that is not necessary after all | that has become unnecessary | that is off the table | skip it | leave it out | drop it`],
  ['without', 'without | except for | except | apart from | other than | but not | and not'],
  ['insteadOf', 'instead of | rather than | in place of | in lieu of'],
]

const listed = table.flatMap(([kind, list]) => list.split('|').map((phrase): [string, MarkerKind] => [phrase.trim().replace(/\s+/g, ' '), kind]))
/** "Ah no", "oh wait": what people say before they correct themselves. */
const sighs: readonly string[] = ['ah', 'oh', 'uh', 'um', 'er', 'hm', 'hmm', 'oops', 'argh', 'aw']
const sighed = listed.filter(([, kind]) => kind === 'correct' || kind === 'withdraw').flatMap(([phrase, kind]) => sighs.map((sigh): [string, MarkerKind] => [`${sigh} ${phrase}`, kind]))
const phrases: ReadonlyMap<string, MarkerKind> = new Map([...listed, ...sighed])
/** Words of the longest phrase that begins with a word: most words begin none. */
const longest = new Map<string, number>()
for (const phrase of phrases.keys()) {
  const words = phrase.split(' ')
  longest.set(words[0]!, Math.max(longest.get(words[0]!) ?? 0, words.length))
}

/** The longest marker that begins at this word, or null. */
export function markerAt(words: readonly Word[], at: number): Marker | null {
  const word = words[at]!
  if (word.kind === 'punct') {
    if (word.text === ',' || word.text === '，' || word.text === '、') return { kind: 'comma', length: 1 }
    if (word.text === ':' || word.text === '：') return { kind: 'colon', length: 1 }
    if (word.text === '&' || word.text === '+') return { kind: 'and', length: 1 }
    if (/^[–—-]$/.test(word.text)) return { kind: 'dash', length: 1 }
    return null
  }
  if (word.kind !== 'word' || word.time || (word.inEnum && !word.stop) || (word.capital && word.text !== 'I')) return null
  const outcome = outcomeAt(words, at)
  if (outcome) return outcome
  if (word.word === 'before' && (!words[at + 1] || words[at + 1]!.kind === 'punct')) return { kind: 'beforeThat', length: 1 }
  for (let length = Math.min(longest.get(word.word) ?? 0, words.length - at); length >= 1; length--) {
    const kind = phrases.get(words.slice(at, at + length).map((next) => next.word).join(' '))
    if (kind) return { kind, length }
  }
  return null
}

const said = String.raw`(?:it|that|this|anything|something|they|things|everything|all|both|any of (?:it|this|that|them)|one of them|all of (?:it|this|that|them))`
const failure = new RegExp(`^(?:(?:if|in case|should|when|in the event that) ${said} (?:all |should |ever )?(?:fails?|failed|breaks?|goes? (?:wrong|awry|south|badly)|went (?:wrong|badly)|crash(?:es)?|(?:does|do|did|should) not (?:work|succeed|help)(?: out)?|(?:doesn't|don't|didn't) (?:work|succeed|help)(?: out)?|(?:turns?|works?) out badly|causes? (?:any )?(?:trouble|problems|errors|issues)|(?:is|are) (?:not|unsuccessful)$|(?:isn't|aren't)$)|in (?:the )?(?:case|event) of (?:an? |any )?(?:problems?|errors?|failure|trouble|issues?|difficult(?:y|ies)))(?=$| )`)
const success = new RegExp(`^(?:(?:if|once|when|as soon as|after|provided(?: that)?|should|assuming) ${said} (?:all |has |have |had )?(?:(?:goes?|go|went|gone) (?:well|fine|smoothly|through|okay|as planned|to plan)|works?(?: out)?|worked(?: out)?|succeeds?|succeeded|pass(?:es|ed)?|looks? (?:good|fine|okay|ok)|turns? out (?:well|fine|okay|ok)|(?:is|are|was|were) (?:fine|okay|ok|good|successful|through|out of the way|settled|taken care of)|finish(?:es|ed)?|completed?|completes)(?: (?:well|fine|smoothly|successfully))?(?: without (?:an? |any )?(?:problems?|errors?|trouble|issues?|hitch))?|(?:in case of|on|upon) success)(?=$| )`)

/** "In case that goes wrong", "if it went well": what became of what was said before, with the number of words. */
function outcomeAt(words: readonly Word[], at: number): Marker | null {
  if (!/^(?:if|in|should|once|when|as|after|provided|assuming|on|upon)$/.test(words[at]!.word)) return null
  const end = words.findIndex((word, index) => index > at && (word.kind === 'punct' || index >= at + 12))
  const text = words.slice(at, end < 0 ? Math.min(words.length, at + 12) : end).map((word) => word.word).join(' ')
  const [failed] = failure.exec(text) ?? []
  const [succeeded] = failed ? [] : success.exec(text) ?? []
  return failed ? { kind: 'failing', length: failed.split(' ').length } : succeeded ? { kind: 'afterThat', length: succeeded.split(' ').length } : null
}
