const irregular: Readonly<Record<string, string>> = {
  frozen: 'freeze', froze: 'freeze', sent: 'send', made: 'make', brought: 'bring', got: 'get', gotten: 'get', given: 'give', gave: 'give',
  taken: 'take', took: 'take', ran: 'run', written: 'write', wrote: 'write', built: 'build', paid: 'pay', bought: 'buy', sold: 'sell',
  held: 'hold', kept: 'keep', told: 'tell', found: 'find', done: 'do', did: 'do', went: 'go', gone: 'go', shown: 'show', grew: 'grow',
  grown: 'grow', drawn: 'draw', left: 'left', lost: 'lose', met: 'meet', chosen: 'choose', chose: 'choose', forgotten: 'forget',
  broken: 'break', broke: 'break', woken: 'wake', hidden: 'hide', undone: 'undo', rebuilt: 'rebuild', spun: 'spin', fed: 'feed',
  torn: 'tear', tore: 'tear', thrown: 'throw', threw: 'throw', known: 'know', seen: 'see', begun: 'begin', began: 'begin', driven: 'drive', stolen: 'steal', rung: 'ring', rang: 'ring',
  worn: 'wear', eaten: 'eat', fallen: 'fall', woke: 'wake', swept: 'sweep', dealt: 'deal', lent: 'lend', lit: 'light', caught: 'catch', taught: 'teach', sought: 'seek', led: 'lead',
  hung: 'hang', stuck: 'stick', bound: 'bind', spent: 'spend', laid: 'lay', said: 'say', heard: 'hear', stood: 'stand', won: 'win', dug: 'dig', shrunk: 'shrink', shot: 'shoot',
  withdrawn: 'withdraw', withdrew: 'withdraw', forgot: 'forget', overridden: 'override', redone: 'redo', rerun: 'run', flown: 'fly', slept: 'sleep', swung: 'swing', wound: 'wind',
  people: 'person', children: 'child', men: 'man', women: 'woman', this: 'this', his: 'his', is: 'is', was: 'was', has: 'has',
  does: 'does', news: 'news', always: 'always', yes: 'yes', us: 'us', bus: 'bus', status: 'status', gas: 'gas', dns: 'dns', tls: 'tls',
  alias: 'alias', basis: 'basis', analysis: 'analysis', sms: 'sms', https: 'https', access: 'access', process: 'process',
}

/**
 * A light English stemmer: plural, -ing, -ed and final e. It only has to map the forms of one word to one key, so keys
 * need not be words: renew, renewing, renewed → renew; purge, purging → purg.
 */
export function stem(word: string): string {
  const known = irregular[word]
  if (known) return dropE(known)
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word
  // Most words have no ending, and there are many of them.
  if (!/(?:s|ed|ing)$/.test(word)) return dropE(word)
  let base = word
  if (base.endsWith('ies') && base.length > 4) base = `${base.slice(0, -3)}y`
  else if (/(?:ss|sh|ch|x|z)es$/.test(base)) base = base.slice(0, -2)
  else if (base.endsWith('s') && !/(?:ss|us|is)$/.test(base)) base = base.slice(0, -1)
  if (base.endsWith('ied') && base.length > 4) base = `${base.slice(0, -3)}y`
  else if (base.endsWith('ing') && /[aeiouy].*ing$/.test(base) && base.length > 5) base = undouble(base.slice(0, -3))
  else if (base.endsWith('ed') && /[aeiouy].*ed$/.test(base) && base.length > 4) base = undouble(base.slice(0, -2))
  return dropE(base)
}

function undouble(base: string): string {
  return /([bdgmnprt])\1$/.test(base) ? base.slice(0, -1) : base
}

function dropE(base: string): string {
  if (base.length > 3 && base.endsWith('e') && !base.endsWith('ee')) return base.slice(0, -1)
  // Cancelled and canceled, enrol and enroll
  return longL.test(base) ? base.slice(0, -1) : base
}

const longL = /[aeiou][^aeiou]+[aeiou]ll$|ia+ll$|uell$/
