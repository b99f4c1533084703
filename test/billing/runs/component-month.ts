import { accountInputSchema } from '../../../billing/by-account/account-input.js'
import { inputsOf } from '../../../billing/by-account/asks-for-curve.js'
import { rateByAccount } from '../../../billing/by-account/rate-by-account.js'
import { dryRun } from '../../../billing/runs/dry-run.js'
import { freezeRun } from '../../../billing/runs/freeze-run.js'
import { issueRun } from '../../../billing/runs/issue-run.js'
import { openRun, tariffsOf } from '../../../billing/runs/open-run.js'
import { postRun } from '../../../billing/runs/post-run.js'
import { reviewRun } from '../../../billing/runs/review-run.js'
import type { ComponentTariff } from '../../../billing/tariffs/components/tariff-schema.js'
import { present } from '../../../domain/result.js'
import { beijing, type LocalDate } from '../../../domain/time.js'
import { eachComponentInput, readComponentInputs } from '../../../storage/billing/component-inputs.js'
import type { ComponentInputsQuery } from '../../../storage/billing/component-inputs-query.js'
import { everyAccount } from '../../../storage/billing/segment-usages.js'
import type { Database } from '../../../storage/database.js'
import { componentClock as clock } from './component-fixture.js'

export type Days = readonly [from: LocalDate, to: LocalDate]

export async function runMonth(database: Database, [from, to]: Days) {
  const { runId } = await freezeMonth(database, [from, to])
  const dry = await dryRun(database, clock, { runId, actor: 'system' })
  await reviewRun(database, clock, { runId, digest: dry.digest, actor: 'reviewer-1' })
  await issueRun(database, clock, { runId, actor: 'issuer-1' })
  await postRun(database, clock, { runId, actor: 'system' })
}

export function freezeMonth(database: Database, [from, to]: Days) {
  return freezeRun(database, clock, {
    organisation: 'county-1',
    periodStart: beijing.startOfDay(from),
    periodEnd: beijing.startOfDay(to),
    accountingDate: to,
    dueDate: to,
    actor: 'system',
    segmentAccounts: 5,
  })
}

/** The first run of a month. */
export function runOf([from, to]: Days): string {
  return `county-1:${from}:${to}:r1`
}

/** What a run asks of all its accounts, and its tariffs of components. */
export async function askedOf(
  database: Database,
  runId: string,
): Promise<{ readonly query: ComponentInputsQuery; readonly components: readonly ComponentTariff[] }> {
  const run = await openRun(database, runId)
  const { components } = await tariffsOf(database, run)
  return { query: { runId, setId: run.setId, accounts: everyAccount, ...inputsOf(components) }, components }
}

/** Lines and closing state of each bill under components, by account. */
export async function storedOf(database: Database, [from]: Days) {
  const rows = await database.query<{ account_id: bigint; lines: unknown; closing: unknown }>(
    'select account_id, lines, closing from component_bill join bill using (segment_id, ordinal) where period_start = $1 order by account_id',
    [new Date(beijing.startOfDay(from)).toISOString()],
  )
  return rows.map(({ account_id, lines, closing }) => [account_id, lines, closing])
}

export async function readableOf(database: Database, query: ComponentInputsQuery, tariffs: readonly ComponentTariff[]) {
  const place = { zone: 'Asia/Shanghai', calendar: beijing }
  const bills: unknown[] = []
  const inputs = await database.transaction((tx) => readComponentInputs(tx, query, 'all'))
  eachComponentInput(inputs, ({ accountId, tariffCode, document }) => {
    const tariff = present(
      tariffs.find(({ code }) => code === tariffCode),
      tariffCode,
    )
    const rated = rateByAccount(accountInputSchema.parse(document), tariff, place)
    if (rated.ok) bills.push([accountId, rated.value.lines, rated.value.closing])
  })
  return bills
}
