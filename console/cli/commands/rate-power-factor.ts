import type { Command } from 'commander'
import { powerFactorAdviceDocument } from '../../../billing/rating/advice/advice-document.js'
import { type AdviceProblem, powerFactorAdvice } from '../../../billing/rating/advice/power-factor-advice.js'
import { UserError } from '../../../domain/errors.js'
import { adviceText } from '../../rate/advice-text.js'
import { readDocuments, refusal } from '../../rate/read-documents.js'
import type { Io } from '../io.js'

interface AdviceFlags {
  readonly tariff?: readonly string[]
  readonly usage?: string
  readonly json?: true
}

/** Its options are those of `rate`. */
export function addRatePowerFactorCommand(rate: Command, io: Io): void {
  rate
    .command('power-factor')
    .description(
      '提高功率因数可省多少，需少用多少无功，逐档完整重算 what a better power factor saves, and the kvarh it takes: each step rated anew',
    )
    .action((_: unknown, command: Command) => {
      const { tariff: files, usage: file, json } = command.optsWithGlobals<AdviceFlags>()
      if (files === undefined || file === undefined)
        throw new UserError('bad_usage', '应给出 --tariff 与 --usage expected --tariff <files...> and --usage <file>')
      const { tariff, usage } = readDocuments(io, files, file)
      const advice = powerFactorAdvice(tariff, usage)
      if (!advice.ok) throw problemOf(advice.error, files, file)
      const document = powerFactorAdviceDocument(advice.value, tariff)
      io.out(json === true ? JSON.stringify(document) : adviceText(document))
    })
}

function problemOf(problem: AdviceProblem, tariff: readonly string[], usage: string): UserError {
  if (problem.kind === 'bill_not_rated') return refusal(problem.problem, tariff, usage)
  return new UserError('bad_input', `${usage}: 不能给出建议 no advice: ${problem.kind}: ${problem.message}`)
}
