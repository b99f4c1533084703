import { type Command, Option } from 'commander'
import { type OverrideCode, overrideCodes } from '../../../domain/exception-policy.js'
import { UserError } from '../../../domain/errors.js'
import type { RegisterSet } from '../../../domain/reading.js'
import { formatScaled, parseScaled } from '../../../domain/scaled.js'
import { calendarFor, type Instant } from '../../../domain/time.js'
import { decideExceptions } from '../../../mdm/exceptions/decide-exceptions.js'
import type { DecideInput, LeftOut } from '../../../mdm/exceptions/decide-input.js'
import { claimTable } from '../../exceptions/exception-screen.js'
import { notDecidableWords } from '../../exceptions/exception-words.js'
import { parseFilter, resolveFilter } from '../../exceptions/filter-flags.js'
import { previewJson, previewText } from '../../exceptions/preview-text.js'
import { letTakeEffect } from '../../exceptions/let-take-effect.js'
import { sayTaken } from '../../exceptions/say-taken.js'
import { sourceName } from '../../meter/meter-text.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { parseInstant } from '../parse-instant.js'
import { requirePerson } from '../require-actor.js'
import { withDatabase } from '../session.js'

interface DecideFlags {
  readonly filter?: string
  readonly action: DecideInput['action']
  readonly reason: string
  readonly evidence: string
  readonly actor: string
  readonly until?: string
  readonly claim?: string
  readonly total?: string
  readonly tou1?: string
  readonly tou2?: string
  readonly tou3?: string
  readonly tou4?: string
  readonly override?: OverrideCode
  readonly dryRun?: true
  readonly json?: true
}
const actions = ['accept', 'correct', 'estimate', 'hold', 'field_order', 'reject']

export function addExceptionsDecideCommand(exceptions: Command, io: Io): void {
  exceptions
    .command('decide')
    .description(
      '处理一条或一批：认可、更正、估算、暂缓、补抄、驳回；超过阈值或更正须他人审批 decides one or many; above a threshold another person approves',
    )
    .argument('[codes...]', '编号或完整键 codes or whole keys')
    .option('--filter <fields>', '一批 all that are open: crew=…,area=…,kind=…,rule=…')
    .addOption(new Option('--action <action>', '操作 what to do').choices(actions).makeOptionMandatory())
    .requiredOption('--reason <text>', '原因 why')
    .option('--evidence <text>', '依据：照片、单据 what backs it; a correction needs it', '')
    .requiredOption('--actor <id>', '经办人 who decides')
    .option('--until <instant>', '暂缓至 for hold: until when')
    .option(
      '--claim <number>',
      '认可第几个示数；几个示数不一时必给 for accept: which of the values; needed where they disagree',
    )
    .option('--total <kwh>', '更正：总示数 for correct: the registers')
    .option('--tou1 <kwh>', '费率 1 register of tariff 1')
    .option('--tou2 <kwh>', '费率 2 register of tariff 2')
    .option('--tou3 <kwh>', '费率 3 register of tariff 3')
    .option('--tou4 <kwh>', '费率 4 register of tariff 4')
    .addOption(
      new Option(
        '--override <code>',
        '更正值与规则不符时的理由 for correct: why a value stands that the rules refuse',
      ).choices(overrideCodes),
    )
    .option(
      '--dry-run',
      '只列影响：示数、电量、计费量的前后值 only says what would change: readings, usage, frozen quantities, before and after',
    )
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((codes: readonly string[], flags: DecideFlags) => decide(io, codes, flags))
}

async function decide(io: Io, codes: readonly string[], flags: DecideFlags): Promise<void> {
  const now = createRealClock().now()
  const input = inputOf(codes, flags, now)
  const result = await withDatabase(io, 'console', async (console) => {
    await requirePerson(console, flags.actor)
    return decideExceptions(console, { ...input, filter: await resolveFilter(console, input.filter) })
  })
  if (!result.ok) {
    reportLeftOut(io, result.error.leftOut)
    if (flags.json === true) io.out(toJson({ outcome: 'refused', leftOut: result.error.leftOut.map(leftOutJson) }))
    throw new UserError('refused', refusals[result.error.kind])
  }
  const { decision, outcome, items, previews, leftOut } = result.value
  reportLeftOut(io, leftOut)
  if (decision === null) {
    io.out(
      flags.json === true
        ? toJson({ outcome, items, effects: previews.map(previewJson), leftOut: leftOut.map(leftOutJson) })
        : previewText(previews, items.length),
    )
    return
  }
  const taken = await letTakeEffect(io, decision, { actor: flags.actor, now })
  sayTaken(io, taken, flags.json === true ? { outcome, leftOut: leftOut.map(leftOutJson) } : null)
}

const refusals = {
  nothing_to_decide: '无可处理的异常 nothing that can be decided so',
  one_value_for_one_exception: '一个更正值只用于一条异常 one value is for one exception',
  hold_until_past: '--until: 暂缓日期已过 that instant is past',
} as const

function inputOf(codes: readonly string[], flags: DecideFlags, now: Instant): DecideInput {
  const { filter, action, reason, evidence, actor, until, claim, override, dryRun } = flags
  if (codes.length === 0 && filter === undefined)
    throw new UserError('bad_usage', '给出编号或 --filter name codes or a --filter')
  if (reason.trim() === '') throw new UserError('bad_usage', '--reason: 不得为空 must say something')
  if ((action === 'hold') !== (until !== undefined))
    throw new UserError('bad_usage', '--until: 暂缓时必给 is for hold, which needs it')
  if (action === 'correct' && evidence.trim() === '')
    throw new UserError('bad_usage', '--evidence: 更正须有依据 a correction needs what backs it')
  if (action !== 'correct' && override !== undefined)
    throw new UserError('bad_usage', '--override: 仅用于更正 is for correct')
  const value = registersOf(flags)
  if ((action === 'correct') !== (value !== null))
    throw new UserError('bad_usage', '--total: 更正时必给 is for correct, which needs it')
  return {
    filter: { ...(filter === undefined ? {} : parseFilter(filter)), ...(codes.length === 0 ? {} : { keys: codes }) },
    action,
    reason,
    evidence,
    actor,
    now,
    ...(until === undefined ? {} : { holdUntil: parseInstant(until) }),
    ...(claim === undefined ? {} : { claim: claimNumber(claim) }),
    ...(value === null ? {} : { value }),
    ...(override === undefined ? {} : { overrideCode: override }),
    ...(dryRun === true ? { dryRun } : {}),
  }
}

function claimNumber(text: string): number {
  if (!/^[1-9]\d?$/.test(text))
    throw new UserError('bad_usage', `--claim ${text}: 应为不小于 1 的整数 expected a whole number from 1`)
  return Number(text)
}

function registersOf({ total, tou1, tou2, tou3, tou4 }: DecideFlags): RegisterSet | null {
  if (total === undefined) return null
  const energy = (flag: string, text: string): bigint => {
    const value = parseScaled(text, 4)
    if (value === null || value < 0n)
      throw new UserError('bad_usage', `--${flag} ${text}: 应为千瓦时，例如 1012.50 expected kWh such as 1012.50`)
    return value
  }
  const tou = (flag: string, text: string | undefined) => (text === undefined ? null : energy(flag, text))
  return {
    totalE4: energy('total', total),
    touE4: [tou('tou1', tou1), tou('tou2', tou2), tou('tou3', tou3), tou('tou4', tou4)],
  }
}

function reportLeftOut(io: Io, leftOut: readonly LeftOut[]): void {
  for (const { exceptionKey, kind, detail, claims, timeZone } of leftOut) {
    io.err(`${exceptionKey}: ${kind}: ${notDecidableWords[kind]}${detail === undefined ? '' : ` · ${detail}`}`)
    if (claims === undefined || timeZone === undefined) continue
    io.err(claimTable(claims, calendarFor(timeZone)))
    io.err(`  认可其一 to accept one: --claim 1 … ${claims.length}`)
  }
}

/** A claim with its number, as `exceptions list CODE` shows it. */
function leftOutJson({ claims, ...rest }: LeftOut) {
  if (claims === undefined) return rest
  const numbered = claims.map(({ source, registers, recordedAt, lineCode, document }, index) => ({
    claim: index + 1,
    source: sourceName(source),
    total: formatScaled(registers.totalE4, 4, 2),
    tou: registers.touE4.map((value) => (value === null ? null : formatScaled(value, 4, 2))),
    line: lineCode,
    document,
    recordedAt: new Date(recordedAt).toISOString(),
  }))
  return { ...rest, claims: numbered }
}
