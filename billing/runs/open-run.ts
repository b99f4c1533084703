import { UserError } from '../../domain/errors.js'
import { type Calendar, calendarFor, type LocalDate } from '../../domain/time.js'
import { findRun, type RunState } from '../../storage/billing/runs.js'
import type { Queryable } from '../../storage/database.js'
import { type FrozenTariffs, loadFrozenTariffs } from './frozen-tariffs.js'
import { type Manifest, parseManifest } from './manifest.js'
import { type RunStep, transition } from './run-state.js'

/** A run with its manifest, as every step after the freeze needs it. */
export interface OpenRun {
  readonly runId: string
  readonly organisationId: bigint
  readonly setId: bigint
  readonly timeZone: string
  readonly calendar: Calendar
  readonly state: RunState
  readonly manifest: Manifest
}

export async function openRun(client: Queryable, runId: string): Promise<OpenRun> {
  const row = await findRun(client, runId)
  if (row === null) throw new UserError('not_found', `无此批次 there is no billing run ${runId}`)
  return {
    runId,
    organisationId: row.organisation_id,
    setId: row.set_id,
    timeZone: row.time_zone,
    calendar: calendarFor(row.time_zone),
    state: row.state,
    manifest: parseManifest(runId, row.document),
  }
}

export async function tariffsOf(client: Queryable, run: OpenRun): Promise<FrozenTariffs> {
  return loadFrozenTariffs(client, run.manifest, daysOf(run))
}

/** Local days [from, to) of a run. */
export function daysOf({ calendar, manifest }: OpenRun): { readonly from: LocalDate; readonly to: LocalDate } {
  return {
    from: calendar.dateAt(Date.parse(manifest.periodStart)),
    to: calendar.dateAt(Date.parse(manifest.periodEnd)),
  }
}

/** Whether a step is done already; refuses one that is out of order. */
export function isDone(run: Pick<OpenRun, 'runId' | 'state'>, step: RunStep): boolean {
  const next = transition(run.state, step)
  if (!next.ok)
    throw new UserError(
      'refused',
      `批次状态不符 run ${run.runId} is ${run.state}; step ${step} needs it to be ${next.error.needs}`,
    )
  return next.value.done
}
