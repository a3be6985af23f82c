/** Closed classes of English words. Other languages are translated to these. */
const set = (words: string) => new Set(words.split(/\s+/).filter(Boolean))

/** Words that carry no evidence for a capability. */
export const stopWords: ReadonlySet<string> = set(`
a an the this that these those some any each every all both either neither no not of in on at to for from by with without into onto over under up out off
about as than then and or but nor so if unless when while once after before until till since because although though whether though
i you he she it we they me him her us them my your his its our their mine yours ours theirs myself yourself himself herself itself ourselves
who whom whose which what where why how there here
am is are was were be been being do does did done have has had having can could shall should will would may might must ought
please pls plz kindly just also too very really only even still already yet again now soon later maybe perhaps quickly simply asap immediately straight away right
let get got go going gonna want wants wanted need needs needed like love wish make sure thing things stuff something anything nothing everything someone somebody anyone anybody everyone everybody nobody somewhere anywhere everywhere whatever whichever thanks thank thx tnx thanx hello hi hey dear
one ones same other another such own more most less least much many few lot lots bit
'm 're 's 've 'll 'd n't don't doesn't didn't can't cannot won't shouldn't mustn't isn't aren't wasn't it's i'd i'm i'll i've we'd we'll we're we've you'd that's there's what's let's he's she's they're
ok okay well yes no oh hmm um uh plus via per upon within during through throughout between against towards toward
back away online offline nonot first next finally last lastly afterwards afterward beforehand meanwhile simultaneously together
new`)

/** Verbs that say nothing about what is to be done. */
export const lightVerbs: ReadonlySet<string> = set(`do make have get give take put go come let want need like be see use try help keep become happen ask handle carry arrange ensure bring act deal proceed manage set use`)

export const determiners: ReadonlySet<string> = set('a an the this that these those my your his her its our their some any each every all both no another')
export const prepositions: ReadonlySet<string> = set('of in on at to for from by with without into onto over under via per upon within during through between against towards toward about as until till since behind beside near around across inside outside above below regarding concerning through than called named labelled labeled titled')
export const politeness: ReadonlySet<string> = set('please pls plz thx tnx thanx tia kindly just also now then so well ok okay hey hi hello thanks thank dear quickly asap immediately simply finally first next lastly afterwards afterward beforehand meanwhile again once more urgently and or but plus too only last still additionally furthermore moreover later simultaneously today tonight tomorrow')
export const pronouns: ReadonlySet<string> = set('it its that there them they this their those these same him his her he she himself itself here')
export const modals: ReadonlySet<string> = set('should must shall needs need has have ought can could may might will would')
export const questionWords: ReadonlySet<string> = set('who what which where when why how whom whose')

export const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
export const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'] as const

const ones = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ')
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
/** Number words up to a thousand, one word each; compounds are read by numbers.ts. */
export const numberWords: ReadonlyMap<string, number> = new Map([
  ...ones.map((word, index): [string, number] => [word, index]),
  ...tens.map((word, index): [string, number] => [word, (index + 2) * 10]),
  ...tens.flatMap((word, index) => ones.slice(1, 10).map((one, unit): [string, number] => [`${word}-${one}`, (index + 2) * 10 + unit + 1])),
  ['hundred', 100], ['thousand', 1000], ['dozen', 12],
])
