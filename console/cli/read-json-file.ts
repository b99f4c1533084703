import { resolve } from 'node:path'
import { UserError } from '../../domain/errors.js'
import type { Io } from './io.js'
import { jsonDefect } from './json-defect.js'
import { readText } from './read-text.js'

/**
 * Content of a JSON file that the user named, with or without the mark that some editors put before UTF-8.
 * @throws UserError bad_input with file, and line where one is known: no UTF-8, no JSON, and what `jsonDefect` finds.
 */
export function readJsonFile(io: Io, file: string): unknown {
  const text = readText(resolve(io.cwd, file)).replace(/^\uFEFF/, '')
  if (/[\0\uFFFD]/.test(text))
    throw new UserError('bad_input', `${file}: 不是 UTF-8 文本，请另存为 UTF-8 no UTF-8 text: save it as UTF-8`)
  const value = parsed(file, text)
  const defect = jsonDefect(text)
  if (defect !== null) throw new UserError('bad_input', `${file}:${lineAt(text, defect.position)}: ${defect.message}`)
  return value
}

function parsed(file: string, text: string): unknown {
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

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}
