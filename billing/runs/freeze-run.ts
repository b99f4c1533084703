import { UserError } from '../../domain/errors.js'
import { invariant } from '../../domain/result.js'
import { type Clock, holding } from '../../domain/runtime.js'
import { calendarFor, type Instant, type LocalDate } from '../../domain/time.js'
import {
  countHolds,
  type DeterminantSetRow,
  findDeterminantSet,
  findRun,
  insertHeldAccounts,
  insertRun,
  runCounts,
  tariffCodesOf,
} from '../../storage/billing/runs.js'
import { createUsageReader, everyAccount, streamUsages } from '../../storage/billing/segment-usages.js'
import { knownTariffCodes } from '../../storage/billing/tariff-versions.js'
import { insertLedgerSegment, insertRunSegment, lockLedger } from '../../storage/billing/segments.js'
import type { Database, Transaction } from '../../storage/database.js'
import { inputsOf } from '../by-account/asks-for-curve.js'
import { requireActor } from '../require-actor.js'
import type { ComponentTariff } from '../tariffs/components/tariff-schema.js'
import { canonicalJson } from '../tariffs/parse-tariff.js'
import { withComponentInputs } from './component-digests.js'
import { loadFrozenTariffs, tariffsInForce } from './frozen-tariffs.js'
import { type Manifest, manifestSha256 } from './manifest.js'
import { createSegmentPlanner, maxSegmentAccounts, type PlannedSegment } from './plan-segments.js'

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
  readonly accounts: number
  readonly held: number
  readonly manifestSha256: string
}

/**
 * Fixes everything a run depends on under one hash: the last revision of the period's determinants, the signed tariff versions, the
 * ladder openings and the dates. Accounts whose determinants are held get their exception here; those under a tariff of which nothing is
 * on record get theirs when they are rated. The same freeze again
 * answers `exists`; one that would freeze something else under the same name is refused.
 */
export async function freezeRun(database: Database, clock: Clock, input: FreezeInput): Promise<FrozenRun> {
  return holding(clock, () =>
    database.transaction(async (tx) => {
      await requireActor(tx, input.actor)
      await lockLedger(tx)
      const set = await requireSet(tx, input)
      const tariffs = await tariffsOfSet(tx, set)
      const { curveCodes } = inputsOf(tariffs.components)
      const segments = await planSegments(tx, set, input.segmentAccounts ?? maxSegmentAccounts, curveCodes)
      const planned = segments.reduce((sum, { accounts }) => sum + accounts, 0)
      const found = planned + (await countHolds(tx, set.set_id))
      invariant(found === set.account_count, `set ${set.set_id} holds ${found} of ${set.account_count} accounts`)
      const manifest = await buildManifest(tx, set, { segments, tariffs }, input)
      const runId = runIdOf(set, input)
      const kind = await insertFrozen(tx, clock, { runId, set, segments, manifest, actor: input.actor })
      const { accountsIn, exceptions } = await runCounts(tx, runId)
      const sha256 = manifestSha256(manifest).toString('hex')
      return { kind, runId, segments: segments.length, accounts: accountsIn, held: exceptions, manifestSha256: sha256 }
    }),
  )
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

async function planSegments(
  tx: Transaction,
  set: DeterminantSetRow,
  limit: number,
  curveCodes: readonly string[],
): Promise<readonly PlannedSegment[]> {
  invariant(Number.isInteger(limit) && limit > 0 && limit <= maxSegmentAccounts, 'a shard holds 1 to 20 000 accounts')
  const planner = createSegmentPlanner(limit, curveCodes)
  const reader = createUsageReader(planner.take, planner.pass)
  await streamUsages(tx, set.set_id, everyAccount, reader.push)
  reader.end()
  return planner.finish()
}

interface SetTariffs {
  readonly inForce: Manifest['tariffs']
  readonly components: readonly ComponentTariff[]
}

async function tariffsOfSet(tx: Transaction, set: DeterminantSetRow): Promise<SetTariffs> {
  const { from, to } = localPeriod(set)
  const inForce = await tariffsInForce(tx, await knownTariffCodes(tx, await tariffCodesOf(tx, set.set_id)), from, to)
  return { inForce, components: (await loadFrozenTariffs(tx, { tariffs: inForce }, { from, to })).components }
}

async function buildManifest(
  tx: Transaction,
  set: DeterminantSetRow,
  { segments, tariffs }: { readonly segments: readonly PlannedSegment[]; readonly tariffs: SetTariffs },
  input: FreezeInput,
): Promise<Manifest> {
  return {
    format: 'run-manifest/2',
    organisation: input.organisation,
    periodStart: new Date(set.period_start).toISOString(),
    periodEnd: new Date(set.period_end).toISOString(),
    determinants: { revision: set.revision, accounts: set.account_count, digest: set.digest.toString('hex') },
    tariffs: tariffs.inForce,
    accountingDate: input.accountingDate,
    dueDate: input.dueDate,
    segments: await withComponentInputs(tx, set, segments, tariffs.components),
  }
}

interface Frozen {
  readonly runId: string
  readonly set: DeterminantSetRow
  readonly segments: readonly PlannedSegment[]
  readonly manifest: Manifest
  readonly actor: string
}

async function insertFrozen(tx: Transaction, clock: Clock, frozen: Frozen): Promise<'created' | 'exists'> {
  const { runId, set, segments, manifest } = frozen
  const sha256 = manifestSha256(manifest)
  const before = await findRun(tx, runId)
  if (before !== null) {
    if (before.sha256.equals(sha256)) return 'exists'
    throw new UserError(
      'refused',
      `批次冻结的内容不同 run ${runId} froze something else; a change needs a new revision of the determinants`,
    )
  }
  const at = clock.now()
  await insertRun(tx, { runId, set, manifest: { json: canonicalJson(manifest), sha256 }, actorId: frozen.actor, at })
  await insertHeldAccounts(tx, runId, set.set_id, at)
  for (const [index, segment] of segments.entries()) {
    const segmentNo = index + 1
    const segmentId = await insertLedgerSegment(tx, `bills:${runId}:${segmentNo}`, 'bills', at)
    const { firstAccountId, lastAccountId, accounts } = segment
    await insertRunSegment(tx, segmentId, { runId, segmentNo, firstAccountId, lastAccountId, accountCount: accounts })
  }
  return 'created'
}

function runIdOf(set: DeterminantSetRow, input: FreezeInput): string {
  const { from, to } = localPeriod(set)
  return `${input.organisation}:${from}:${to}:r${set.revision}`
}

function localPeriod(set: DeterminantSetRow): { readonly from: LocalDate; readonly to: LocalDate } {
  const calendar = calendarFor(set.time_zone)
  return { from: calendar.dateAt(set.period_start), to: calendar.dateAt(set.period_end) }
}
