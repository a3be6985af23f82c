/** What somebody else said or wrote, and who did: "the guest left a note: …". It is told, not asked for. */
import { isCommand } from './clause-beginning.ts'
import type { Sentence } from './clause.ts'
import { isPast, isPermission, wishes } from './clause-role.ts'
import type { EnglishWords } from './english-words.ts'
import { determiners, politeness } from './lexicon/function-words.ts'
import type { Word } from './word.ts'

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

const saying = set('wrote write said say says writes asked asks told tells telling reads read states stated claims claimed answered answers replied replies posted mailed texted shouted quotes noted notes commented remarked typed scribbled demands demanded mentions mentioned goes writing contains contained shows showed displays displayed prints printed holds held ends ended begins began puts')
/** Verbs that are followed by nothing but what is said. */
const quoting = set('wrote write said say says writes told tells reads states stated claimed answered answers replied replies posted texted shouted quotes noted commented remarked typed scribbled contains contained')
/** Verbs behind which a text asks for something without a mark. */
const indirectly = set('says said saying tells told telling asks asked asking reads reading wants demands demanding instructs instructing orders ordering')
/** Verbs by which a text gets from one to another. */
const passing = set('left leave leaves sent send sends forwarded forwards pasted pastes handed gave given dropped slipped posted added adds attached attaches typed shared mailed put puts stuck taped pinned submitted entered scribbled wrote received got get found hung appended included passed')
const texts = set('note notes message comment card letter remark ticket mail email e-mail entry sticker slip review feedback postcard line voicemail sms fax memo words sentence post annotation')
const pointing = set('this following')
/** What heads a text of others together with whom it is from. */
const headed = set('note comment remark message mail email e-mail letter review feedback quote quotation excerpt extract snippet entry line transcript fax sms voicemail memo text')
const copied = set('forwarded original pasted quoted copied attached redirected transferred')
/** Words that continue what was asked for: "a banner, which reads …". */
const continuing = set('which that it who whose')
const naming = set('called named')

/** Sentences in which what others said stands apart, without the words that were said. */
export function withReports(words: readonly Word[], sentences: readonly Sentence[], english: EnglishWords): Sentence[] {
  const result: Sentence[] = []
  let silent = 0
  for (const sentence of sentences) {
    let { from } = sentence
    if (from < silent) from = Math.min(silent, sentence.to)
    let begin = from
    for (let at = from; at < sentence.to; at++) {
      const word = words[at]!
      if (/^[,，、;(（–—-]$/.test(word.text) || word.word === 'and' || word.word === 'but') begin = at + 1
      const quoted = word.entity === 'quoted'
      const open = /^[:：]$/.test(word.text) && words[at + 1]?.entity !== 'quoted' && at > begin
      const indirect = indirectly.has(word.word) && at > begin && asksIndirectly(words.slice(begin, sentence.to), at - begin, english)
      if (!quoted && !open && !indirect) continue
      const reporter = words.slice(begin, at)
      const reported = indirect || (quoted ? isReport(reporter, begin > from, english) : isHeading(reporter) || announces(reporter, english))
      if (!reported) {
        if (open) begin = at + 1
        continue
      }
      if (speaks(words, from, begin)) result.push({ ...sentence, from, to: begin })
      result.push({ ...sentence, from: begin, to: at, reported: true })
      from = quoted ? at + 1 : indirect ? sentence.to : endOfReport(words, begin, at)
      silent = Math.max(silent, from)
      at = from - 1
      begin = from
    }
    if (from < sentence.to && speaks(words, from, sentence.to)) result.push(from === sentence.from ? sentence : { ...sentence, from })
  }
  return result
}

const speaks = (words: readonly Word[], from: number, to: number): boolean => words.slice(from, to).some((word) => word.kind !== 'punct')

/** A statement, or a heading, in front of a quotation. */
function isReport(reporter: readonly Word[], continues: boolean, english: EnglishWords): boolean {
  const body = bodyOf(reporter)
  if (!body.length || continues && continuing.has(body[0]!.word) || naming.has(body.at(-1)!.word)) return false
  if (isHeading(reporter)) return true
  return isStatement(reporter, english) && (body.slice(1).some((word) => saying.has(word.word)) || isPast(reporter, english))
}

/** A statement after which a colon opens what was said: "the log says:", "a guest left this note:". */
function announces(reporter: readonly Word[], english: EnglishWords): boolean {
  const body = bodyOf(reporter)
  const own = /^(?:i|we|you)$/.test(body[0]?.word ?? '')
  if (!isStatement(reporter, english)) return false
  const last = body.findLastIndex((word, at) => at > 0 && quoting.has(word.word) && !word.inEnum)
  if (!own && last > 0 && body.slice(last + 1).every((word) => word.stop)) return true
  const exists = body.findIndex((word, at) => word.word === 'there' && /^(?:is|was|are|were|'s)$/.test(body[at + 1]?.word ?? ''))
  const passed = exists >= 0 ? exists : body.findIndex((word, at) => at > 0 && passing.has(word.word))
  if (passed < 0) return false
  const object = body.slice(passed + 1)
  return object.some(({ word }, at) => texts.has(word) && (object[at + 1]?.stop ?? true)) || !own && pointing.has(object.at(-1)?.word ?? '')
}

/** "A note says please cancel it", "a mail telling us to cancel it": a text that asks for something; one that tells something is left to speak. */
function asksIndirectly(words: readonly Word[], at: number, english: EnglishWords): boolean {
  const reporter = words.slice(0, at)
  if (!reporter.some(({ word }) => texts.has(word)) || !isStatement(reporter, english)) return false
  const rest = words.slice(at + 1).filter((word) => word.kind !== 'punct' && word.word !== 'that')
  const [first, second, third] = rest
  const led = (word: Word | undefined, next: Word | undefined): boolean => word?.word === 'to' && next !== undefined && english.canBeVerb(next.word)
  return first !== undefined && (/^(?:please|kindly)$/.test(first.word) || led(first, second) || /^(?:us|me|you|everyone|staff)$/.test(first.word) && led(second, third) || /^(?:we|you|i|somebody|someone)$/.test(first.word) && wishes(rest.slice(0, 3)) || isCommand(rest, english))
}

/** "Comment of the guest on the form", "forwarded message". */
function isHeading(reporter: readonly Word[]): boolean {
  const body = bodyOf(reporter).filter((word, at) => at > 0 || !determiners.has(word.word))
  const [first, second, third] = body
  if (!first || !second) return false
  if (copied.has(first.word) && headed.has(second.word) && body.length <= 4) return true
  return headed.has(first.word) && (second.word === 'from' || second.word === 'by' || second.word === 'of' && third !== undefined && determiners.has(third.word)) && body.length <= 10
}

function isStatement(reporter: readonly Word[], english: EnglishWords): boolean {
  const body = bodyOf(reporter)
  // "One entry goes: …" allows nothing, as "the guest goes to room 1" may.
  const telling = saying.has(body.at(-1)?.word ?? '') && body.at(-1)!.word.endsWith('s')
  return !isCommand(reporter, english) && !wishes(reporter) && !isPermission(telling ? body.slice(0, -1) : reporter)
}

const bodyOf = (words: readonly Word[]): Word[] => words.filter((word) => word.kind !== 'punct' && !politeness.has(word.word))

/** What is said without quotation marks ends with its bracket or line; where the line ends at once, with the text. */
function endOfReport(words: readonly Word[], begin: number, colon: number): number {
  const closing = words[begin - 1]?.text === '(' ? words.findIndex((word, at) => at > colon && word.text === ')') : -1
  if (closing > 0) return closing + 1
  if (words[colon + 1]?.text === '\n') return words.length
  const line = words.findIndex((word, at) => at > colon && word.text === '\n')
  return line < 0 ? words.length : line
}
