/** Reads German, Spanish, French and Chinese requests as English words at the places of the original ones. */
import { chinese } from './languages/chinese.ts'
import { french } from './languages/french.ts'
import { german } from './languages/german.ts'
import { spanish } from './languages/spanish.ts'
import { stem } from './stem.ts'
import type { Token } from './token.ts'
import { makeToken, tokenize } from './tokenize.ts'

export const languages = ['en', 'de', 'es', 'fr', 'zh'] as const
export type Language = (typeof languages)[number]

export type Translator = {
  /** The language with the most words; English unless another one is clearly meant. */
  detect(tokens: readonly Token[]): Language
  translate(tokens: readonly Token[], language: Language): Token[]
}

type Dictionary = { readonly phrases: ReadonlyMap<string, readonly string[]>; readonly bare: ReadonlyMap<string, readonly string[]>; readonly particles: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> }

const longestPhrase = 6
const bareOf = (word: string): string => (/^[ -~]*$/.test(word) ? word : word.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss'))
/** Dictionaries are of plain words for the most part, which need no tokens. */
const keyOf = (text: string): string => (/^[\p{Ll} ]+$/u.test(text) ? text.trim() : tokenize(text).filter((token) => token.kind !== 'punct').map((token) => token.word).join(' '))

function buildDictionary(table: string): Dictionary {
  const phrases = new Map<string, readonly string[]>()
  const particles = new Map<string, Map<string, readonly string[]>>()
  for (const entry of table.split(/[;\n]/)) {
    const [source, target] = entry.split('=')
    if (!source?.trim() || target === undefined) continue
    const words = target.trim().split(' ').filter(Boolean)
    const [verb, particle] = source.trim().split('+')
    if (particle) {
      const known = particles.get(verb!) ?? new Map<string, readonly string[]>()
      particles.set(verb!, known.set(particle, words))
      if (!phrases.has(particle + verb!)) phrases.set(particle + verb!, words)
    } else if (!phrases.has(keyOf(source))) phrases.set(keyOf(source), words)
  }
  return { phrases, particles, bare: new Map([...phrases].map(([key, words]) => [bareOf(key), words])) }
}

/** @param isEnglish words that are English or of the catalog, whatever else they may be */
export function createTranslator(isEnglish: (word: string) => boolean, catalogWords: ReadonlySet<string>): Translator {
  const dictionaries = { de: buildDictionary(german), es: buildDictionary(spanish), fr: buildDictionary(french) }
  const han = buildHan(chinese)
  const byPrefix = Map.groupBy([...catalogWords].filter((word) => word.length >= 5), (word) => word.slice(0, 4))

  function lookUp(word: string, language: 'de' | 'es' | 'fr'): readonly string[] | null {
    const { phrases, bare } = dictionaries[language]
    for (const form of forms(word, language)) {
      const found = phrases.get(form) ?? bare.get(bareOf(form))
      if (found) return found
    }
    return null
  }

  /** "certificado" → "certificate": a word of the catalog with the same beginning. */
  function cognate(word: string): string | null {
    const plain = bareOf(word)
    let best: string | null = null
    let longest = 0
    for (const candidate of byPrefix.get(plain.slice(0, 4)) ?? []) {
      let same = 0
      while (same < plain.length && plain[same] === candidate[same]) same++
      if (same >= 5 && same >= 0.6 * Math.max(plain.length, candidate.length) && same > longest) [best, longest] = [candidate, same]
    }
    return best
  }

  function compound(word: string): readonly string[] | null {
    if (word.includes('-')) {
      const parts = word.split('-').map((part) => lookUp(part, 'de') ?? (isEnglish(part) || catalogWords.has(part) ? [part] : null))
      return parts.every((part) => part !== null) ? parts.flat() : null
    }
    if (word.length < 9) return null
    for (let cut = 4; cut <= word.length - 4; cut++) {
      const head = lookUp(word.slice(0, cut), 'de') ?? lookUp(word.slice(0, cut).replace(/(?:s|en|n)$/, ''), 'de')
      const tail = head && lookUp(word.slice(cut), 'de')
      if (head && tail) return [...head, ...tail]
    }
    return null
  }

  return {
    detect(tokens) {
      const words = tokens.filter((token) => token.kind === 'word')
      if (words.some((token) => /\p{Script=Han}/u.test(token.text))) return 'zh'
      const english = words.filter((token) => isEnglish(token.word) && !(token.capital && token.word.length > 4)).length
      let best: Language = 'en'
      let most = english
      for (const language of ['de', 'es', 'fr'] as const) {
        const { phrases, particles } = dictionaries[language]
        const parted = language === 'de' && tokens.some((token, at) => token.kind === 'word' && !isEnglish(token.word) && separable(tokens, at, particles) !== null)
        let hits = parted ? 2 : 0
        for (const token of words) hits += phrases.has(token.word) ? 1 : !isEnglish(token.word) && lookUp(token.word, language) ? 1 : /[äöüßéèêàçñáíóúîôûœ¿¡]/i.test(token.word) ? 0.5 : 0
        // "Leite Port 8443 an x weiter": a word of both languages speaks for neither.
        const foreign = parted || words.some((token) => !isEnglish(token.word) && !token.capital && lookUp(token.word, language) !== null) || !isEnglish(words[0]?.word ?? '') && lookUp(words[0]?.word ?? '', language) !== null
        const shared = foreign ? words.filter((token) => isEnglish(token.word) && phrases.has(token.word)).length : 0
        if (hits < 2 && english > 0) continue
        if (foreign && hits > english - shared && hits > most - shared && best === 'en') {
          ;[best, most] = [language, Math.max(most, hits)]
          continue
        }
        if (hits > most || (hits === most && hits > 0 && words.some((token) => !isEnglish(token.word) && lookUp(token.word, language)))) [best, most] = [language, hits]
      }
      return best
    },
    translate(tokens, language) {
      if (language === 'en') return [...tokens]
      if (language === 'zh') return inFront(tokens.flatMap((token) => (/\p{Script=Han}/u.test(token.text) && token.kind === 'word' ? han(token) : [token])))
      const { phrases, particles } = dictionaries[language]
      const source = withAdverbsFirst(language === 'fr' ? tokens.filter((token) => !(token.kind === 'punct' && /^['’]$/.test(token.text))) : [...tokens])
      const used = new Set<number>()
      const out: Token[] = []
      for (let at = 0; at < source.length; at++) {
        const token = source[at]!
        if (used.has(at)) continue
        if (token.kind !== 'word') {
          out.push(token)
          continue
        }
        const phrase = longestAt(source, at, phrases)
        if (phrase && phrase.length > 1) {
          out.push(...gloss(source.slice(at, at + phrase.length), phrase.words))
          at += phrase.length - 1
          continue
        }
        const separated = language === 'de' ? separable(source, at, particles) : null
        if (separated) {
          used.add(separated.particle)
          out.push(...gloss([token], separated.words))
          continue
        }
        if (language === 'de' && clauseEnd(source, at) && (token.word === 'aus' || token.word === 'an')) {
          out.push(...gloss([token], [token.word === 'aus' ? 'off' : 'on']))
          continue
        }
        if (language === 'fr' && token.word === 'à' && (source[at + 1]?.entity === 'time' || source[at + 1]?.entity === 'number' || ['midi', 'minuit'].includes(source[at + 1]?.word ?? ''))) {
          out.push(...gloss([token], ['at']))
          continue
        }
        if (language === 'es' && token.word === 'para' && (at === 0 || source[at - 1]!.kind === 'punct' || source[at - 1]!.word === 'y')) {
          out.push(...gloss([token], ['stop']))
          continue
        }
        const words = phrase?.words ?? (catalogWords.has(token.word) && !token.capital ? null : lookUp(token.word, language) ?? (language === 'de' && /^\p{Lu}/u.test(token.text) ? compound(token.word) : null))
        const alike = words ? null : isEnglish(token.word) ? null : cognate(token.word)
        out.push(...(words ? gloss([token], words) : alike ? gloss([token], [alike]) : [token]))
      }
      return out
    },
  }
}

const adverbs: ReadonlySet<string> = new Set(['danach', 'anschließend', 'dann', 'zuerst', 'zunächst', 'vorher', 'zuvor', 'hinterher', 'außerdem', 'zuletzt', 'ensuite', 'après', 'luego', 'después', 'primero'])

/** "Und starte danach X": the adverb stands behind the verb where English has it before. */
function withAdverbsFirst(tokens: Token[]): Token[] {
  const opens = (at: number): boolean => at === 0 || /^(?:[,.;:!?\n]|und|et|y)$/.test(tokens[at - 1]!.word)
  for (let at = 1; at < tokens.length - 1; at++) {
    const [verb, adverb] = [tokens[at - 1]!, tokens[at]!]
    if (adverbs.has(adverb.word) && verb.kind === 'word' && !adverbs.has(verb.word) && opens(at - 1) && tokens[at + 1]!.kind !== 'punct') [tokens[at - 1], tokens[at]] = [adverb, verb]
  }
  return tokens
}

function longestAt(tokens: readonly Token[], at: number, phrases: ReadonlyMap<string, readonly string[]>): { words: readonly string[]; length: number } | null {
  for (let length = Math.min(longestPhrase, tokens.length - at); length >= 1; length--) {
    const slice = tokens.slice(at, at + length)
    if (slice.some((token) => token.kind !== 'word')) continue
    const words = phrases.get(slice.map((token) => token.word).join(' '))
    if (words) return { words, length }
  }
  return null
}

const edge = /^[,.!?;:\n]$/
const clauseEnd = (tokens: readonly Token[], at: number): boolean => {
  const next = tokens[at + 1]
  return !next || edge.test(next.text) || next.word === 'und' || next.word === 'oder' || next.word === 'sowie'
}

/** "starte X neu": the verb with the particle at the end of its clause. */
function separable(tokens: readonly Token[], at: number, particles: Dictionary['particles']): { words: readonly string[]; particle: number } | null {
  const own = forms(tokens[at]!.word, 'de').flatMap((form) => particles.get(form) ?? [])
  if (!own.length) return null
  for (let look = at + 1; look < tokens.length && look <= at + 14; look++) {
    if (edge.test(tokens[look]!.text) && tokens[look]!.text !== ',') return null
    const words = own.find((known) => known.has(tokens[look]!.word))?.get(tokens[look]!.word)
    if (words && clauseEnd(tokens, look)) return { words, particle: look }
  }
  return null
}

/** The word as written and the forms under which a dictionary may have it. */
function forms(word: string, language: 'de' | 'es' | 'fr'): string[] {
  const found = [word]
  const add = (base: string, ...endings: string[]): void => {
    if (base.length >= 3) found.push(...endings.map((ending) => base + ending))
  }
  if (language === 'de') {
    for (const plain of new Set([word, word.replace(/^(.{0,6}?)ge(?=.{3,})/, '$1'), word.replace(/^(.{2,6})zu(?=.{4,})/, '$1')])) {
      // The familiar imperative has no ending: verschieb, druck, fahr.
      add(plain, 'en', 'n', 'e')
      found.push(plain)
      for (const ending of ['est', 'et', 'en', 'em', 'er', 'es', 'e', 't', 'n', 's', 'st', 'ung', 'te', 'tet', 'ten']) {
        if (plain.endsWith(ending)) add(plain.slice(0, -ending.length), 'en', 'n', '', 'e')
      }
    }
    return found
  }
  const clitics = language === 'es' ? /(?:me|te|se|nos)?(?:lo|la|los|las|le|les)$/ : /$^/
  for (const plain of new Set([word, word.replace(clitics, '')])) {
    found.push(plain)
    const endings = language === 'es'
      ? ['ando', 'iendo', 'amos', 'emos', 'imos', 'ados', 'adas', 'ado', 'ada', 'ido', 'ida', 'ad', 'ed', 'id', 'as', 'es', 'an', 'en', 'a', 'e', 'o', 's', 'r']
      : ['issez', 'issent', 'eront', 'erons', 'ées', 'és', 'ée', 'ez', 'ons', 'ent', 'ant', 'es', 'er', 'ir', 'é', 'e', 's', 'x', 't']
    for (const ending of endings) if (plain.endsWith(ending)) add(plain.slice(0, -ending.length), ...(language === 'es' ? ['ar', 'er', 'ir', '', 'a', 'o', 'e'] : ['er', 'ir', 're', '', 'e']))
  }
  return found
}

function gloss(tokens: readonly Token[], words: readonly string[]): Token[] {
  const [first, last] = [tokens[0]!, tokens.at(-1)!]
  return words.map((word) => ({ ...first, end: last.end, word, stem: stem(word), capital: false }))
}

/** Longest match over runs of characters; what is in no phrase stays as one unknown word. */
function buildHan(table: string): (token: Token) => Token[] {
  const phrases = new Map<string, readonly string[]>()
  for (const entry of table.split(/[;\n]/)) {
    const [source, target] = entry.split('=')
    if (source?.trim() && target !== undefined && !phrases.has(source.trim())) phrases.set(source.trim(), target.trim().split(' ').filter(Boolean))
  }
  const longest = Math.max(...[...phrases.keys()].map((phrase) => phrase.length))
  return (token) => {
    const out: Token[] = []
    let unknown = ''
    const flush = (at: number): void => {
      if (unknown) out.push(makeToken(unknown, token.start + at - unknown.length, 'word', null, false))
      unknown = ''
    }
    for (let at = 0; at < token.text.length;) {
      let length = Math.min(longest, token.text.length - at)
      while (length > 0 && !phrases.has(token.text.slice(at, at + length))) length--
      if (length === 0) unknown += token.text[at++]
      else {
        flush(at)
        const text = token.text.slice(at, at + length)
        out.push(...gloss([makeToken(text, token.start + at, 'word', null, false)], phrases.get(text)!))
        at += length
      }
    }
    flush(token.text.length)
    return out
  }
}

/** Chinese says "X before" where English says "before X". */
function inFront(tokens: readonly Token[]): Token[] {
  const out: Token[] = []
  let clause = 0
  for (const token of tokens) {
    if (token.word === 'before' && /\p{Script=Han}/u.test(token.text)) {
      out.splice(clause, 0, token)
      // What stands behind it is the main clause.
      out.push({ ...makeToken(',', token.start, 'punct', null, false), end: token.start })
    } else out.push(token)
    if (token.kind === 'punct' && /^[,，。.;；!?！？、\n]$/.test(token.text)) clause = out.length
  }
  return out
}
