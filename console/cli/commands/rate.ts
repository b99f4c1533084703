import type { Command } from 'commander'
import { type Bill, billSchema } from '../../../billing/rating/bill.js'
import { differenceOf } from '../../../billing/rating/bill-difference.js'
import { rateUsage } from '../../../billing/rating/rate-usage.js'
import { parseDocument } from '../../../billing/tariffs/components/parse-document.js'
import type { ComponentTariff } from '../../../billing/tariffs/components/tariff-schema.js'
import { UserError } from '../../../domain/errors.js'
import { billText } from '../../rate/bill-text.js'
import { accepted, readDocuments, refusal } from '../../rate/read-documents.js'
import type { Io } from '../io.js'
import { readJsonFile } from '../read-json-file.js'
import { addRateCompareCommand } from './rate-compare.js'
import { addRatePowerFactorCommand } from './rate-power-factor.js'

interface RateFlags {
  readonly tariff?: readonly string[]
  readonly usage?: string
  readonly previous?: string
  readonly explain?: true
  readonly json?: true
}

export function addRateCommand(program: Command, io: Io): void {
  const rate = program
    .command('rate')
    .description('离线计费：一户的用量按电价文件逐项精确计费 · rates one account offline, every amount exact')
    .option('--tariff <files...>', '电价文件，各版本可分在几个文件里 tariff file; versions may be spread over several')
    .option('--usage <file>', '用量文件 usage file')
    .option('--previous <file>', '以前的账单：逐项给出差额 an earlier bill: the signed difference by component')
    .option('--explain', '每一行如何算出 how each line came about')
    .option('--json', '一个 JSON 文档 one JSON document')
    .action((flags: RateFlags) => {
      // Not required options: `rate compare` has files of its own.
      if (flags.tariff === undefined || flags.usage === undefined)
        throw new UserError('bad_usage', '应给出 --tariff 与 --usage expected --tariff <files...> and --usage <file>')
      const { tariff, usage } = readDocuments(io, flags.tariff, flags.usage)
      const explained = flags.explain === true
      const rated = rateUsage(tariff, usage, { explained })
      if (!rated.ok) throw refusal(rated.error, flags.tariff, flags.usage)
      const bill = withDifference(io, rated.value, tariff, flags.previous)
      io.out(flags.json === true ? JSON.stringify(bill) : billText(bill, tariff, explained))
    })
  addRateCompareCommand(rate, io)
  addRatePowerFactorCommand(rate, io)
}

function withDifference(io: Io, bill: Bill, tariff: ComponentTariff, previousFile: string | undefined): Bill {
  if (previousFile === undefined) return bill
  const previous = accepted(io, previousFile, parseDocument(billSchema, readJsonFile(io, previousFile)))
  if (previous.currency !== bill.currency)
    throw new UserError('bad_input', `${previousFile}: currency: 应为 expected ${bill.currency}`)
  return { ...bill, difference: differenceOf(bill, previous, tariff.currency.decimals) }
}
