import { type Command, Option } from 'commander'
import { fourEyes } from '../../../domain/actor-errors.js'
import { UserError } from '../../../domain/errors.js'
import type { RegisterSet } from '../../../domain/reading.js'
import { parseScaled } from '../../../domain/scaled.js'
import type { Instant } from '../../../domain/time.js'
import { applyDecisions } from '../../../mdm/exceptions/apply-decisions.js'
import { decideExceptions, type DecideInput, type LeftOut } from '../../../mdm/exceptions/decide-exceptions.js'
import { undoDecision } from '../../../mdm/exceptions/undo-decision.js'
import type { Database } from '../../../storage/database.js'
import {
  findDecision,
  insertDecisionApproval,
  listDecisions,
  readDecisionItems,
  type StoredDecision,
} from '../../../storage/mdm/exception-decisions.js'
import { decisionJson, decisionLine, decisionsTable, itemsTable } from '../../exceptions/decision-text.js'
import { notDecidableWords } from '../../exceptions/exception-words.js'
import { parseFilter } from '../../exceptions/filter-flags.js'
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
  readonly dryRun?: true
  readonly json?: true
}
interface ActorFlags {
  readonly actor: string
  readonly reason: string
  readonly json?: true
}

const actions = ['accept', 'correct', 'estimate', 'hold', 'field_order', 'reject']
const mostListed = 100

export function addExceptionsDecideCommands(exceptions: Command, io: Io): void {
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
    .option('--claim <number>', '认可第几个示数 for accept: which of the values, 1 when left out')
    .option('--total <kwh>', '更正：总示数 for correct: the registers')
    .option('--tou1 <kwh>', '费率 1')
    .option('--tou2 <kwh>', '费率 2')
    .option('--tou3 <kwh>', '费率 3')
    .option('--tou4 <kwh>', '费率 4')
    .option('--dry-run', '只列清单与影响 only says what would be decided')
    .option('--json', 'one JSON document')
    .action((codes: readonly string[], flags: DecideFlags) => decide(io, codes, flags))
  exceptions
    .command('approve')
    .description('审批决定，经办人除外 approves a decision; not by its author')
    .argument('<decision>', '决定编号 decision id')
    .requiredOption('--actor <id>', '批准人 who approves')
    .option('--json', 'one JSON document')
    .action((id: string, flags: ActorFlags) => approve(io, decisionIdFrom(id), flags))
  exceptions
    .command('undo')
    .description('撤销一个决定的全部条目，回到决定前 puts back everything that a decision did, or withdraws it')
    .argument('<decision>', '决定编号 decision id')
    .requiredOption('--reason <text>', '原因 why')
    .requiredOption('--actor <id>', '经办人 who undoes')
    .option('--json', 'one JSON document')
    .action((id: string, flags: ActorFlags) => undo(io, decisionIdFrom(id), flags))
  exceptions
    .command('decisions')
    .description(`最近 ${mostListed} 个决定，或一个决定的清单 the latest decisions, or the list of one`)
    .argument('[decision]', '决定编号 decision id')
    .option('--waiting', '仅待批 only what waits for approval')
    .option('--json', 'one JSON document')
    .action((id: string | undefined, flags: { readonly waiting?: true; readonly json?: true }) =>
      id === undefined ? listAll(io, flags) : showOne(io, decisionIdFrom(id), flags),
    )
}

async function decide(io: Io, codes: readonly string[], flags: DecideFlags): Promise<void> {
  const now = createRealClock().now()
  const input = inputOf(codes, flags, now)
  const result = await withDatabase(io, 'console', async (console) => {
    await requirePerson(console, flags.actor)
    return decideExceptions(console, input)
  })
  if (!result.ok) {
    reportLeftOut(io, result.error.leftOut)
    throw new UserError('refused', refusals[result.error.kind])
  }
  const { decision, outcome, items, leftOut } = result.value
  reportLeftOut(io, leftOut)
  if (decision === null) {
    io.out(
      flags.json === true
        ? toJson({ outcome, items, leftOut })
        : itemsTable(items.map((item) => ({ ...item, effectE4: null, effectFen: null, outcome: null, detail: null }))),
    )
    return
  }
  const shown = await applied(io, decision, now)
  io.out(flags.json === true ? toJson({ outcome, ...decisionJson(shown), leftOut }) : decisionLine(shown))
}

const refusals = {
  nothing_to_decide: '无可处理的异常 nothing that can be decided so',
  one_value_for_one_exception: '一个更正值只用于一条异常 one value is for one exception',
} as const

/** What needs nobody else takes effect at once. */
async function applied(io: Io, decision: StoredDecision, now: Instant): Promise<StoredDecision> {
  const { decisionId, approvalsNeeded, approvers } = decision
  if (approvers.length < approvalsNeeded) return decision
  return withDatabase(io, 'mdm', async (mdm) => {
    await applyDecisions(mdm, { now, decisionId })
    return (await findDecision(mdm, decisionId)) ?? decision
  })
}

function inputOf(codes: readonly string[], flags: DecideFlags, now: Instant): DecideInput {
  const { filter, action, reason, evidence, actor, until, claim, dryRun } = flags
  if (codes.length === 0 && filter === undefined)
    throw new UserError('bad_usage', '给出编号或 --filter name codes or a --filter')
  if (reason.trim() === '') throw new UserError('bad_usage', '--reason: 不得为空 must say something')
  if ((action === 'hold') !== (until !== undefined))
    throw new UserError('bad_usage', '--until: 暂缓时必给 is for hold, which needs it')
  if (action === 'correct' && evidence.trim() === '')
    throw new UserError('bad_usage', '--evidence: 更正须有依据 a correction needs what backs it')
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
    ...(dryRun === true ? { dryRun } : {}),
  }
}

function claimNumber(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new UserError('bad_usage', `--claim ${text}: expected a whole number from 1`)
  return Number(text)
}

function registersOf({ total, tou1, tou2, tou3, tou4 }: DecideFlags): RegisterSet | null {
  if (total === undefined) return null
  const energy = (flag: string, text: string): bigint => {
    const value = parseScaled(text, 4)
    if (value === null || value < 0n)
      throw new UserError('bad_usage', `--${flag} ${text}: expected kWh such as 1012.50`)
    return value
  }
  const tou = (flag: string, text: string | undefined) => (text === undefined ? null : energy(flag, text))
  return {
    totalE4: energy('total', total),
    touE4: [tou('tou1', tou1), tou('tou2', tou2), tou('tou3', tou3), tou('tou4', tou4)],
  }
}

function reportLeftOut(io: Io, leftOut: readonly LeftOut[]): void {
  for (const { exceptionKey, kind } of leftOut) io.err(`${exceptionKey}: ${kind}: ${notDecidableWords[kind]}`)
}

async function approve(io: Io, decisionId: string, { actor, json }: ActorFlags): Promise<void> {
  const now = createRealClock().now()
  const decision = await withDatabase(io, 'console', async (console) => {
    await requirePerson(console, actor)
    const found = await known(console, decisionId)
    if (found.actor === actor) throw fourEyes(actor, '作出了该决定 made this decision')
    await insertDecisionApproval(console, { decisionId, approver: actor, approvedAt: now })
    return known(console, decisionId)
  })
  const shown = await applied(io, decision, now)
  io.out(json === true ? toJson(decisionJson(shown)) : decisionLine(shown))
}

async function undo(io: Io, decisionId: string, { actor, reason, json }: ActorFlags): Promise<void> {
  const now = createRealClock().now()
  const undone = await withDatabase(io, 'console', async (console) => {
    await requirePerson(console, actor)
    return undoDecision(console, { decisionId, reason, actor, now })
  })
  if (!undone.ok)
    throw undone.error.kind === 'decision_not_found'
      ? notFound(decisionId)
      : new UserError('refused', `${decisionId}: 撤销不可再撤销，请重新处理 an undo stands; decide again instead`)
  const shown = await applied(io, undone.value.decision, now)
  io.out(json === true ? toJson({ outcome: undone.value.outcome, ...decisionJson(shown) }) : decisionLine(shown))
}

async function listAll(io: Io, { waiting, json }: { readonly waiting?: true; readonly json?: true }): Promise<void> {
  const decisions = await withDatabase(io, 'reader', (reader) =>
    listDecisions(reader, { waiting: waiting === true, limit: mostListed }),
  )
  if (json === true) return io.out(toJson({ decisions: decisions.map(decisionJson) }))
  io.out(decisions.length === 0 ? '无 none' : decisionsTable(decisions))
}

async function showOne(io: Io, decisionId: string, { json }: { readonly json?: true }): Promise<void> {
  const [decision, items] = await withDatabase(io, 'reader', async (reader) => [
    await known(reader, decisionId),
    await readDecisionItems(reader, decisionId),
  ])
  if (json === true) return io.out(toJson({ ...decisionJson(decision), items }))
  io.out(decisionLine(decision))
  io.out(itemsTable(items))
}

async function known(database: Database, decisionId: string): Promise<StoredDecision> {
  const found = await findDecision(database, decisionId)
  if (found === null) throw notFound(decisionId)
  return found
}

function notFound(decisionId: string): UserError {
  return new UserError('not_found', `${decisionId}: 无此决定 no such decision`)
}

function decisionIdFrom(text: string): string {
  const id = text.toLowerCase()
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
    throw new UserError('bad_usage', `${text}: 应为决定编号 expected a decision id`)
  return id
}
