import { extname, resolve } from 'node:path'
import { z } from 'zod'
import { UserError } from '../../domain/errors.js'
import { documentErrorText, readYaml } from '../../domain/yaml-document.js'
import type { Io } from './io.js'
import { readJsonFile } from './read-json-file.js'
import { readText } from './read-text.js'

/** Content of a YAML file (`.yaml`, `.yml`) or a JSON file that the user named. @throws UserError bad_input with file and line. */
export function readDocument(io: Io, file: string): unknown {
  if (!/^\.ya?ml$/i.test(extname(file))) return readJsonFile(io, file)
  const read = readYaml(readText(resolve(io.cwd, file)), z.unknown())
  if (read.ok) return read.value
  throw new UserError('bad_input', documentErrorText(file, read.error))
}
