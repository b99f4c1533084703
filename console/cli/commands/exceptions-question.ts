import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { quantities } from '../../../domain/quantities.js'
import type { Instant } from '../../../domain/time.js'
import { type QuestionRefused, questionReading } from '../../../mdm/exceptions/question-reading.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { parseInstant } from '../parse-instant.js'
import { requirePerson } from '../require-actor.js'
import { withDatabase } from '../session.js'

interface QuestionFlags {
  readonly at: Instant
  readonly quantity: string
  readonly reason: string
  readonly actor: string
  readonly json?: true
}

export function addExceptionsQuestionCommand(exceptions: Command, io: Io): void {
  exceptions
    .command('question')
    .description(
      '对已认可的示数立项：凭证据更正，须他人审批 a person doubts a reading that was accepted; it is then corrected like any exception',
    )
    .argument('<meter>', '电表资产号 meter code')
    .requiredOption('--at <instant>', '示数时刻 the instant of the reading, such as "2026-07-16 10:00"', parseInstant)
    .option('--quantity <number>', '量，默认正向有功 quantity; forward active energy by default', '1')
    .requiredOption('--reason <text>', '原因 why')
    .requiredOption('--actor <id>', '提出人 who doubts it')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((meter: string, flags: QuestionFlags) => question(io, meter, flags))
}

async function question(io: Io, meter: string, { at, quantity, reason, actor, json }: QuestionFlags): Promise<void> {
  if (reason.trim() === '') throw new UserError('bad_usage', '--reason: 不得为空 must say something')
  const asked = {
    meter,
    readAt: at,
    quantity: quantityFrom(quantity),
    reason,
    actor,
    now: createRealClock().now(),
  }
  const result = await withDatabase(io, 'mdm', async (mdm) => {
    await requirePerson(mdm, actor)
    return questionReading(mdm, asked)
  })
  if (!result.ok) throw new UserError('refused', `${meter}: ${refusals[result.error.kind]}`)
  const { outcome, exception } = result.value
  if (json === true) return io.out(toJson({ outcome, code: exception.code, exceptionKey: exception.exceptionKey }))
  io.out(
    `${exception.code} ${outcome === 'opened' ? '已立项 opened' : '已有 exists'}；更正 to correct it: shuangwu exceptions decide ${exception.code} --action correct --total … --reason … --evidence … --actor …`,
  )
}

function quantityFrom(text: string): number {
  const known: readonly number[] = Object.values(quantities).map(({ code }) => code)
  const code = Number(text)
  if (!known.includes(code))
    throw new UserError('bad_usage', `--quantity ${text}: 应为其中之一 expected one of ${known.join(', ')}`)
  return code
}

const refusals: Readonly<Record<QuestionRefused['kind'], string>> = {
  no_decision: '此时刻无已校核示数 nothing is decided of such a reading; see vee show',
  held_already: '该示数已待核，在队列中 it is held and in the queue already',
  hangs_nowhere: '该表从未安装 the meter never hung anywhere',
  answered_already: '已就此示数作过决定 it was doubted before, and a person decided about it',
}
