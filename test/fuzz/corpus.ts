import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Target } from './target.js'

/** Inputs that were worth keeping, by kind. */
export type Corpus = Readonly<Record<Target['corpus'], readonly Buffer[]>>

/** In the checkout, where what was found is to be committed: build/test/fuzz -> root. */
export const corpusFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'test', 'fuzz', 'corpus')

/** `.hex`: one input per line, `#` before words about it, taken by every target. `.json`: the whole file is one input. */
export function readCorpus(folder: string): Corpus {
  const files = existsSync(folder) ? readdirSync(folder).toSorted() : []
  const read = (extension: string) =>
    files.filter((file) => extname(file) === extension).map((file) => readFileSync(join(folder, file)))
  const hex = read('.hex').flatMap(inputsOf)
  return { hex, json: [...read('.json'), ...hex] }
}

function inputsOf(file: Buffer): readonly Buffer[] {
  return file
    .toString('utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').replaceAll(/\s/g, ''))
    .filter((digits) => digits !== '')
    .map((digits) => Buffer.from(digits, 'hex'))
}

/** Keeps a failing input; always as hexadecimal, since a failing text may be no text. */
export function keepInput(folder: string, name: string, about: string, input: Buffer): string {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}.hex`)
  writeFileSync(path, `# ${about.replaceAll(/\s+/g, ' ')}\n${input.toString('hex').toUpperCase()}\n`)
  return path
}
