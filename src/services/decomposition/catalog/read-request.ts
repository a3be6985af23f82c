/** From the text of a request to its parts: what is called, forbidden, out of scope or background. */
import { annotate } from './annotate.ts'
import { withoutBackReferences, withoutRepetitions } from './back-references.ts'
import { resumes } from './clause-beginning.ts'
import { sentencesOf } from './clause.ts'
import { inContext } from './context.ts'
import { corrected } from './corrections.ts'
import { withoutDoubtful } from './doubtful-calls.ts'
import { joined } from './joining.ts'
import type { Knowledge } from './knowledge.ts'
import type { MarkerKind } from './markers.ts'
import type { Part } from './part.ts'
import { filledPart, readPart, toldPart } from './read-part.ts'
import { resolveReferences } from './references.ts'
import { withReports } from './reported-speech.ts'
import { withFlags } from './said-flags.ts'
import { createReader, segmentsOf, type Segment } from './segment.ts'
import { withTold } from './told-clauses.ts'
import type { Token } from './token.ts'
import type { Word } from './word.ts'

export type ReadRequest = { readonly words: readonly Word[]; readonly parts: readonly Part[]; readonly unread: string | null }

/** Sentences and clauses of one request that are read; the rest is reported as unread. */
const mostSentences = 120
const mostClauses = 150

/** @param readTo place in the text where the tokens end; what follows is reported as unread */
export function readRequest(tokens: readonly Token[], text: string, knowledge: Knowledge, readTo = text.length): ReadRequest {
  const words = annotate(tokens, knowledge)
  const read = createReader(words, knowledge)
  const sentences = withReports(words, sentencesOf(words), knowledge.english)
  const segments: Segment[] = []
  let unread: string | null = null
  let carried: readonly MarkerKind[] = []
  for (const [number, sentence] of sentences.entries()) {
    if (sentence.rest && !resumes(words, sentence, knowledge.english) || number >= mostSentences || read.exhausted()) {
      unread = text.slice(words[sentence.from]!.start).trim()
      break
    }
    const found = segmentsOf(words, sentence, number, sentence.step ? ['then', ...carried] : carried, knowledge, read)
    // Where the work gave out within the sentence, what was not looked at is unread, too.
    const out = read.exhausted() ? found.segments.findIndex((segment) => segment.ranking.length === 0) : -1
    const kept = found.segments.slice(0, Math.min(out < 0 ? Infinity : out, mostClauses - segments.length))
    segments.push(...kept)
    if (kept.length < found.segments.length) {
      unread = text.slice(words[found.segments[kept.length]!.from]!.start).trim()
      break
    }
    carried = found.left
  }
  const rest = text.slice(readTo).trim()
  if (unread === null && /[\p{L}\p{N}]/u.test(rest)) unread = rest
  // "… No, forget that." at the end withdraws what was said last.
  const last = segments.at(-1)
  if (last && carried.includes('withdraw')) segments[segments.length - 1] = { ...last, trailing: [...last.trailing, 'withdraw'] }
  const clauses = withoutBackReferences(segments.map((segment) => (sentences[segment.sentence]!.reported ? toldPart(segment) : readPart(segment, text, knowledge))))
  const parts = withFlags(withContext(inContext(joined(withTold(clauses, knowledge.english), { words, text, knowledge, read }), text, knowledge), text, knowledge), knowledge)
  return { words, parts: withoutDoubtful(withoutRepetitions(resolveReferences(corrected(parts, text, knowledge), knowledge))), unread }
}

/** Confidence at which each of several statements counts as a request. */
const sure = 0.6

/** If nothing but statements was said, the statement is the request; otherwise its values are there for the others. */
function withContext(parts: readonly Part[], text: string, knowledge: Knowledge): Part[] {
  const asks = parts.some((part) => part.kind === 'call' || part.kind === 'unclear' || part.kind === 'outOfScope')
  if (asks) return [...parts]
  const told = parts.filter((part) => part.kind === 'background' && part.profile)
  const surest = Math.max(...told.map((part) => part.confidence))
  return parts.map((part) => {
    if (part.kind !== 'background' || !part.profile || part.confidence < Math.min(sure, surest)) return part
    return filledPart(part.segment, part.profile, text, knowledge)
  })
}
