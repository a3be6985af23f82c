/** Splits text into tokens; recognises by shape the entities that need no catalog. */
import { stopWords } from './lexicon/function-words.ts'
import { stem } from './stem.ts'
import type { EntityKind, Token } from './token.ts'

const shapes: readonly (readonly [EntityKind | 'word' | 'punct' | 'han' | 'slashed', RegExp])[] = [
  ['url', /(?<![\p{L}\p{N}])[a-z][a-z\d+.-]{1,15}:\/\/[^\s"'<>，。；、]+[^\s"'<>.,;:!?)，。；、]/uy],
  ['email', /[\p{L}\p{N}._%+-]{1,80}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/uy],
  ['ip', /\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?![\p{L}\p{N}]|\.[\p{L}\p{N}])/uy],
  ['name', /(?:[\da-f]{2}[:-]){5}[\da-f]{2}(?![\p{L}\p{N}:-])/iuy],
  ['ip', /(?:(?:[\da-f]{1,4}:){1,7}(?::[\da-f]{1,4}){1,6}|(?:[\da-f]{1,4}:){7}[\da-f]{1,4}|(?:[\da-f]{1,4}:){2,7}:)(?:\/\d{1,3})?(?![\p{L}\p{N}:])/iuy],
  ['date', /\d{4}-\d{2}-\d{2}(?![\p{L}\p{N}-])|\d{1,2}[./]\d{1,2}[./]\d{2,4}(?![\p{L}\p{N}])/uy],
  ['time', /\d{1,2}:\d{2}(?:\s?[ap]\.?m\b\.?)?(?![\p{L}\p{N}])|\d{1,2}\.\d{2}(?=\s?(?:uhr|h\b|[ap]\.?m\b))|\d{1,2}\s?[ap]\.?m\b\.?|\d{1,2}(?:h\d{2}|h(?=\s|$|[,.;]))/iuy],
  ['path', /(?<![\p{L}\p{N}])(?:~|\.{0,2})\/[\w.-]+(?:\/[\w.-]*)*/uy],
  ['name', /v?\d+(?:\.\d+){2,}(?:[-+][\w.]*\w)?(?![\p{L}\p{N}])|v\d+(?:\.\d+)*(?![\p{L}\p{N}.])/iuy],
  ['slashed', /[\p{L}\p{N}_-]{1,200}(?:\/[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])+/uy],
  ['fqdn', /(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?![\w@])/iuy],
  ['measure', /(?<=^|\s)[-−]\d+(?:[.,]\d+)?\s?(?:%|°c?)(?![\p{L}\p{N}])/iuy],
  ['number', /(?<=\p{L}\s)[-−]\d+(?:[.,]\d+)?(?![\d\p{L}_-]|[.:/]\d)/uy],
  ['measure', /[$€£]?\d+(?:[.,]\d+)*\s?(?:%|€|\$|£)|[$€£]\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)?(?:gib|mib|tib|gbit|mbit|kbit|gbps|mbps|kbps|ghz|mhz|rps|gb|tb|mb|kb|ms|kwh|kw|eur|usd|px|kg|km|cm|mm|min|mins|hrs|hr|h|d|w|s|m|g|l|k|c|°c|°|x)(?![\p{L}\p{N}_-])/iuy],
  ['number', /\d{0,9}\s?[½¼¾]|\d{1,9}\s[13]\/[24](?![\d/\p{L}])/uy],
  ['number', /\d{1,3}(?:[,.]\d{3})+(?![\d\p{L}_-])|\d+(?:[.,]\d+)?(?![\d\p{L}_-])/uy],
  ['han', /\p{Script=Han}+/uy],
  ['name', /[#@]?[\p{L}\p{N}]*(?:\p{L}\p{N}|\p{N}\p{L}|_)[\p{L}\p{N}_]*(?:[-.][\p{L}\p{N}_]+)*/uy],
  ['name', /#\p{N}+/uy],
  ['word', /[\p{L}\p{N}]+(?:-[\p{L}\p{N}_]+)+/uy],
  ['word', /(?!\p{Script=Han})\p{L}\p{M}*(?:(?!\p{Script=Han})[\p{L}\p{M}])*(?:['’](?:t|re|ve|ll|d|m)(?![\p{L}])|(?<=\b(?:it|that|there|what|let|he|she|who|where|how|here|when|this|everything|one))['’]s(?![\p{L}]))?/iuy],
  ['word', /['’]s(?![\p{L}])/iuy],
  ['punct', /[^\s]/uy],
]

const fileSuffix = /\.(?:ya?ml|json|jpe?g|png|gif|svg|pdf|docx?|xlsx?|pptx?|csv|tsv|txt|md|log|sh|py|js|ts|sql|zip|tar|gz|tgz|iso|img|conf|cfg|ini|toml|xml|html?|mp[34]|wav|mov|webp|bak|dump|tf|jar|rb|go|php)$/i

/** Words before numbers with points that are no dates. */
const numbered = /(?:^|[^\p{L}])(?:v|versions?|releases?|firmware|builds?|kernel|image|tag|update|patch|revision|php|python|java|postgres(?:ql)?|node|versión|versione|version)\s$/iu

/** What most tokens are: a word of plain letters between spaces or commas, and marks that begin nothing longer. */
const plainWord = /[a-z]+(?=[\s,]|$)/iy
const plainMarks: ReadonlySet<string> = new Set([',', ';', ':', '!', '?', '(', ')', '[', ']'])

/** Chinese has no spaces: what stands beside its characters is a name or number of its own. */
const besideHan = /(?<=\p{Script=Han})(?=[a-z\d#@])|(?<=[a-z\d])(?=\p{Script=Han})/giu

/** Tokens of a text, the first `most` of them. The work is linear in its length. */
export function tokenize(text: string, most = Infinity): Token[] {
  const spaced = text.replaceAll(besideHan, ' ')
  if (spaced.length === text.length) return split(text, most)
  let added = 0
  let at = 0
  const before = (place: number): number => {
    // Spaces were only added, so the first difference is one of them.
    for (; at < place; at++) if (spaced[at] !== text[at - added]) added++
    return place - added
  }
  return split(spaced, most).map((token) => {
    const [start, end] = [before(token.start), before(token.end)]
    const said = text.slice(start, end)
    return { ...token, start, end, text: said, ...(token.entity === 'quoted' && { value: said.slice(1, -1).trim() }) }
  })
}

function split(text: string, most: number): Token[] {
  const tokens: Token[] = []
  let at = 0
  let sentenceStart = true
  while (at < text.length && tokens.length < most) {
    if (/\s/u.test(text[at]!)) {
      if (text[at] === '\n') {
        tokens.push(makeToken('\n', at, 'punct', null, false))
        sentenceStart = true
      }
      at++
      continue
    }
    const found: Token = nextShape(text, at)
    // "Hall B": a single capital is a name, unless all is shouted.
    const letter: boolean = found.kind === 'word' && !sentenceStart && /^[A-HJ-Z]$/.test(found.text) && !/^\p{Lu}+$/u.test(tokens.at(-1)?.text ?? '')
    const token: Token = letter ? { ...found, kind: 'entity', entity: 'name' } : found
    tokens.push({ ...token, capital: token.capital && !sentenceStart })
    sentenceStart = /^[.!?:]$/.test(token.text) || (sentenceStart && /^["'(*-]$/.test(token.text))
    at = token.end
  }
  return tokens
}

function nextShape(text: string, at: number): Token {
  if (plainMarks.has(text[at]!)) return makeToken(text[at]!, at, 'punct', null, false)
  plainWord.lastIndex = at
  const plain = plainWord.exec(text)
  if (plain) return makeToken(plain[0], at, 'word', null, /^[A-Z]/.test(plain[0]))
  const quote = quotation(text, at)
  if (quote) return quote
  for (const [shape, pattern] of shapes) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (!match || !match[0]) continue
    const found = match[0]
    // "Firmware 6.5.55" is no day
    if (shape === 'date' && found.includes('.') && numbered.test(text.slice(Math.max(0, at - 20), at))) continue
    if (shape === 'punct') return makeToken(found, at, 'punct', null, false)
    if (shape === 'slashed') {
      // "8 mbit/s", "km/h": a unit
      const unit = /^([kmg]?(?:bits?|b)|km|m|req|requests)\/(?:s|h|sec|min)$/i.exec(found)
      if (unit) return { ...makeToken(found, at, 'word', null, false), word: unit[1]!.toLowerCase() }
      // "feature/cart", "ge-0/0/1" and "1/0/24" are names, "and/or" and "24/7" are none
      const parts = found.toLowerCase().split('/')
      const numbered = /\d/.test(parts[0]!) && (/[a-z]/.test(parts[0]!) || parts.length > 2 && parts.every((part) => part.length <= 2))
      // "a-1/b-2": names side by side
      if (parts.every((part) => part.length > 2 && /\d/.test(part) && /[a-z]/.test(part))) continue
      if (parts.some((part) => stopWords.has(part) || !numbered && /^\d+$/.test(part))) continue
      return makeToken(found, at, 'entity', 'name', /^\p{Lu}/u.test(found))
    }
    if (shape === 'word' || shape === 'han') return makeToken(found, at, 'word', null, /^\p{Lu}/u.test(found))
    if (shape === 'fqdn') {
      if (/^[\d.]+$/.test(found)) continue
      if (fileSuffix.test(found)) return makeToken(found, at, 'entity', 'file', false)
      // "config.Then": a full stop without a space after it, not a domain
      const [head, tail] = [found.split('.')[0]!, found.split('.').at(-1)!]
      if (found.split('.').length === 2 && /^[a-z]{2,}$/i.test(head) && /^[A-Z][a-z]+$/.test(tail)) continue
      if (!/[a-z]/i.test(tail) || tail.length < 2) return makeToken(found, at, 'entity', 'name', false)
      return makeToken(found, at, 'entity', 'fqdn', false)
    }
    // 14C is a bed, 14d are days
    if (shape === 'measure' && /^\d+[A-Z]$/.test(found)) return makeToken(found, at, 'entity', 'name', false)
    return makeToken(found, at, 'entity', shape, /^\p{Lu}/u.test(found))
  }
  return makeToken(text[at]!, at, 'punct', null, false)
}

/** A closed quotation on one line; apostrophes inside words do not open one. */
function quotation(text: string, at: number): Token | null {
  const closing: Readonly<Record<string, string>> = { '"': '"', '“': '”', '„': '“', '«': '»', '「': '」', '`': '`', "'": "'", '‘': '’' }
  const close = closing[text[at]!]
  if (!close) return null
  if ((close === "'" || close === '’') && at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1]!)) return null
  const end = text.slice(at + 1, at + 2000).search(close === '”' || close === '“' ? /[”“"]/ : close === '’' ? /[’'](?![\p{L}])/u : close === "'" ? /'(?![\p{L}])/u : new RegExp(close))
  if (end < 1) return null
  const inner = text.slice(at + 1, at + 1 + end)
  if (inner.includes('\n') && close !== '"') return null
  const whole = text.slice(at, at + end + 2)
  return { ...makeToken(whole, at, 'entity', 'quoted', false), value: inner.trim() }
}

export function makeToken(text: string, start: number, kind: Token['kind'], entity: EntityKind | null, capital: boolean): Token {
  const word = text.toLowerCase().replaceAll('’', "'")
  return {
    text, start, end: start + text.length, word, stem: stem(word), kind, entity, capital,
    value: entity === 'number' || entity === 'measure' ? parseNumber(text) : null,
    unit: entity === 'measure' ? text.replace(/^[-−]|[\d.,\s]/g, '').toLowerCase() : null,
  }
}

const fractions: Readonly<Record<string, number>> = { '½': 0.5, '¼': 0.25, '¾': 0.75, '1/2': 0.5, '1/4': 0.25, '3/4': 0.75 }

/** "1,500" and "1.500" are thousands, "1.5" and "1,5" are not. */
export function parseNumber(text: string): number {
  const fraction = /^(\d*)\s?([½¼¾]|[13]\/[24])$/.exec(text)
  if (fraction) return Number(fraction[1]) + (fractions[fraction[2]!] ?? 0)
  const digits = text.replace(/[^\d.,]/g, '')
  const sign = /^[-−]/.test(text) ? -1 : 1
  if (/^\d{1,3}([.,]\d{3})+$/.test(digits)) return sign * Number(digits.replace(/[.,]/g, ''))
  return sign * Number(digits.replace(',', '.'))
}
