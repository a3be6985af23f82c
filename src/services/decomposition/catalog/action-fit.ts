/** How well what is said to be done fits what a capability does. */
import type { LanguageKnowledge } from './annotate.ts'
import { asksToBeTold, findsOut } from './inquiry.ts'
import { determiners, lightVerbs } from './lexicon/function-words.ts'
import type { GroupId } from './lexicon.ts'
import { bansOthers, keepsFrom } from './prevention.ts'
import { naming, takesTasks, type Profile } from './profile.ts'
import { stem } from './stem.ts'
import type { Word } from './word.ts'

/** Of an own verb of a capability, as its examples use it. */
export const ownVerb = 0.8
/** Of a ban for a capability that keeps from what is banned. */
const banFits = 0.7
/** Of a ban for any other. */
const banLets = -0.4

/** A fit per capability for these words, of which `main` says what is done: 1 its own verb, 0 nothing said, below 0 something else. */
export function actionFitOf(words: readonly Word[], main: number, knowledge: LanguageKnowledge): (profile: Profile) => number {
  const [banned, asks] = [bansOthers(words), asksToBeTold(words)]
  const where = words.some(({ word }) => word === 'where' || word === 'whereabouts')
  const repeats = words.some(({ time }) => time === 'schedule')
  return (profile) => {
    if (banned && keepsFrom(profile, words)) return banFits
    const fit = repeats && takesTasks(profile.capability) ? Math.max(taskFits, verbFit(words, main, profile, knowledge)) : verbFit(words, main, profile, knowledge)
    if (banned) return Math.min(banLets, fit)
    return asks && findsOut(profile) ? Math.max(where && locates(profile) ? whereFits : 0, fit) : fit
  }
}

/** Of "where" for a capability that finds things. */
const whereFits = 0.7
const locates = ({ actions }: Profile): boolean => ['a:search', 'a:track'].some((group) => (actions.get(group) ?? 0) >= 0.5)

/** Of any verb for a capability that plans what is done again and again: what is done is its value. */
const taskFits = 0.7

/** The opposite of what a capability does is not that capability, however much else is alike. */
export const veto = -2.5

function verbFit(words: readonly Word[], main: number, profile: Profile, { lexicon, english }: LanguageKnowledge): number {
  const ownFit = (word: Word): number => {
    // To turn off is not to turn on: a verb with its particle is the capability's where they mean the same.
    let fit = word.opensPhrase && !word.actions.some((group) => profile.actions.has(group)) ? 0 : profile.verbs.get(word.stem) ?? 0
    for (const group of word.actions) fit = Math.max(fit, Math.min(1, (profile.actions.get(group) ?? 0) * 1.1) * 0.95)
    return fit
  }
  const fitOf = (word: Word): number => word.hints.reduce((fit, group) => Math.max(fit, Math.min(1, (profile.actions.get(group) ?? 0) * 1.1) * 0.7), ownFit(word))
  const verb = words[main]
  if (verb && !verb.light && ownFit(verb) < 0.3) {
    if (sets(profile, verb) && words.some(({ entity }) => entity === 'number' || entity === 'measure')) return amountFits
    const opposite = verb.actions.some((group) => [...profile.actions].some(([mine, weight]) => weight >= 0.6 && lexicon.opposite(group, mine)))
    if (opposite || takesBack(verb, profile) || fitOf(verb) < 0.3 && undoes(verb, profile)) return veto
  }
  // A light verb tells only where the capability itself is named by it.
  const mainFit = verb ? fitOf(verb) * (verb.light && !profile.verbs.has(verb.stem) ? 0.5 : 1) : 0
  let others = 0
  for (const word of words) if (word !== verb && word.kind === 'word' && (!word.inEnum || word.word === 'new') && !word.light && !word.inPhrase && !naming.has(word.word) && (!word.stop || word.word === 'new')) others = Math.max(others, fitOf(word) * 0.8)
  if (!verb || verb.light || mainFit >= 0.3) return Math.max(mainFit, others)
  // "The scrub should happen nightly": a noun that names another action may be a value.
  const before = words[main - 1]
  const noun = before !== undefined && (determiners.has(before.word) || before.name && determiners.has(words[main - 2]?.word ?? ''))
  const compound = before?.kind === 'word' && !before.stop && /^[nj]/.test(english.tags(before.word)) && /^n/.test(english.tags(verb.word))
  // "Translate the annual report": the object of another verb says nothing of what is done.
  if (verb.actions.length && !noun) return (others > 0 && namesOnly(words, main, english, (word) => fitOf(word) * 0.8 >= others) ? 0 : others) * 0.6 - (compound ? 0.2 : 0.4)
  if (noun) return Math.max(0, others * 0.6 - 0.2)
  // A verb without synonyms may mean anything.
  return english.canBeVerb(verb.word) ? Math.max(0, others * 0.6 - 0.2) : others
}

/** True where a clause begins with its verb and the words that speak for something else are nouns behind it. */
function namesOnly(words: readonly Word[], main: number, english: LanguageKnowledge['english'], speaks: (word: Word) => boolean): boolean {
  if (lightVerbs.has(words[main]!.word) || !words.slice(0, main).every((word) => word.stop || word.kind === 'punct')) return false
  const isNoun = (at: number): boolean => determiners.has(words[at - 1]?.word ?? '') || determiners.has(words[at - 2]?.word ?? '') && /[jn]/.test(english.tags(words[at - 1]!.word))
  return words.every((word, at) => at <= main || word.kind !== 'word' || word.stop || !speaks(word) || isNoun(at))
}

/** "Unmask", "disallow": the verb that the capability has, with a prefix that undoes it, or the other way round. */
function takesBack({ word, stem: own }: Word, { verbs }: Profile): boolean {
  const plain = /^(?:un|de|dis)-?(?=.{3})/.exec(word)?.[0].length ?? 0
  if (plain > 0 && (verbs.get(stem(word.slice(plain))) ?? 0) >= ownVerb) return true
  return ['un', 'de', 'dis'].some((prefix) => (verbs.get(prefix + own) ?? 0) >= ownVerb)
}

/** Of raising or lowering for a capability that sets an amount. */
const amountFits = 0.6
const amounts: ReadonlySet<GroupId> = new Set(['a:raise', 'a:lower', 'a:grow', 'a:shrink'])

/** "Drop the rate to 89": what sets a number is not undone by a lower one. */
const sets = ({ actions, types }: Profile, verb: Word): boolean => types.has('integer') && ['a:set', 'a:change', 'a:adjust'].some((group) => (actions.get(group) ?? 0) >= 0.5) && verb.actions.some((group) => amounts.has(group))

const reversals: ReadonlySet<GroupId> = new Set(['a:cancel', 'a:revoke', 'a:delete', 'a:remove', 'a:unassign', 'a:unenroll', 'a:unsubscribe', 'a:disconnect'])

/** Actions that end or take away something without undoing what another did. */
const endings: readonly GroupId[] = ['a:hide', 'a:disable', 'a:close', 'a:stop', 'a:lock', 'a:purge', 'a:clean', 'a:discharge', 'a:return', 'a:clear', 'a:drain', 'a:quarantine', 'a:archive', 'a:collect']

const keeping: ReadonlySet<GroupId> = new Set(['a:hide', 'a:disable', 'a:close', 'a:stop', 'a:lock', 'a:return', 'a:collect', 'a:archive'])

/** "Withdraw the invoice": a verb that takes things back does not mean a capability that takes nothing back. */
function undoes(verb: Word, { actions }: Profile): boolean {
  // What is deleted is gone: to lock it is something else.
  const alike = verb.actions.every((group) => group === 'a:delete') ? endings.filter((group) => !keeping.has(group)) : endings
  return verb.actions.filter((group) => reversals.has(group)).length * 2 > verb.actions.length && ![...reversals, ...alike].some((group) => (actions.get(group) ?? 0) >= 0.3)
}
