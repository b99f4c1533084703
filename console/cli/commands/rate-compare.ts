import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { type Comparison, compareBills, type ComparisonProblem } from '../../../billing/rating/compare/compare-bills.js'
import { comparisonDocument } from '../../../billing/rating/compare/comparison-document.js'
import type { Documents } from '../../../billing/rating/compare/factors.js'
import { UserError } from '../../../domain/errors.js'
import { unreachable } from '../../../domain/result.js'
import { comparisonText } from '../../rate/comparison-text.js'
import { readDocuments, refusal } from '../../rate/read-documents.js'
import type { Io } from '../io.js'
import { writing } from '../writing.js'

interface CompareFlags {
  readonly fromTariff: readonly string[]
  readonly fromUsage: string
  readonly toTariff?: readonly string[]
  readonly toUsage?: string
  readonly keep?: string
  readonly explain?: true
  readonly json?: true
}

/** Options that `rate` has too reach this command through it. */
export function addRateCompareCommand(rate: Command, io: Io): void {
  rate
    .command('compare')
    .description(
      '两张账单为何不同：差额逐因素分解到分，每一步都是完整重算 why two bills differ: the difference by factor, to the fen',
    )
    .requiredOption('--from-tariff <files...>', '前一张账单的电价文件 tariff of the first bill')
    .requiredOption('--from-usage <file>', '前一张账单的用量文件 usage of the first bill')
    .option('--to-tariff <files...>', '后一张的电价文件，缺省同前 tariff of the second bill; the same by default')
    .option('--to-usage <file>', '后一张的用量文件，缺省同前 usage of the second bill; the same by default')
    .option(
      '--keep <folder>',
      '存下每一步的电价与用量，可再用 rate 重算 the documents of each step, to rate them again',
    )
    .option('--explain', '每个因素落在哪些项目上 what each factor changes, by component')
    .option('--json', '一个 JSON 文档 one JSON document')
    .action((_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CompareFlags>()
      const compared = compareBills(
        readDocuments(io, flags.fromTariff, flags.fromUsage),
        readDocuments(io, flags.toTariff ?? flags.fromTariff, flags.toUsage ?? flags.fromUsage),
      )
      if (!compared.ok) throw problemOf(compared.error, flags)
      const { keep } = flags
      const document = comparisonDocument(
        compared.value,
        keep === undefined ? () => null : writing(keep, () => keepDocuments(resolve(io.cwd, keep), compared.value)),
      )
      io.out(flags.json === true ? JSON.stringify(document) : comparisonText(document, flags.explain === true))
    })
}

type Files = (place: number) => { readonly tariff: string; readonly usage: string }

/** Files are numbered in the order in which they follow from each other; 0 is the first bill. */
function keepDocuments(folder: string, { first, steps }: Comparison): Files {
  mkdirSync(folder, { recursive: true })
  const kept: readonly (readonly [name: string, documents: Documents])[] = [
    ['0-from', first],
    ...steps.map(({ factor, documents }, index) => [`${index + 1}-${factor.replaceAll('_', '-')}`, documents] as const),
  ]
  const fileOf = (place: number, part: 'tariff' | 'usage') => `${kept[place]?.[0] ?? ''}.${part}.json`
  for (const [place, [, documents]] of kept.entries())
    for (const part of ['tariff', 'usage'] as const)
      writeFileSync(resolve(folder, fileOf(place, part)), `${JSON.stringify(documents[part], null, 2)}\n`)
  return (place) => ({ tariff: fileOf(place, 'tariff'), usage: fileOf(place, 'usage') })
}

function problemOf(problem: ComparisonProblem, flags: CompareFlags): UserError {
  const { fromTariff, fromUsage, toTariff = fromTariff, toUsage = fromUsage } = flags
  switch (problem.kind) {
    case 'zones_differ':
    case 'currencies_differ':
    case 'periods_do_not_pair':
    case 'curve_not_laid':
      return new UserError(
        'bad_input',
        `${fromUsage}, ${toUsage}: 不能比较 cannot be compared: ${problem.kind}: ${problem.message}`,
      )
    case 'bill_not_rated':
      return problem.side === 'first'
        ? refusal(problem.problem, fromTariff, fromUsage)
        : refusal(problem.problem, toTariff, toUsage)
    case 'step_not_rated': {
      const { kind, path, message } = problem.problem
      return new UserError(
        'bad_input',
        `${fromUsage}, ${toUsage}: 中间一步算不出 a step cannot be rated: ${problem.kind}: ${problem.factor}: ${path}: ${kind}: ${message}`,
      )
    }
    default:
      return unreachable(problem)
  }
}
