import { dryRun } from '../../billing/runs/dry-run.js'
import { freezeRun } from '../../billing/runs/freeze-run.js'
import { issueRun } from '../../billing/runs/issue-run.js'
import { postRun } from '../../billing/runs/post-run.js'
import { reviewRun } from '../../billing/runs/review-run.js'
import { registerTariff } from '../../billing/tariffs/register-tariff.js'
import { signTariff } from '../../billing/tariffs/sign-tariff.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import { type FreezeReport, freezeDeterminants } from '../../mdm/determinants/freeze-determinants.js'
import { importRegistry } from '../../mdm/registry/import-registry.js'
import type { Database } from '../../storage/database.js'
import { insertRows } from '../../storage/insert-rows.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { shippedJson } from '../billing/tariffs/shipped-tariffs.js'
import { midnight, openBooks } from '../mdm/support/small-utility.js'
import type { TestDatabase } from './database.js'
import { plantApprovers } from './people.js'
import { createStillClock } from './still-clock.js'

const people = ['manager-1', 'auditor-1', 'auditor-2', 'tariff-1', 'reviewer-1', 'issuer-1'] as const

/** People, a registry, the tariff of its households in force, and room for a summer's readings. */
export async function plantTown(test: TestDatabase, document: RegistryDocument): Promise<void> {
  const clock = createStillClock(Date.now())
  await plantApprovers(test.as('owner'), people)
  const known = new Set<string>(people)
  const actors = document.actors.map((one) => (known.has(one.actor) ? { ...one, displayName: one.actor } : one))
  const mdm = test.as('mdm')
  await mdm.query('select ensure_time_partitions($1, $2)', [toTimestamptz(midnight(-10)), toTimestamptz(midnight(45))])
  const stamp = { actor: 'manager-1', recordedAt: clock.now() }
  const imported = await importRegistry(mdm, { ...document, actors }, stamp)
  if (!imported.ok) throw new Error(JSON.stringify(imported.error))
  await openBooks(test, ['auditor-1', 'auditor-2'])
  const billing = test.as('billing')
  const { code, version } = await registerTariff(billing, clock, shippedJson('sd-residential-tou'), {
    author: 'tariff-1',
  })
  for (const actor of ['auditor-1', 'auditor-2']) await signTariff(billing, clock, { code, version, actor })
}

/** Registers that a person read from the display, total, tou2 and tou4 in kWh. */
export type Noted = readonly [meterId: bigint, readAt: Instant, total: number, tou2: number, tou4: number]

/** Readings that people noted under field orders, and that validation accepted, or holds. */
export async function note(
  test: TestDatabase,
  readings: readonly Noted[],
  verdict: 'accepted' | 'held' = 'accepted',
): Promise<void> {
  const kwh = (value: number) => BigInt(Math.round(value * 100)) * 100n
  const rows = readings.map(([meterId, readAt, total, tou2, tou4]) => ({
    meter_id: meterId,
    quantity: 1,
    read_at: readAt,
    total_e4: kwh(total),
    tou2_e4: kwh(tou2),
    tou4_e4: kwh(tou4),
    source: 5,
    document: `field order ${meterId}`,
    claim_digest: '',
    recorded_at: readAt + 600_000,
    actor_id: 'crew-1',
    revision: 1,
    verdict,
    rules: verdict === 'held' ? ['spike'] : [],
    reason: '',
  }))
  const mdm = test.as('mdm')
  const nothing = { total_e4: null, tou2_e4: null, tou4_e4: null, source: null }
  const decided = verdict === 'held' ? rows.map((row) => ({ ...row, ...nothing })) : rows
  for (const [table, inserted] of [
    ['manual_reading', rows],
    ['validation_decision', decided],
  ] as const)
    await insertRows(mdm, `insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, inserted)
}

export const july = { organisation: 'county', periodStart: midnight(1), periodEnd: midnight(32) }

/** A run on the last determinants of July that somebody has reviewed. */
export async function reviewedJuly(billing: Database, clock: Clock): Promise<string> {
  const dates = { accountingDate: '2026-08-03', dueDate: '2026-08-18' }
  const { runId } = await freezeRun(billing, clock, { ...july, ...dates, actor: 'system' })
  const { digest } = await dryRun(billing, clock, { runId, actor: 'system' })
  await reviewRun(billing, clock, { runId, digest, actor: 'reviewer-1' })
  return runId
}

/** July from the freeze of its determinants to posted bills, each step by whoever may take it. */
export async function billJuly(test: TestDatabase): Promise<FreezeReport> {
  const clock = createStillClock(Date.now() + 1000)
  const frozen = await freezeDeterminants(test.as('mdm'), { ...july, now: clock.now() })
  const billing = test.as('billing')
  const runId = await reviewedJuly(billing, clock)
  await issueRun(billing, clock, { runId, actor: 'issuer-1' })
  await postRun(billing, clock, { runId, actor: 'system' })
  return frozen
}

/** What July came to by account: kWh billed, or why there is no bill. */
export async function julyOf(test: TestDatabase): Promise<Readonly<Record<string, string>>> {
  const rows = await test.as('reader').query<{ code: string; said: string }>(
    `select a.code, (b.energy_e4 / 10000.0)::numeric(20, 2)::text as said from bill b join account a using (account_id)
     union all select a.code, e.code from run_exception e join account a using (account_id) order by code`,
  )
  return Object.fromEntries(rows.map(({ code, said }) => [code, said]))
}
