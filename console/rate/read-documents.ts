import { unitProblem, type UnitProblem } from '../../billing/rating/check-units.js'
import type { Documents } from '../../billing/rating/compare/factors.js'
import type { RatingProblem } from '../../billing/rating/rate-usage.js'
import { usageDocumentSchema } from '../../billing/rating/usage/usage-schema.js'
import {
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
import { refuseFile } from '../cli/refuse-file.js'

/** What a bill is rated from, as the user named it. */
export function readDocuments(io: Io, tariff: readonly string[], usage: string): Documents {
  const documents = {
    tariff: readTariff(io, tariff),
    usage: accepted(io, usage, parseDocument(usageDocumentSchema, readJsonFile(io, usage))),
  }
  const problem = unitProblem(documents.tariff, documents.usage)
  if (problem !== null) throw refusal(problem, tariff, usage)
  return documents
}

/** Files of one tariff have its code and currency in common; their versions are put together. */
function readTariff(io: Io, files: readonly string[]): ComponentTariff {
  const [first, ...others] = files.map((file) => ({
    file,
    tariff: accepted(io, file, parseComponentTariff(readJsonFile(io, file))),
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

/** @throws UserError bad_input; everything that is wrong with the file is said. */
export function accepted<T>(io: Io, file: string, parsed: Result<T, DocumentRefused>): T {
  if (parsed.ok) return parsed.value
  const { defects } = parsed.error
  // What follows from another format says nothing more.
  const ofFormat = defects.filter(({ path }) => path === 'format')
  const told = ofFormat.length > 0 ? ofFormat : defects
  return refuseFile(
    io,
    file,
    told.map(({ kind, path, message }) => refusalText(`${path}: 不合规则 against the rules`, kind, message)),
  )
}

/** Why an account cannot be rated, with the file in which the reason stands. */
export function refusal(
  { kind, path, message }: RatingProblem | UnitProblem,
  tariff: readonly string[],
  usage: string,
): UserError {
  const file = path.startsWith('tariff.') ? tariff.join(', ') : usage
  return new UserError(
    'bad_input',
    `${file}: ${refusalText(`${path.replace(/^(tariff|usage)\./, '')}: 算不出 cannot be rated`, kind, message)}`,
  )
}
