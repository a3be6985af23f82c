/** The commands of a documentation page, so that what people paste is what the tests run. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Argument vectors of the lines that begin with `program`, with `$NAME` filled in. */
export function documentedCommands(page: string, program: string, values: Readonly<Record<string, string>>): string[][] {
  const text = readFileSync(join(import.meta.dirname, '../../docs', page), 'utf8')
  const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block!)
  const lines = blocks.flatMap((block) => block.split('\n')).filter((line) => line.startsWith(`${program} `))
  return lines.map((line) =>
    [...line.slice(program.length).matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => {
      const word = quoted ?? bare!
      return word.startsWith('$') ? values[word.slice(1)]! : word
    }))
}
