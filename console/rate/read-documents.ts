import type { Documents } from '../../billing/rating/compare/factors.js'
import type { RatingProblem } from '../../billing/rating/rate-usage.js'
import { usageDocumentSchema } from '../../billing/rating/usage/usage-schema.js'
import {
  type DocumentDefect,
  type DocumentRefused,
  parseComponentTariff,
  parseDocument,
} from '../../billing/tariffs/components/parse-document.js'
import type { ComponentTariff } from '../../billing/tariffs/components/tariff-schema.js'
import { UserError } from '../../domain/errors.js'
import { refusalText } from '../../domain/refusal-words.js'
import type { Result } from '../../domain/result.js'
import type { Io } from '../cli/io.js'
import { readJsonFile } from '../cli/read-json-file.js'

/** What a bill is rated from, as the user named it. */
export function readDocuments(io: Io, tariff: readonly string[], usage: string): Documents {
  return {
    tariff: readTariff(io, tariff),
    usage: accepted(usage, parseDocument(usageDocumentSchema, readJsonFile(io, usage))),
  }
}

/** Files of one tariff have its code and currency in common; their versions are put together. */
function readTariff(io: Io, files: readonly string[]): ComponentTariff {
  const [first, ...others] = files.map((file) => ({
    file,
    tariff: accepted(file, parseComponentTariff(readJsonFile(io, file))),
  }))
  if (first === undefined) throw new UserError('bad_usage', '应给出 --tariff expected --tariff <files...>')
  for (const { file, tariff } of others) {
    if (tariff.code !== first.tariff.code || tariff.currency.code !== first.tariff.currency.code)
      throw new UserError(
        'bad_input',
        `${file}: code: 应为 expected ${first.tariff.code} (${first.tariff.currency.code}), as in ${first.file}`,
      )
  }
  return { ...first.tariff, versions: [first, ...others].flatMap(({ tariff }) => tariff.versions) }
}

/** @throws UserError bad_input with everything that is wrong with the file. */
export function accepted<T>(file: string, parsed: Result<T, DocumentRefused>): T {
  if (parsed.ok) return parsed.value
  throw new UserError('bad_input', defectText(file, parsed.error.defects))
}

const mostDefects = 20

function defectText(file: string, defects: readonly DocumentDefect[]): string {
  // What follows from another format says nothing more.
  const ofFormat = defects.filter(({ path }) => path === 'format')
  const told = ofFormat.length > 0 ? ofFormat : defects
  const shownDefects = told
    .slice(0, mostDefects)
    .map(({ kind, path, message }) => `${file}: ${refusalText(`${path}: 不合规则 against the rules`, kind, message)}`)
  const rest = told.length - shownDefects.length
  return [...shownDefects, ...(rest > 0 ? [`… 另有 ${rest} 处 ${rest} more`] : [])].join('\n')
}

/** Why an account cannot be rated, with the file in which the reason stands. */
export function refusal({ kind, path, message }: RatingProblem, tariff: readonly string[], usage: string): UserError {
  const file = path.startsWith('tariff.') ? tariff.join(', ') : usage
  return new UserError(
    'bad_input',
    `${file}: ${refusalText(`${path.replace(/^(tariff|usage)\./, '')}: 算不出 cannot be rated`, kind, message)}`,
  )
}
