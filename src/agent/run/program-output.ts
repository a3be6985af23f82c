/** What a program writes, read line by line within bounds: progress, the last JSON line, the last of the text. */
import { StringDecoder } from 'node:string_decoder'

export type ProgramOutput = {
  write(chunk: Buffer): void
  /** No more comes. */
  end(): void
  /** The value of the last line that is a JSON object or array; undefined where there is none. */
  json(): unknown
  /** The last of what was written besides progress, whole lines. */
  text(): string
  lastLine(): string
}

const progressLine = /^progress\s+(\d+(?:\.\d+)?)(%?)(?:\s+(.*))?$/
const maxTextLength = 16_384

/** Lines beyond `maxLineLength` are cut there. */
export function createProgramOutput(
  maxLineLength: number,
  onProgress: (fraction: number, message?: string) => void,
): ProgramOutput {
  const decoder = new StringDecoder('utf8')
  let partial = ''
  let jsonLine = ''
  let lines: string[] = []
  let length = 0

  function take(line: string): void {
    const progress = progressLine.exec(line)
    if (progress) return onProgress(Number(progress[1]) / (progress[2] ? 100 : 1), progress[3])
    if (/^\s*[{[].*[\]}]\s*$/.test(line)) jsonLine = line
    const kept = line.slice(0, maxTextLength)
    if (!kept.trim()) return
    lines.push(kept)
    length += kept.length + 1
    while (length > maxTextLength && lines.length > 1) length -= lines.shift()!.length + 1
  }

  function read(text: string): void {
    const pieces = text.split(/\r?\n/)
    pieces.forEach((piece, index) => {
      partial = (partial + piece).slice(0, maxLineLength)
      if (index === pieces.length - 1) return
      take(partial)
      partial = ''
    })
  }

  return {
    write: (chunk) => read(decoder.write(chunk)),
    end() {
      read(decoder.end())
      if (partial) take(partial)
      partial = ''
    },
    json() {
      try {
        return jsonLine ? JSON.parse(jsonLine) : undefined
      } catch {
        return undefined
      }
    },
    text: () => lines.join('\n'),
    lastLine: () => lines.at(-1) ?? '',
  }
}
