/** What a clause is there for: to ask for something, to forbid it, or to tell a background. */
import type { EnglishWords } from './english-words.ts'
import { isImperative } from './clause-beginning.ts'
import { determiners, modals, politeness, prepositions, questionWords } from './lexicon/function-words.ts'
import { negationOf, type Profile } from './profile.ts'
import type { Word } from './word.ts'

/** What is said; what is quoted is said by somebody else. */
const text = (words: readonly Word[]): string => words.map((word) => (word.kind === 'punct' ? word.text : word.entity === 'quoted' ? '""' : word.word)).join(' ')

const wanted = /\b(?:please|kindly|need|needs|needed|want|wants|wanted|should|must|shall|has to|have to|had to|can you|could you|would you|will you|can we|could we|can i|could i|may i|would like|'d like|would love|'d love|like to|let's|let us|make sure|ensure|is to be|are to be|ought|see to|time to|time for|better|would be (?:good|great|nice|helpful)|would appreciate|would be grateful|appreciate|require|requires|required|due for|overdue|ready to be|hope|wish|looking for|help me|help us|necessary|supposed to|expected to|we request|i request|asking you|asking for your|(?:i'm|i am|we're|we are) asking for|(?:i|we) ask for|care of|is enough|will do|suffices|i'd|we'd|any chance|how about|what about|be so kind|do me a favour|do me a favor|ask you|asked to|give me|get me|hand me|tell me|show me|let me know|it is time|wants to|wish to)\b/

/** "… and am still new here": the end of a statement, "what I ask for is this": the beginning of a list, "neither has to wait": how it is done. */
const dangling = /^(?:am|was|were|have been|had)\b|^what (?:i|we) (?:\w+ ){1,4}(?:is|are) (?:this|these|the following)$|\b(?:neither|none|nothing) (?:of them )?(?:has|have|needs?) to wait\b/

/** True where a word says that something is wanted. */
export const wishes = (words: readonly Word[]): boolean => wanted.test(text(words))

/** True where somebody asks for something; plain statements are background. */
export function isRequest(words: readonly Word[], question: boolean, english: EnglishWords): boolean {
  const body = words.filter((word) => word.kind !== 'punct' && !politeness.has(word.word))
  if (!body.length) return false
  if (dangling.test(text(body))) return false
  if (question || wishes(words)) return true
  const first = body[0]!
  if (questionWords.has(first.word) || (modals.has(first.word) && body.length > 1 && !body[1]!.inEnum && first.word !== 'will')) return true
  if (isImperative(body, english)) return true
  return !hasFiniteVerb(body, english)
}

const permission = /\b(?:can|may|might|could) (?:now |then |also |finally |safely )?(?!also|now|then|not|only|have|still)[a-z]+\b|\b(?:gets|goes|moves|becomes|receives|is to|are to) /

/** "X can be turned off", "she gets access": said of somebody or something else, meant as a wish. */
export const isPermission = (words: readonly Word[]): boolean => permission.test(text(words))

const past = /\b(?:was|were|had|did|didn't|wasn't|weren't|hadn't|(?:has|have|'ve|'s|hasn't|haven't) (?:\w+ )?(?:been|had|got)|yesterday|last night|ago|lately|recently|already|so far|until now|the other day)\b/

/** True where the words tell what has happened; what is, may be or will be can be a wish. */
export function isPast(words: readonly Word[], english: EnglishWords): boolean {
  if (past.test(text(words))) return true
  return words.some((word, at) => {
    const before = words[at - 1]
    // "Rosa phoned": a past form after its subject, no participle after be or have
    return at > 0 && word.kind === 'word' && /^e/.test(english.tags(word.word)) && !word.inEnum && before!.kind !== 'punct' && !participial.has(before!.word) && !before!.light && !determiners.has(before!.word) && !prepositions.has(before!.word)
  })
}

const participial: ReadonlySet<string> = new Set(['be', 'been', 'is', 'are', 'being', 'get', 'gets', 'have', 'has', 'and', 'or', 'as', 'not', 'to'])

const finite: ReadonlySet<string> = new Set(['am', "don't", "wouldn't", "weren't", 'is', 'are', 'was', 'were', 'has', 'had', 'have', "isn't", "aren't", "wasn't", "doesn't", "didn't", "hasn't", "haven't", "hadn't", "won't", "can't", "couldn't", 'cannot', 'did', 'does', 'do', 'will', 'would', 'can', 'could', "it's", "that's", "there's", "he's", "she's", "we're", "they're", "i'm", "i've", "we've", "they've", 'may', 'might'])
const pronounSubjects: ReadonlySet<string> = new Set(['i', 'we', 'you', 'he', 'she', 'it', 'they', 'this', 'that', 'these', 'those', 'there', 'somebody', 'someone', 'everybody', 'everyone', 'nobody', 'people', 'who'])

/** A subject followed by a verb in the indicative. */
function hasFiniteVerb(body: readonly Word[], english: EnglishWords): boolean {
  return body.some((word, at) => {
    if (at === 0 || word.kind !== 'word' || word.inEnum) return at === 0 && /(?:'s|'re|'m|'ve)$/.test(word.word) && word.word.length <= 7
    if (finite.has(word.word)) return true
    const before = body[at - 1]!
    // "Users see errors": several who do something
    if (at === 1 && english.canBeVerb(word.word) && /^n/.test(english.tags(before.word)) && before.word.endsWith('s') && !before.actions.length && body.length > 2) return true
    // "The auditors arrive"
    if (at === 2 && determiners.has(body[0]!.word) && english.isMainlyVerb(word.word) && /^n/.test(english.tags(before.word)) && before.word.endsWith('s') && !before.actions.length) return true
    if (determiners.has(before.word) && before.word !== 'this' && before.word !== 'that' && before.word !== 'all') return false
    if (prepositions.has(before.word) || before.entity === 'number' || before.entity === 'measure') return false
    const tags = english.tags(word.word)
    // "leaks", "stopped": a third person or past form after its subject
    if (tags.startsWith('z') || (tags.includes('z') && !determiners.has(before.word) && (before.name || before.inEnum || before.kind === 'entity'))) return true
    if (tags.startsWith('e') && !before.light && !finite.has(before.word) && at <= 6 && (word.word !== 'called' || at === body.length - 1) && word.word !== 'named' && word.word !== 'labelled' && word.word !== 'titled' && word.word !== 'based') return pronounSubjects.has(before.word) || before.name || before.inEnum || before.kind === 'entity' || english.tags(before.word).startsWith('n')
    return pronounSubjects.has(before.word) && (english.canBeVerb(word.word) || tags.includes('z') && /^(?:he|she|it|who|somebody|someone|nobody|everybody|everyone)$/.test(before.word))
  })
}

const courtesy = /^(?:and |so |well |ok |okay )*(?:(?:morning|afternoon|evening|day)(?: all| everyone| everybody| team| folks| there| guys| both| you)*$|forgive me|excuse me|pardon me|bear with me|please (?:forgive|excuse|bear with)|dear|hello|hi|hey|good (?:morning|afternoon|evening|day|night|weekend)|greetings|thanks|thank you|many thanks|much appreciated|best|kind(?:est)? regards|warm regards|regards|cheers|bye|goodbye|see you|sincerely|yours|have an? (?:nice|good|great|lovely|wonderful|pleasant|excellent|fine|safe|happy|relaxing|splendid)|enjoy|welcome|happy|hope|sorry (?:for|to|about)|by the way|quick (?:background|note|question|one)|background|some background|context|to do|todo|fyi|for your information|just so you know|ps|p s|take care|talk (?:to you )?soon|merry|congratulations|nice to|how are you|what's up|just a heads up|heads up|looking forward|that is all|that's all|that would be all|that's it|that is it|nothing else|no rush|no hurry|whenever you (?:can|have)|when you have (?:a )?(?:minute|moment|time)|if you (?:can|could|have (?:a )?(?:minute|moment|time))|not urgent|love|xoxo|over and out)\b/
const announcing = /\b(?:the following|following (?:things|tasks|items|points|jobs|steps)|(?:two|three|four|five|six|some|several|a few|few|couple of|these|many|more|other) (?:things|tasks|items|points|jobs|requests|favou?rs|steps|wishes|chores|errands|matters|small things|quick things|tasks? today)|my (?:list|wishes|requests?)|here is what|here's what|what (?:i|we) need|this is what|a list of|the list)\b/

/** What is said beside a request: "let me know", "do me a favour", "it's urgent". */
const beside = /^(?:(?:and|so|please|then|just|but|would you|could you|can you) )*(?:let (?:me|us) know(?: (?:when|once|how|if|as soon as)\b.*)?|go (?:right )?ahead|do (?:me|us) (?:a|the) (?:favou?r|kindness)|be (?:so )?(?:kind|good|nice|quick|careful)(?: enough)?|be (?:a|an) (?:dear|darling|angel|star|sport|good \w+)|keep (?:me|us) (?:posted|updated|informed|in the loop)|get back to (?:me|us)|report back(?: to (?:me|us))?|tell (?:me|us) (?:when|once) (?:it is|it's|that is|that's|you are|you're|all is) (?:done|finished|ready|through)|feel free|don't hesitate|take your time|(?:it is|it's|this is|that is|that's|its) (?:very |really |quite |extremely |pretty |rather )?(?:urgent|important|critical|pressing|an emergency)|(?:that|it|this) (?:would|will) (?:be|help|make)(?: \w+){1,4}|in (?:exactly )?(?:this|that|the given|the same) (?:order|sequence))(?: please| thanks| thank you)?$/

const manner = /^(?:(?:so|and|please|you can|you may|just|then) )*(?:run|do|start|handle|execute|process|treat|carry out|take|tackle|work on) (?:them|these|both|all|it all|those|all of (?:it|them|this)|the (?:two|three|following)|everything)(?: two| three| both| all| of them| out| on)*$/

/** Greetings, thanks and announcements of what is to come: nothing is asked in them. */
export function isCourtesy(words: readonly Word[]): boolean {
  const body = words.filter((word) => word.kind !== 'punct')
  if (body.some((word) => word.enums.length > 0 && !word.stop && word.kind === 'entity') || body.some((word) => word.kind === 'entity')) return false
  const said = text(body)
  // "Hi all, cancel order R-7": what stands behind the greeting is asked for.
  const comma = words.findIndex((word) => word.text === ',')
  const behind = comma < 0 ? [] : words.slice(comma + 1).filter((word) => word.kind !== 'punct' && !politeness.has(word.word))
  if (behind.length > 1 && behind[0]!.kind === 'word' && !behind[0]!.capital && (behind[0]!.actions.length > 0 || behind[0]!.light) || behind.length > 2 && modals.has(behind[0]!.word)) return false
  // "Two things: restart redis": what stands behind the colon is asked for.
  const colon = words.findIndex((word) => word.text === ':')
  if (colon >= 0 && words.slice(colon + 1).some((word) => word.kind === 'word')) return false
  return (courtesy.test(said) && body.length <= 9) || beside.test(said) && !body.some((word) => word.inEnum && !word.stop) || manner.test(said) || (announcing.test(said) && body.length <= 14 && !body.some((word) => word.name))
}

const vague = /\b(?:(?:do|doing|done) (?:something|anything)|something (?:has|needs|ought|should|must|is) (?:to )?(?:be )?(?:done|happen)|something (?:about|with|for|is (?:off|wrong|up))|act on|deal with|dealt with|take care of|taken care of|look after|sort out(?! an? )|(?:get|have) \S+(?: \S+)? sorted|attend to|handle|process|see to(?! it that)|do your thing|the usual|the (?:\w+ ){1,3}thing|the thing with|(?:has|have|needs?|ought|must|should|is|are) (?:to )?be (?:looked (?:at|after|into)|attended to|dealt with|sorted out)$|whatever is needed|you know what to do|(?:needs?|wants?|requires?|could do with|deserves?) (?:(?:some|a bit of|a little|a|your|our|urgent|more|attention|to be) )*(?:attention|care|love|help|looking (?:at|after|into)|seeing to|taking care of|sorting(?: out)?))\b/
/** "Do the maintenance thing": the noun is no verb. */
const wholly = /\b(?:the (?:\w+ ){1,3}thing|the thing with|you know what to do)\b|^(?:(?:please|could you|can you|and|then) )*(?:handle|deal with|take care of) (?:the|this|that|our|my) (?:\w+ )?(?:of|for|on|in)\b/
/** "Do the handover of x" may be what a capability does. */
const doing = /^(?:(?:please|could you|can you|and|then) )*do (?:the|this|that|our|my) (?:\w+ )?(?:of|for|on|in)\b/

/** True where somebody wants something done but does not say what; `action` is how well a verb fits all the same. */
export function isVague(words: readonly Word[], action: number): boolean {
  const said = text(words.filter((word) => word.kind !== 'punct'))
  return wholly.test(said) || doing.test(said) && action < 0.5 || vague.test(said) && (action < 0.9 || saysNothingElse(words, said))
}

/** "Take care of web-7": beside the vague words there are names alone. */
function saysNothingElse(words: readonly Word[], said: string): boolean {
  const phrase = new Set(vague.exec(said)?.[0].split(' '))
  return words.every((word) => word.kind !== 'word' || word.stop || word.name || word.capital || /[\d_-]/.test(word.text) || phrase.has(word.word))
}

const topics: ReadonlySet<string> = new Set(['about', 'regarding', 'concerning', 're'])

/** "About order 5:", "My list:": words that only say what is spoken of. */
export function isTopic(words: readonly Word[], next: Word | undefined): boolean {
  const body = words.filter((word) => word.kind !== 'punct')
  if (/^(?:as for|as regards|as to|with regard to|with respect to|in regard to|when it comes to|on the subject of|speaking of|coming to) /.test(text(body)) && body.length <= 9 && !words.slice(0, -1).some((word) => word.kind === 'punct')) return true
  if (next?.text === ',' && body[0]?.word === 'with' && body.length <= 3) return true
  return topics.has(body[0]?.word ?? '') && body.length <= 6 || next?.text === ':' && body.length <= 6 && prepositions.has(body[0]?.word ?? '') || (next?.text === ':' && body.length <= 5 && /^(?:list|things|morning|today|tasks?|plan|items?|points?|jobs?|wishes)$/.test(body.at(-1)?.word ?? ''))
}

const forbidding = new RegExp([
  // Verb-final and enclosing negations of other languages are translated to this word.
  String.raw`\bnonot\b`,
  String.raw`^(?:and |but |please |so |then |also |just )*(?:do not|don't|dont|never|not|neither|nor|no)\b`,
  String.raw`\b(?:should|must|shall|may|need|needs|ought|can|will|would|could|want|wants|do|does|did|is|are) (?:(?:definitely|really|certainly|absolutely|under any circumstances) )?not\b`,
  String.raw`\b(?:shouldn't|mustn't|needn't|don't|doesn't|isn't|aren't|won't|can't|shan't|wouldn't)\b`,
  // "Add no disks to it"
  String.raw`^(?:and |but |please |then )*[a-z]+ no (?!longer|more|later|less|fewer|matter|one\b|doubt)[a-z]+`,
  String.raw`^(?:and |but |please )*no (?:\w+ ){1,3}?(?:is |are )?(?:required|needed|necessary|wanted|this time|today|please)$`,
  String.raw`\bno (?:need|reason|point|changes?|action|touching|longer needed|necessity)\b`,
  String.raw`\b(?:leave|keep|leaving|keeping)\b.*\b(?:untouched|alone|as (?:it|they) (?:is|are)|as is|unchanged|be|out of (?:it|this)|in peace|intact|running|in place|off|open|closed|where it is|where they are|out|the way it is|the way they are|for now|like that|like this|as before|on|for later)$`,
  String.raw`^(?:leave|keep) (?:the |your |our |my )?(?:hands|fingers) off\b`,
  String.raw`\b(?:has to|have to|must|should|shall|is to|are to|needs to|need to|ought to|can|may|will|please) (?:\w+ )?(?:stay|remain)\b`,
  String.raw`^(?:and |but |please )*(?:by no means|under no circumstances|on no account|in no case|in no way|at no (?:point|time))\b`,
  String.raw`^(?:and |but |please )*(?:nobody|no one|none of you) (?:should|must|may|shall|ought|is (?:to|allowed)|needs? to|has to)\b`,
  String.raw`\b(?:needs?|requires?) no\b`,
  // "Share it with nobody"
  String.raw`^(?:and |but |please |then )*[a-z]+ (?:\S+ ){0,4}?(?:with|to|for|by|from) (?:nobody|no one|no-one|none of them)(?: else)?$`,
  String.raw`\b(?:i am|i'm|we are|we're) not (?:asking|saying|requesting|telling|suggesting)\b`,
  String.raw`\b(?:would be|is|it's|were) (?:wrong|a mistake|unwise|a bad idea|pointless|too early|premature|too risky) to\b`,
  String.raw`\bnot (?:to )?be (?:\w+ly )?[a-z]+(?:ed|en|wn|pt|ut|nt|ld|ft)\b`,
  String.raw`^(?:and |but |please |then |also |just |so )*(?:skip|avoid|hands off|stay away from|stay clear of|refrain from|hold off|spare|forget|drop|omit|ignore|leave out|leave off|no touching)\b`,
  String.raw`\b(?:nothing|none) (?:needs|has|should|must|is)\b|\b(?:unnecessary|not necessary|not needed|not required|not wanted|unwanted|off limits|off-limits|can wait|is not urgent|stays? (?:as (?:it|they) (?:is|are)|untouched|unchanged|where|the same|in place|put)|remains? (?:as|untouched|unchanged|where|the same|in place))\b`,
].join('|'))

const dropping = /(?:skip|drop|omit|ignore|forget|spare|leave out|leave off)$/

const asking = /\b(?:(?:not|never|shouldn't|mustn't|can't|cannot|must not|may not|should not) (?:\w+ ){0,4}more than|don't forget|do not forget|never forget|don't hesitate|do not hesitate|not only|why don't|why not|can't you|couldn't you|won't you|no later|not later|not before|not until|no sooner|if not|whether or not|no longer|any ?more|must not be able|should not be able|not be able|cannot be|not be possible|not be allowed|no time|not sure|don't know|do not know|can't find|cannot find|can't log|don't have(?! to\b)|do not have(?! to\b)|doesn't work|does not work|don't worry|not working|isn't working|not responding|not answering|i can't|we can't|i cannot|we cannot|hasn't|haven't|don't see|do not see|didn't get|did not get|couldn't)\b/

/** True where the words forbid what they name. A capability whose own examples say it that way is not forbidden by it. */
export function isForbidden(words: readonly Word[], best: Profile | null, action: number): boolean {
  const said = text(words.filter((word) => word.kind !== 'punct'))
  const found = forbidding.exec(said)?.[0]
  if (found === undefined || asking.test(said)) return false
  if (!best) return true
  // "Drop the visit": a word of leaving out is a command where that is what a capability does.
  if (action >= 0.9 && dropping.test(found)) return false
  // "Keep her out": the verb with its particle is what the capability does.
  if (action >= 0.9 && /^(?:keep|leave)\b/.test(found) && words.some((word) => word.opensPhrase && word.actions.length > 0 && found.startsWith(word.word))) return false
  // "No alarms for an hour": a negation that is the capability's own verb; "drop it to 5": what is brought to a number.
  if (action >= 0.5 && words.some((word) => word.opensPhrase && word.actions.length > 0 && /^(?:no|not|don't|stop)$/.test(word.word))) return false
  if (dropping.test(found) && words.some(({ word }, at) => (word === 'to' || word === 'by') && /^(?:number|measure)$/.test(words[at + 1]?.entity ?? ''))) return false
  const negated = negationOf(words)
  return negated === null || !best.negations.has(negated)
}
