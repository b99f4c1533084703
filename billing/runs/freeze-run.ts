import { UserError } from '../../domain/errors.js'
import { invariant, present } from '../../domain/result.js'
import { type Clock, holding } from '../../domain/runtime.js'
import type { Instant, LocalDate } from '../../domain/time.js'
import { findBilledMeanwhile, insertAlreadyBilled } from '../../storage/billing/already-billed.js'
import {
  countRunsOf,
  type DeterminantSetRow,
  findDeterminantSet,
  findRun,
  insertHeldAccounts,
  insertManifest,
  insertRun,
  runCounts,
} from '../../storage/billing/runs.js'
import { insertRunInput } from '../../storage/billing/run-inputs.js'
import { insertLedgerSegment, insertRunSegment, lockLedger } from '../../storage/billing/segments.js'
import type { Database, Transaction } from '../../storage/database.js'
import { requireActor } from '../require-actor.js'
import { canonicalJson } from '../tariffs/parse-tariff.js'
import { manifestSha256 } from './manifest.js'
import { refuseHalfIssued } from './refuse-billed-twice.js'
import { localPeriod, type PlannedRun, planRun, type TakeInputs, tariffsOfSet } from './plan-run.js'

export interface FreezeInput {
  /** Code of the organisation. */
  readonly organisation: string
  /** [periodStart, periodEnd) of the determinants. */
  readonly periodStart: Instant
  readonly periodEnd: Instant
  /** Day of the journal entries. */
  readonly accountingDate: LocalDate
  readonly dueDate: LocalDate
  readonly actor: string
  /** Accounts per shard, at most 20 000. */
  readonly segmentAccounts?: number
}

export interface FrozenRun {
  readonly kind: 'created' | 'exists'
  readonly runId: string
  readonly segments: number
  /** Of the determinant set: billed by this run, held, and already billed. */
  readonly accounts: number
  readonly held: number
  /** Have a bill of the period from another run. */
  readonly alreadyBilled: number
  readonly manifestSha256: string
}

/**
 * Fixes everything a run depends on under one hash: the last revision of the period's determinants, the signed tariff versions, the
 * ladder openings and the dates. Accounts that have a bill of the period and those whose determinants are held get their exception here;
 * those under a tariff of which nothing is on record get theirs when they are rated. The same freeze again answers `exists`; one that would
 * freeze something else under the same name is refused, unless the run before is issued or can no longer be: then it is a further run.
 * @throws UserError refused: `nothing_to_bill`, `issue_unfinished`.
 */
export async function freezeRun(database: Database, clock: Clock, input: FreezeInput): Promise<FrozenRun> {
  return holding(clock, () =>
    database.transaction(async (tx) => {
      await requireActor(tx, input.actor)
      await lockLedger(tx)
      const set = await requireSet(tx, input)
      const tariffs = await tariffsOfSet(tx, set)
      const runs = await countRunsOf(tx, set.set_id)
      const plan = (runId: string, take?: TakeInputs) => planRun(tx, { runId, set, tariffs }, input, take)
      const last = runs === 0 ? null : await sameRun(tx, set, runIdOf(set, input, runs), plan)
      if (last !== null) return reportOf(tx, 'exists', last)
      return reportOf(
        tx,
        'created',
        await newRun(tx, clock, { runId: runIdOf(set, input, runs + 1), set, plan }, input),
      )
    }),
  )
}

/** The last run on the set where it froze just this; null where a further one may follow it. */
async function sameRun(
  tx: Transaction,
  set: DeterminantSetRow,
  runId: string,
  plan: (runId: string) => Promise<PlannedRun>,
): Promise<PlannedRun | null> {
  const before = present(await findRun(tx, runId), runId)
  const isIssued = before.state === 'issued' || before.state === 'posted'
  if (!isIssued && (await findBilledMeanwhile(tx, { runId, setId: set.set_id })) !== null) return null
  const planned = await plan(runId)
  if (before.sha256.equals(manifestSha256(planned.manifest))) return planned
  if (isIssued) return null
  throw new UserError(
    'refused',
    `批次冻结的内容不同 run ${runId} froze something else; a change needs a new revision of the determinants`,
  )
}

async function newRun(
  tx: Transaction,
  clock: Clock,
  {
    runId,
    set,
    plan,
  }: Pick<PlannedRun, 'runId'> & {
    readonly set: DeterminantSetRow
    readonly plan: (runId: string, take: TakeInputs) => Promise<PlannedRun>
  },
  { actor }: FreezeInput,
): Promise<PlannedRun> {
  const { set_id: setId } = set
  await refuseHalfIssued(tx, { runId, setId })
  const at = clock.now()
  await insertRun(tx, { runId, set, actorId: actor, at })
  const billed = await insertAlreadyBilled(tx, { runId, setId, at })
  const held = await insertHeldAccounts(tx, runId, setId, at)
  const planned = await plan(runId, keepSegments(tx, runId, at))
  const found = planned.segments.reduce((sum, { accounts }) => sum + accounts, billed + held)
  invariant(found === set.account_count, `set ${setId} holds ${found} of ${set.account_count} accounts`)
  if (planned.segments.length === 0 && billed > 0) throw nothingToBill({ runId, billed, held })
  await insertManifest(
    tx,
    runId,
    { json: canonicalJson(planned.manifest), sha256: manifestSha256(planned.manifest) },
    at,
  )
  return planned
}

function nothingToBill({
  runId,
  billed,
  held,
}: {
  readonly runId: string
  readonly billed: number
  readonly held: number
}) {
  return new UserError(
    'refused',
    `${runId}: 无户可计费：${billed} 户本期已有账单，${held} 户待核；计费量变动的已发账单应作更正 nobody is left to bill: ${billed} accounts have their bill of the period, ${held} are held; a bill whose quantities changed since needs a correction`,
    { reason: 'nothing_to_bill' },
  )
}

async function reportOf(
  tx: Transaction,
  kind: FrozenRun['kind'],
  { runId, segments, manifest }: PlannedRun,
): Promise<FrozenRun> {
  const { accountsIn, exceptions, alreadyBilled } = await runCounts(tx, runId)
  return {
    kind,
    runId,
    segments: segments.length,
    accounts: accountsIn,
    held: exceptions - alreadyBilled,
    alreadyBilled,
    manifestSha256: manifestSha256(manifest).toString('hex'),
  }
}

async function requireSet(tx: Transaction, input: FreezeInput): Promise<DeterminantSetRow> {
  const set = await findDeterminantSet(tx, input.organisation, input.periodStart, input.periodEnd)
  if (set === null)
    throw new UserError(
      'not_found',
      `该期无计费量 organisation ${input.organisation} has no determinants for that period`,
    )
  return set
}

/** Every shard with its inputs, as they pass. */
function keepSegments(tx: Transaction, runId: string, at: Instant): TakeInputs {
  return async (segmentNo, { firstAccountId, lastAccountId, accounts }, usages) => {
    const segmentId = await insertLedgerSegment(tx, `bills:${runId}:${segmentNo}`, 'bills', at)
    await insertRunSegment(tx, segmentId, { runId, segmentNo, firstAccountId, lastAccountId, accountCount: accounts })
    await insertRunInput(tx, segmentId, usages)
  }
}

/** Further runs on one set are numbered: `county:2026-07-01:2026-08-01:r1.2`. */
function runIdOf(set: DeterminantSetRow, input: FreezeInput, nth: number): string {
  const { from, to } = localPeriod(set)
  return `${input.organisation}:${from}:${to}:r${set.revision}${nth === 1 ? '' : `.${nth}`}`
}
