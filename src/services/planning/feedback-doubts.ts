/** When words of feedback are not to be taken literally, and which of them a change leaves unexplained. Pure. */

const polite = /^(?:(?:please|bitte)\s+)?(?:(?:can|could|would|will|may|might)\s+(?:you|we|i)\b|kannst|könn(?:test|ten|t)|würde(?:st|n)|pouvez|peux|pourri?ez|puedes?|podrías?|能|可以|请)/iu
const asking = /^(?:why|what|how|who|when|where|which|whether|warum|wieso|weshalb|was|wie|wer|pourquoi|comment|por qué)(?!\p{L})|^(?:为什么|怎么)/iu

/** True for a question that is no wish in polite words. */
export const isQuestion = (sentence: string): boolean =>
  asking.test(sentence.trim()) || (/[?？]\s*$/u.test(sentence) && !polite.test(sentence.trim()))

const condition = /(?<!\p{L})(?:if|unless|except|other than|apart from|in case|wenn|falls|außer|bis auf|si|sauf|excepté|excepto|salvo)(?!\p{L})|如果|除了|除非/iu
/** True where something holds only at times, or for all but some. */
export const isConditional = (text: string): boolean => condition.test(text)

const difference = /(?<!\p{L})(?:by|um)\s+\d+(?![\d:.]|\s*(?:uhr|o['’]clock|am|pm))/iu
/** True for a number by which something is to differ, which is not what it is to be. */
export const isDifference = (text: string): boolean => difference.test(text)

const judgement = /(?<!\p{L})(?:is|are|was|were|seems?|looks?|ist|sind|est|es)\s+(?:too\s+\p{L}+|wrong|incorrect|bad|risky|dangerous|missing|unclear|pointless|obsolete|falsch|fehlt|unklar|faux|incorrecto)(?!\p{L})/iu
/** True where something is found fault with, which does not say what it is to be. */
export const isJudgement = (text: string): boolean => judgement.test(text)

const negation = /(?<!\p{L})(?:not|never|nor?(?!\.)|none|nothing|neither|cannot|without|nicht|nichts|nie|kein\p{L}*|ohne|pas|jamais|aucune?|sans|nunca|ning[uú]n\p{L}*|nada|sin)(?!\p{L})|n['’]t(?!\p{L})|不|没|别/iu
export const isNegated = (text: string): boolean => negation.test(text)

/** A contrast at the end says nothing new: "60 minutes, not 30". */
export const withoutContrast = (text: string): string => text.replace(/(?<=\S)\s*,\s*(?:and\s+|und\s+)?(?:not|nicht|pas|no)\s+[^,]+$/iu, '')

/** What is said about a change beside what it is. */
export const withoutReasons = (text: string): string =>
  text.replace(/\s*,\s*(?:it|this|that|they|es|das|c['’]est)\s*(?:is|are|was|has|have|takes?|will|would|does|ist|sind)?(?:n['’]t)?\s[^]*$/iu, '')
    .replace(/(?<!\p{L})(?:because|since|weil|denn|parce que|porque)(?!\p{L})[^]*$|因为[^]*$/iu, '')
    .replace(/\b(?:from|in) (?:the|this) plan\b|\b(?:aus|in) dem plan\b|\bdu plan\b|\bdel plan\b|\bfor now\b/iu, ' ')

const fillers = new Set(`a an the this that these those to of in on at for from with and or as well by into please must should shall has have had needs need be is are was it its them run runs
  go goes come happen do does done take put move make set use let want would like i we you can could will task tasks step steps sure ensure done only just also too first last again instead rather
  additionally addition now then there one ones value
  setze setz stelle verschiebe verschieben schiebe der die das den dem des ein eine einen einem einer bitte soll sollen muss müssen auf im am an von vom zu zum für mit und auch nur statt stattdessen zusätzlich ich wir es aus nimm
  mets mettez place placez déplace déplacez le la les l un une des du de d sur dans pour avec et aussi seulement s il vous plaît je
  pon poner ponga mueve mover mueva coloca el los las una del en con y también solo por favor que a 把 将 请`.split(/\s+/))
const praise = new Set(`thanks thank great good fine ok okay perfect nice excellent lovely looks look sounds sound lgtm cool super plan approve approved yes danke gut prima schön passt genehmigt merci bien parfait gracias
  bueno bien perfecto 好 好的 谢谢`.split(/\s+/))
const measures = /^(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|half|quarter|hours?|minutes?|mins?|seconds?|secs?|days?|weeks?|months?|gb|gigabytes?|mb|stunden?|minuten?|sekunden?|tage?|wochen?|heures?|jours?|horas?|minutos?|días?)$/u

const units = '%|percent|prozent|pour cent|por ciento|degrees?|celsius|grad|degrés?|grados?|hours?|minutes?|mins?|seconds?|secs?|days?|weeks?|months?|gb|gigabytes?|mb|megabytes?|stunden?|minuten?|sekunden?|tagen?|wochen?|heures?|secondes?|jours?|semaines?|horas?|minutos?|segundos?|días?|semanas?|euros?|dollars?|度|分钟|小时|秒|天|周'
const measure = new RegExp(`^[\\d.,]*\\s*(?:${units})$`, 'iu')
/** True for a unit, with or without its number, which is nobody's name: "80 Grad". */
export const isMeasure = (value: unknown): boolean => typeof value === 'string' && measure.test(value.trim())

const everyOne = /(?<!\p{L})(?:every|each|all|any|jede[rsmn]?|alle[rn]?|chaque|toutes? les|cada|todas? las)\s+(?:tasks?|steps?|aufgaben?|schritte?|tâches?|étapes?|tareas?|pasos?)(?!\p{L})|(?:每个|所有)(?:任务|步骤)/iu
/** True for what is said of all tasks: "every task 2 attempts" is not about the second. */
export const isAboutAll = (text: string): boolean => everyOne.test(text)

export const wordsOf = (text: string): string[] => text.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** True for thanks and praise, which want nothing. */
export const isRemark = (text: string): boolean => {
  const telling = tellingWords(text)
  return telling.length > 0 && telling.every((word) => praise.has(word))
}

/** Words that tell something. */
export const tellingWords = (text: string): string[] => wordsOf(text).filter((word) => !fillers.has(word))

/** True for a text in another language than English: its verbs are in no catalog. */
export const isForeign = (text: string): boolean => /\p{Script=Han}|(?<!\p{L})[ld]['’](?=\p{L})|(?<!\p{L})(?:à|auf|den|das|der|dem|und|für|bitte|auch|eine?n?|sur|le|les|du|pour|avec|et|el|los|las|una|para|por|también)(?!\p{L})/iu.test(text)

const wishes = new Set('remove delete drop skip omit cancel stop wait hold keep move change add repeat twice entfernen löschen streichen supprimer eliminar'.split(' '))
const wishing = /^(?:verschieb|schieb|setze?n?|stelle?n?|änder|erhöh|verringer|senke?n?|mets|mettez|déplace|changez?|augmente|diminue|pon|ponga|mueve|cambi[ae]|sube|baja)\p{L}*\s/iu
/** True for a value that is what somebody wants done rather than a name. */
export const isWish = (value: unknown): boolean => typeof value === 'string' && (wishes.has(value.toLowerCase()) || wishing.test(value))

/** True where the text tells something that the known words do not; a text of measures alone tells nothing else. */
export function tellsMore(text: string, known: readonly string[], mayMeasure = false): boolean {
  const vocabulary = new Set(known.flatMap(wordsOf))
  return tellingWords(text).some((word) => !(mayMeasure && measures.test(word)) && !isKnown(word, vocabulary))
}

export const isKnown = (word: string, vocabulary: ReadonlySet<string>): boolean =>
  vocabulary.has(word) || [...vocabulary].some((known) => isSame(word, known))

/** "burning" and "burn", "removing" and "remove", "skipping" and "skip". */
function isDoing(noun: string, verb: string): boolean {
  const stem = /^(\p{L}{3,})ing$/u.exec(noun)?.[1]
  return stem !== undefined && (verb === stem || verb === `${stem}e` || (stem.at(-1) === stem.at(-2) && verb === stem.slice(0, -1)))
}

/** Inflected forms share their beginning: "backup" and "backups", "portal" and "portale"; Chinese words stand in longer ones. */
function isSame(one: string, other: string): boolean {
  if (isDoing(one, other) || isDoing(other, one)) return true
  const shorter = Math.min(one.length, other.length)
  if (/\p{Script=Han}/u.test(one)) return shorter >= 2 && other.includes(one)
  return shorter >= 4 && Math.abs(one.length - other.length) <= 2 && one.slice(0, shorter) === other.slice(0, shorter)
}
