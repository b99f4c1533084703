import { resolve } from 'node:path'
import { UserError } from '../../domain/errors.js'
import type { Io } from './io.js'
import { jsonDefect } from './json-defect.js'
import { readText } from './read-text.js'

/** Content of a JSON file that the user named. @throws UserError bad_input with file, and line where one is known. */
export function readJsonFile(io: Io, file: string): unknown {
  const text = readText(resolve(io.cwd, file))
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

function lineIn(text: string, reason: string): string {
  const position = /at position (\d+)/.exec(reason)?.[1]
  return position === undefined ? '' : `:${lineAt(text, Number(position))}`
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}
