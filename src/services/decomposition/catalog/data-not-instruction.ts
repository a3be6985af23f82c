/**
 * Pasted text, markup and instructions to the planner are data: they are blanked before anything is understood, so they
 * can call nothing and fill nothing. Short quotations stay, as values.
 */

export type WithoutData = { readonly text: string; readonly cut: boolean }

const roles = 'system|assistant|ai|user|human|developer|tool|bot|model|admin|administrator|robot|instruction|instructions|inst|prompt|override|root|operator|planner|agent|system (?:prompt|message|note|notice|directive|command|instructions?)|system override|new instructions?|begin|end|im_start|im_end|(?:hidden|secret|invisible)(?: (?:text|instructions?|notes?|message|command))?|note to (?:the |all |any )?(?:ai|planner|assistants?|bots?|models?|system|scheduler|reader|agents?|executor|parser|machine)|important'

/** Whole blocks, from opening to closing mark; an open block runs to the end of its line. */
const blocks: readonly RegExp[] = [
  /```[\s\S]{0,5000}?(?:```|$)/g,
  /<!--[\s\S]{0,5000}?(?:-->|$)/g,
  /<\|[^|>\n]{1,40}\|>[^\n]{0,2000}/g,
  /<([a-z][\w-]{0,30})(?:\s[^<>]{0,300})?>[\s\S]{0,5000}?<\/\1\s*>/gi,
  /<\/?[a-z][\w-]{0,30}(?:\s[^<>]{0,300})?\/?>[^\n]{0,2000}/gi,
  /\[([a-z][\w -]{0,30})\][\s\S]{0,5000}?\[\/\1\]/gi,
  new RegExp(`\\[\\/?(?:${roles})[^\\]\\n]{0,60}\\][^\\n]{0,2000}`, 'gi'),
  /\{\{[\s\S]{0,2000}?\}\}/g,
  /\{[^{}]{0,2000}(?:\{[^{}]{0,2000}\}[^{}]{0,2000}){0,8}\}/g,
  /(?:^|\n)[ \t]*>[^\n]{0,2000}/g,
  new RegExp(`(?:^|\\n)[ \\t]*(?:[#=|~<>_\\[]{1,8}|[*_-]{2,8})[ \\t]*(?:${roles})\\b[^\\n:]{0,40}:[^\\n]{0,2000}`, 'gi'),
  /(?:^|\n)[ \t]*(?:#{1,6}|={2,}|-{3,}|\*{3,})[ \t]*[^\n]{0,80}(?:system|instruction|prompt|begin|override|end of)[^\n]{0,2000}/gi,
  new RegExp(`(?:^|[\\n.!?;)\\]"]\\s{0,40})(?:${roles})\\s{0,2}(?:\\([^)\\n]{0,40}\\)\\s{0,2})?:[^\\n]{0,2000}`, 'gi'),
  new RegExp(`\\(\\s{0,5}(?:${roles})\\b[^():\\n]{0,40}:[^()\\n]{0,2000}\\)`, 'gi'),
  /\/\*[\s\S]{0,5000}?\*\//g,
  /\[\[[^[\]]{0,2000}\]\]/g,
  // A comment behind a sentence or on a line of its own
  /(?<=[.!?;]\s{1,3}|\n\s{0,4})(?:\/\/|--|#)\s[^\n]{0,2000}/g,
  // Mail headers, and what they head
  /\b(?:from|sent)\s?:\s?[^\n:]{1,200}\n?\s?(?:to\s?:[^\n:]{1,200}\n?\s?)?\bsubject\s?:[^\n]{0,2000}(?:\n\s?body\s?:[^\n]{0,2000})?/gi,
  // A forwarded mail, up to the mark that ends it
  /(?:^|(?<=\s))[-_=>*]{2,20}\s{0,3}(?:begin |start of |anfang |début |inicio )?(?:(?:forwarded|original|quoted|pasted|weitergeleitete?|ursprüngliche|message|mensaje|nachricht)\b|原始|转发)[^\n]{0,80}?(?:[-_=<*]{2,20}|\n|$)[\s\S]{0,5000}?(?:[-_=>*]{2,20}\s{0,3}(?:end|ende|fin)\b[^\n]{0,60}?(?:[-_=<*]{2,20}|(?=\n)|$)|$)/giu,
  // A signature
  /\n-- ?\n[\s\S]{0,2000}/g,
  // What a mail, a ticket or somebody says
  /(?<=\b(?:(?:e-?)?mail|ticket|letter|log(?: line)?|log file|page|web ?site|document|readme|post|transcript|attachment|he|she|they|customer|client|colleague|caller|user|guest|visitor|patient|vendor|supplier|partner|student|member|tenant)\b[^.!?:\n"“„]{0,30}\b(?:reads?|says|said|wrote|writes|states|stated)(?: the following| this)?\s?:\s)[^\n"“„][^\n]{0,2000}/gi,
  // Everything that is announced as an order
  /\b(?:everything|all|the text|what) (?:below|after|following|that follows)\b[^.!?\n]{0,60}\b(?:commands?|orders?|instructions?)\b[\s\S]{0,5000}/gi,
  /\b(?:your|the|all|previous|earlier) (?:\w+ )?(?:instructions|rules|orders) (?:end|stop|cease|are (?:void|over|obsolete|cancelled|replaced))\b[^\n]{0,2000}/gi,
  /\b(?:BEGIN|START OF|END OF)(?: [A-Z]{3,20}){1,4}\b[^\n]{0,2000}/g,
]

const planner = '(?:plan|plans|step|steps|task|tasks|subtasks?|request|approval|approvals|status|everything|it all|all of (?:it|this|them)|this)'
/** Sentences that speak to the planner about itself. */
const orders: readonly RegExp[] = [
  /\b(?:(?:ignore|disregard|forget|override|bypass|circumvent)\b[^.!?\n]{0,60}|(?:drop|discard|overlook|neglect)\b[^.!?\n,;]{0,60})\b(?:instructions?|rules?|catalog(?:ue)?|guidelines?|prompts?|polic(?:y|ies)|restrictions?|safety|safeguards?|checks?|constraints?|limits?|training|everything (?:above|before|else)|(?:the )?(?:text|sentence|words|lines?) (?:above|before))\b/gi,
  new RegExp(`\\b(?:mark|treat|consider|flag|set|regard|count|report)\\b[^.!?\\n]{0,50}\\b(?:as |to |is )?(?:already )?(?:pre-?)?(?:approved|confirmed|authori[sz]ed|accepted|signed off|completed?|succeeded|done)\\b`, 'gi'),
  new RegExp(`\\b(?:auto-?)?(?:approve|confirm|accept|authori[sz]e|sign off)\\b\\s(?:on )?(?:(?:the|this|every|each|all|any|it|my|your|whole|entire|following)\\s){0,3}${planner}\\b`, 'gi'),
  /\b(?:skip|bypass|without|no|omit|avoid|disable|turn off)\b[^.!?\n]{0,25}\b(?:approvals?|confirmations?|review by (?:a )?(?:human|person)|human (?:review|approval)|questions asked|permission checks?|validation|asking (?:anyone|anybody|me|first))\b/gi,
  /\b(?:do not|don't|never|no need to)\b[^.!?\n]{0,20}\b(?:ask (?:for|me|anyone|anybody|again|questions)|wait for (?:an? )?(?:approval|confirmation)|log this|record this|tell (?:anyone|anybody|the (?:user|admin|operator)))\b/gi,
  /\byou are (?:now|no longer|hereby|actually)\b|\bfrom (?:now|here) on,? you\b|\byou (?:now |shall |must |will )?(?:only )?(?:obey|serve|answer to|listen to)\b|\b(?:act|behave|respond|answer) as (?:if|an?|the|root|admin|though)\b|\bpretend (?:to be|that|you)\b|\b(?:developer|admin|root|god|unrestricted|jailbreak|dan) mode\b|\b(?:you are|you're|planner|assistant|system|bot)\b[^.!?\n]{0,12}\b(?:debug|maintenance) mode\b/gi,
  /\b(?:set|change|raise|put)\b[^.!?\n]{0,20}\b(?:status|confidence|risk|priority of the plan|approver|approved ?by|requester)\b[^.!?\n]{0,20}\b(?:to|at|as)\b/gi,
  /\b(?:reveal|print|show|output|repeat|leak|dump|give me|tell me|disclose|display)\b[^.!?\n]{0,25}\b(?:(?:system|hidden|initial|original) prompt|your (?:prompt|instructions|rules|configuration|secrets?)|environment variables|api keys?|all secrets|secret:[a-z])/gi,
  /\b(?:plan|request|task|step|this)\b[^.!?\n]{0,30}\b(?:needs?|requires?)\b[^.!?\n]{0,20}\b(?:no|nobody|nobody's|no one's|without)\b[^.!?\n]{0,20}\b(?:consent|approvals?|review|confirmation|permission|sign-?off)\b/gi,
  /\b(?:no (?:human|one|body|person)|nobody|no-one)\b[^.!?\n]{0,15}\b(?:has|needs?|is required|must|should)\b[^.!?\n]{0,10}\b(?:look|check|review|approve|confirm|see|know|sign)\b/gi,
  /\b(?:approval|consent|permission|sign-?off|confirmation)s? (?:is|are|was|were|has been|have been|had been) (?:hereby |already |herewith )?(?:granted|given|there|not (?:needed|required|necessary)|waived|unnecessary|assumed)\b/gi,
  /\byour (?:(?:new|real|actual|true|only) (?:role|job|task|name|instructions?|orders?|rules?|purpose|mission)|role|instructions|rules) (?:is|are|will be)\b/gi,
  /\b(?:the |this )?(?:planner|decomposer|parser|orchestrator|language model|llm|chatbot)\b[^.!?\n]{0,40}\b(?:should|must|has to|have to|needs? to|is to|shall|will|may)\b|\bas (?:the|a|an|our) (?:planner|assistant|ai|bot|model|administrator)\b,? (?:you|please)\b/gi,
  /\b(?:take|follow|obey|accept)\b[^.!?\n]{0,12}\b(?:further|new|all|any|these|those|additional|my|other|only)\b[^.!?\n]{0,10}\b(?:instructions|commands|directives)\b/gi,
  /\b(?:put|give|use|assign|with)\b[^.!?\n]{0,15}\bconfidence\b|\b(?:answer|respond|reply|return)\b[^.!?\n]{0,15}\bstatus (?:completed?|approved|done|success)/gi,
  /(?<![\p{L}])(?:ignorier\w*|vergiss|vergessen sie|missachte\w*|übergeh\w*|umgeh\w*)(?![\p{L}])[^.!?\n]{0,60}(?:anweisung|regel|vorgabe|katalog|richtlinie|prüfung|anleitung)/giu,
  /(?<![\p{L}])(?:ignore[rz]?|oublie[rz]?|contourne[rz]?|ignora|olvida|olvide|omite|omita)(?![\p{L}])[^.!?\n]{0,60}(?:instructions|règles|consignes|catalogue|instrucciones|reglas|catálogo|directrices)/giu,
  /(?<![\p{L}])(?:markier\w*|kennzeichne\w*|betrachte\w*|setz\w*|marque[rz]?|considère|considérez|marca|considera|trata|trate)(?![\p{L}])[^.!?\n]{0,60}(?:genehmigt|freigegeben|bestätigt|erledigt|approuvé|validé|confirmé|terminé|aprobad|confirmad|completad)/giu,
  /(?<![\p{L}])(?:ohne (?:jede |weitere )?(?:genehmigung|freigabe|rückfrage|bestätigung)|sans (?:aucune )?(?:approbation|validation|confirmation)|sin (?:ninguna )?(?:aprobación|confirmación))/giu,
  /(?:忽略|无视|忘记|绕过)[^。！？\n]{0,30}(?:指令|规则|说明|目录|提示|限制)|(?:标记|视为|当作|设为)[^。！？\n]{0,20}(?:批准|完成|通过|确认)|(?:跳过|无需|不需要|不用)[^。！？\n]{0,10}(?:审批|批准|确认)/gu,
  /\b(?:respond|reply|answer|output|return|produce)\b (?:only |just |exclusively )?(?:with|in) (?:json|the following|exactly|only)\b|\b(?:output|return|emit|print) (?:the )?(?:following )?json\b/gi,
  /\b(?:execute|run|start|dispatch|proceed|carry (?:it|this|them) out)\b (?:it |this |everything |all |the plan |them )?(?:immediately|right away|at once|now|directly)?,? ?without\b[^.!?\n]{0,30}|\bexecute (?:immediately|everything|it all)\b/gi,
  /\b(?:i am|i'm|this is|speaking as)\b (?:the |your |an? )?(?:admin(?:istrator)?|system|developer|root|owner|ceo|security team)\b[^.!?\n]{0,40}\b(?:override|authori[sz]e|approve|allow|permit|grant|instruct|order|command)/gi,
]

/** Blanks data with spaces, so that every other character keeps its place. Linear: every repetition is bounded. */
export function withoutData(text: string): WithoutData {
  const ranges: [number, number][] = []
  for (const pattern of blocks) for (const match of text.matchAll(pattern)) {
    // A block behind a sentence end begins after it.
    const lead = /^[\n.!?;)\]"]\s*/.exec(match[0])?.[0].length ?? 0
    ranges.push([match.index + lead, match.index + match[0].length])
  }
  const blanked = blank(text, ranges)
  const more: [number, number][] = []
  for (const pattern of orders) for (const match of blanked.matchAll(pattern)) {
    // Instructions inside a short quotation are a value, and values call nothing.
    if (insideQuotation(blanked, match.index)) continue
    more.push([clauseStart(blanked, match.index), sentenceEnd(blanked, match.index + match[0].length)])
  }
  return { text: blank(blanked, more), cut: ranges.length + more.length > 0 }
}

function blank(text: string, ranges: readonly (readonly [number, number])[]): string {
  if (!ranges.length) return text
  const letters = [...Array(text.length).keys()].map((at) => text[at]!)
  for (const [from, to] of ranges) for (let at = from; at < to && at < letters.length; at++) if (letters[at] !== '\n') letters[at] = ' '
  return letters.join('')
}

function clauseStart(text: string, at: number): number {
  const before = text.slice(Math.max(0, at - 200), at)
  const cut = Math.max(before.search(/[.!?;:\n,](?=[^.!?;:\n,]*$)/), before.search(/\s(?:and|then|also|but|und|y|et)\s(?!.*\s(?:and|then|also|but|und|y|et)\s)/i))
  return cut < 0 ? Math.max(0, at - before.length) : at - before.length + cut + (/[.!?;:\n]/.test(before[cut]!) ? 1 : 0)
}

function sentenceEnd(text: string, at: number): number {
  const found = text.slice(at, at + 500).search(/[.!?\n](?=\s|$)|[。！？]/)
  return found < 0 ? Math.min(text.length, at + 500) : at + found
}

function insideQuotation(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', at) + 1, at)
  return (line.match(/["“”„«»]/g)?.length ?? 0) % 2 === 1
}
