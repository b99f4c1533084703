import { resolve } from 'node:path'
import { UserError } from '../../domain/errors.js'
import type { Io } from './io.js'
import { readText } from './read-text.js'
import { lineAt, repeatedKey } from './repeated-key.js'

/**
 * Content of a JSON file that the user named, with or without the mark that some editors put before UTF-8.
 * @throws UserError bad_input with file, and line where the parser lets it be found; also for a key that comes twice in one object.
 */
export function readJsonFile(io: Io, file: string): unknown {
  const text = readText(resolve(io.cwd, file)).replace(/^\uFEFF/, '')
  if (/[\0\uFFFD]/.test(text))
    throw new UserError('bad_input', `${file}: 不是 UTF-8 文本，请另存为 UTF-8 no UTF-8 text: save it as UTF-8`)
  const content = parse(file, text)
  const repeated = repeatedKey(text)
  if (repeated === null) return content
  throw new UserError('bad_input', `${file}:${repeated.line}: ${repeated.key}: 同一项写了两次 the key comes twice`)
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new UserError('bad_input', `${file}${lineIn(text, reason)}: 不是 JSON no JSON: ${reason}`, { cause })
  }
}

/** The parser tells a position, or some of the text around it. */
function lineIn(text: string, reason: string): string {
  const position = /at position (\d+)/.exec(reason)?.[1]
  if (position !== undefined) return `:${lineAt(text, Number(position))}`
  const around = /\.\.\."([\s\S]*)"\.\.\. is not valid JSON$/.exec(reason)?.[1]
  if (around === undefined || text.split(around).length !== 2) return ''
  return `:${lineAt(text, text.indexOf(around) + Math.floor(around.length / 2))}`
}
