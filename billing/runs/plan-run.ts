import { hash } from 'node:crypto'
import { invariant } from '../../domain/result.js'
import { calendarFor, type LocalDate } from '../../domain/time.js'
import { type DeterminantSetRow, tariffCodesOf } from '../../storage/billing/runs.js'
import { readPackedUsages } from '../../storage/billing/packed-usages.js'
import { eachBilledAccount } from '../../storage/billing/segment-usages.js'
import { knownTariffCodes } from '../../storage/billing/tariff-versions.js'
import type { Transaction } from '../../storage/database.js'
import { inputsOf } from '../by-account/asks-for-curve.js'
import type { ComponentTariff } from '../tariffs/components/tariff-schema.js'
import { withComponentInputs } from './component-digests.js'
import { loadFrozenTariffs, tariffsInForce } from './frozen-tariffs.js'
import type { Manifest } from './manifest.js'
import { createSegmentPlanner, type FrozenSegment, maxSegmentAccounts, type PlannedSegment } from './plan-segments.js'

/** What a run is asked for besides its determinants. */
interface RunTerms {
  readonly organisation: string
  readonly accountingDate: LocalDate
  readonly dueDate: LocalDate
  readonly segmentAccounts?: number
}

/** A run as it would be frozen. */
export interface PlannedRun {
  readonly runId: string
  readonly segments: readonly FrozenSegment[]
  readonly manifest: Manifest
}

/** What becomes of a shard's packed usages, in the order of the shards, which count from 1. */
export type TakeInputs = (segmentNo: number, segment: PlannedSegment, usages: Uint8Array) => Promise<void>

interface Planning {
  readonly runId: string
  readonly set: DeterminantSetRow
  readonly tariffs: SetTariffs
}

/** The shards and the manifest of a run, those without a bill of the period alone. Of their inputs one shard is in memory at a time. */
export async function planRun(
  tx: Transaction,
  planning: Planning,
  input: RunTerms,
  take?: TakeInputs,
): Promise<PlannedRun> {
  const planned = await planSegments(tx, planning, input.segmentAccounts ?? maxSegmentAccounts)
  const segments: FrozenSegment[] = []
  for (const [index, segment] of planned.entries()) {
    const { firstAccountId: first, lastAccountId: last } = segment
    const accounts = { runId: planning.runId, setId: planning.set.set_id, accounts: { first, last } }
    const usages = await readPackedUsages(tx, accounts, segment.accounts)
    segments.push({ ...segment, inputSha256: hash('sha256', usages, 'hex') })
    await take?.(index + 1, segment, usages)
  }
  return { runId: planning.runId, segments, manifest: await buildManifest(tx, planning, segments, input) }
}

async function planSegments(
  tx: Transaction,
  { runId, set, tariffs }: Planning,
  limit: number,
): Promise<readonly PlannedSegment[]> {
  invariant(Number.isInteger(limit) && limit > 0 && limit <= maxSegmentAccounts, 'a shard holds 1 to 20 000 accounts')
  const planner = createSegmentPlanner(limit, inputsOf(tariffs.components).curveCodes)
  await eachBilledAccount(tx, { runId, setId: set.set_id }, planner.take)
  return planner.finish()
}

interface SetTariffs {
  readonly inForce: Manifest['tariffs']
  readonly components: readonly ComponentTariff[]
}

/** The tariff versions that the accounts of a set are billed under. */
export async function tariffsOfSet(tx: Transaction, set: DeterminantSetRow): Promise<SetTariffs> {
  const { from, to } = localPeriod(set)
  const inForce = await tariffsInForce(tx, await knownTariffCodes(tx, await tariffCodesOf(tx, set.set_id)), from, to)
  return { inForce, components: (await loadFrozenTariffs(tx, { tariffs: inForce }, { from, to })).components }
}

async function buildManifest(
  tx: Transaction,
  { runId, set, tariffs }: Planning,
  segments: readonly FrozenSegment[],
  input: RunTerms,
): Promise<Manifest> {
  return {
    format: 'run-manifest/4',
    organisation: input.organisation,
    periodStart: new Date(set.period_start).toISOString(),
    periodEnd: new Date(set.period_end).toISOString(),
    determinants: { revision: set.revision, accounts: set.account_count, digest: set.digest.toString('hex') },
    tariffs: tariffs.inForce,
    accountingDate: input.accountingDate,
    dueDate: input.dueDate,
    segments: await withComponentInputs(tx, { runId, set }, segments, tariffs.components),
  }
}

/** Local days [from, to) of a set. */
export function localPeriod(set: DeterminantSetRow): { readonly from: LocalDate; readonly to: LocalDate } {
  const calendar = calendarFor(set.time_zone)
  return { from: calendar.dateAt(set.period_start), to: calendar.dateAt(set.period_end) }
}
