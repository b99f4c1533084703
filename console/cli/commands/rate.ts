import type { Command } from 'commander'
import { type Bill, billSchema } from '../../../billing/rating/bill.js'
import { differenceOf } from '../../../billing/rating/bill-difference.js'
import { rateUsage, type RatingProblem } from '../../../billing/rating/rate-usage.js'
import { usageDocumentSchema } from '../../../billing/rating/usage/usage-schema.js'
import {
  type DocumentDefect,
  type DocumentRefused,
  parseComponentTariff,
  parseDocument,
} from '../../../billing/tariffs/components/parse-document.js'
import type { ComponentTariff } from '../../../billing/tariffs/components/tariff-schema.js'
import { UserError } from '../../../domain/errors.js'
import type { Result } from '../../../domain/result.js'
import { billText } from '../../rate/bill-text.js'
import type { Io } from '../io.js'
import { readJsonFile } from '../read-json-file.js'

interface RateFlags {
  readonly tariff: readonly string[]
  readonly usage: string
  readonly previous?: string
  readonly explain?: true
  readonly json?: true
}

export function addRateCommand(program: Command, io: Io): void {
  program
    .command('rate')
    .description('离线计费：一户的用量按电价文件逐项精确计费 · rates one account offline, every amount exact')
    .requiredOption(
      '--tariff <files...>',
      '电价文件，各版本可分在几个文件里 tariff file; versions may be spread over several',
    )
    .requiredOption('--usage <file>', '用量文件 usage file')
    .option('--previous <file>', '以前的账单：逐项给出差额 an earlier bill: the signed difference by component')
    .option('--explain', '每一行如何算出 how each line came about')
    .option('--json', '一个 JSON 文档 one JSON document')
    .action((flags: RateFlags) => {
      const tariff = readTariff(io, flags.tariff)
      const usage = accepted(flags.usage, parseDocument(usageDocumentSchema, readJsonFile(io, flags.usage)))
      const rated = rateUsage(tariff, usage)
      if (!rated.ok) throw refusal(rated.error, flags)
      const bill = withDifference(io, rated.value, tariff, flags.previous)
      io.out(flags.json === true ? JSON.stringify(shown(bill, flags)) : billText(bill, tariff, flags.explain === true))
    })
}

/** Files of one tariff have its code and currency in common; their versions are put together. */
function readTariff(io: Io, files: readonly string[]): ComponentTariff {
  const [first, ...others] = files.map((file) => ({
    file,
    tariff: accepted(file, parseComponentTariff(readJsonFile(io, file))),
  }))
  if (first === undefined) throw new UserError('bad_usage', 'rate: --tariff <files...>')
  for (const { file, tariff } of others) {
    if (tariff.code !== first.tariff.code || tariff.currency.code !== first.tariff.currency.code)
      throw new UserError(
        'bad_input',
        `${file}: code: 应为 expected ${first.tariff.code} (${first.tariff.currency.code}), as in ${first.file}`,
      )
  }
  return { ...first.tariff, versions: [first, ...others].flatMap(({ tariff }) => tariff.versions) }
}

function accepted<T>(file: string, parsed: Result<T, DocumentRefused>): T {
  if (parsed.ok) return parsed.value
  throw new UserError('bad_input', defectText(file, parsed.error.defects))
}

const mostDefects = 20

function defectText(file: string, defects: readonly DocumentDefect[]): string {
  const shownDefects = defects
    .slice(0, mostDefects)
    .map(({ kind, path, message }) => `${file}: ${path}: ${kind}: ${message}`)
  const rest = defects.length - shownDefects.length
  return [...shownDefects, ...(rest > 0 ? [`… ${rest} more`] : [])].join('\n')
}

function refusal({ kind, path, message }: RatingProblem, { tariff, usage }: RateFlags): UserError {
  const isOfTariff = path.startsWith('tariff.')
  const file = isOfTariff ? tariff.join(', ') : usage
  return new UserError('bad_input', `${file}: ${path.replace(/^(tariff|usage)\./, '')}: ${kind}: ${message}`)
}

function withDifference(io: Io, bill: Bill, tariff: ComponentTariff, previousFile: string | undefined): Bill {
  if (previousFile === undefined) return bill
  const previous = accepted(previousFile, parseDocument(billSchema, readJsonFile(io, previousFile)))
  if (previous.currency !== bill.currency)
    throw new UserError('bad_input', `${previousFile}: currency: 应为 expected ${bill.currency}`)
  return { ...bill, difference: differenceOf(bill, previous, tariff.currency.decimals) }
}

/** Steps are many; they are there when somebody asks for them. */
function shown(bill: Bill, { explain }: RateFlags): Bill {
  if (explain === true) return bill
  return {
    ...bill,
    periods: bill.periods.map((period) => ({ ...period, lines: period.lines.map(withoutSteps) })),
  }
}

function withoutSteps(line: Bill['periods'][number]['lines'][number]): Bill['periods'][number]['lines'][number] {
  const { steps: dropped, ...rest } = line
  return dropped === undefined ? line : rest
}
