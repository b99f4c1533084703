import t from 'tap'
import { dryRun } from '../../../billing/runs/dry-run.js'
import { freezeRun } from '../../../billing/runs/freeze-run.js'
import { issueRun } from '../../../billing/runs/issue-run.js'
import { reviewRun } from '../../../billing/runs/review-run.js'
import { present } from '../../../domain/result.js'
import type { Database } from '../../../storage/database.js'
import { withDatabase } from '../../support/database.js'
import { allRows, arrangeBilling, billingClock as clock, freezeInput } from './billing-fixture.js'
import { failingDatabase, PlannedFailure } from './failing-database.js'

const county = { ...freezeInput, segmentAccounts: 3 }
const city = { ...county, organisation: 'city-1' }

/** Another set of the same accounts, of the city that the county is in or a later one of the county. */
async function copySet(owner: Database, setId: number, organisationId: number, revision: number): Promise<void> {
  for (const table of ['determinant', 'determinant_hold'])
    await owner.execute(
      `insert into ${table} select c.* from ${table} d cross join lateral jsonb_populate_record(d, jsonb_build_object('set_id', $1::int)) c where d.set_id = 1`,
      [setId],
    )
  await owner.execute(
    `insert into determinant_set select $1, $2, period_start, period_end, $3, account_count, digest, recorded_at from determinant_set where set_id = 1`,
    [setId, organisationId, revision],
  )
}

async function reviewed(billing: Database, input: typeof city): Promise<string> {
  const { runId } = await freezeRun(billing, clock, input)
  const { digest } = await dryRun(billing, clock, { runId, actor: 'system' })
  await reviewRun(billing, clock, { runId, digest, actor: 'reviewer-1' })
  return runId
}

t.test('nobody is billed twice for a month, whatever runs there are and whenever they issue', async (t) => {
  const test = await withDatabase(t)
  const billing = await arrangeBilling(test)
  const owner = test.as('owner')
  await owner.execute(`insert into organisation values (2, 'city-1', null, 'City', 'city', 'Asia/Shanghai', 'CNY', 2)`)
  await copySet(owner, 2, 2, 1)
  const issue = (runId: string, database = billing) => issueRun(database, clock, { runId, actor: 'issuer-1' })
  const runs = [await reviewed(billing, county), await reviewed(billing, city)] as const

  t.comment('two at the same time')
  const both = await Promise.allSettled(runs.map((runId) => issue(runId)))
  t.same(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  const lost = both.findIndex(({ status }) => status === 'rejected')
  const loser = runs[lost] ?? ''
  t.match(both[lost], {
    reason: {
      name: 'UserError',
      reason: 'already_billed',
      message:
        /另有批次为其中 6 户发了本期账单，如 A-1 的 \d+ 号.* 6 of its accounts got their bill .* freeze a further run/,
    },
  })
  const billed = () => owner.query('select segment_id, ordinal from bill')
  t.equal((await billed()).length, 6)
  await t.rejects(issue(loser), { name: 'UserError', reason: 'already_billed' }, 'again')

  t.comment('one that has issued a part goes first')
  const winner = runs[1 - lost] ?? ''
  const [last] = await owner.query<{ segment_id: bigint; first_number: bigint }>(
    'select segment_id, first_number from segment_issue join run_segment using (segment_id) where run_id = $1 order by segment_no desc limit 1',
    [winner],
  )
  const { segment_id: segmentId, first_number: next } = present(last, 'a segment')
  for (const table of ['bill', 'receivable', 'journal_entry', 'segment_issue'])
    await owner.execute(`delete from ${table} where segment_id = $1`, [segmentId])
  await owner.execute(`update billing_run set state = 'reviewed' where run_id = $1`, [winner])
  await owner.execute('update bill_number_lock set next_number = $1 where next_number > 1', [next])
  const further = lost === 0 ? county : city
  const unfinished = { reason: 'issue_unfinished', message: new RegExp(`批次 ${winner} 发行未完`) }
  await t.rejects(issue(loser), unfinished)
  await t.rejects(freezeRun(billing, clock, further), unfinished)
  await issue(winner)
  t.equal((await billed()).length, 6)

  t.match(await freezeRun(billing, clock, lost === 0 ? city : county), { kind: 'exists', runId: winner })

  t.comment('a further run excepts them, killed anywhere in its freeze')
  const before = await allRows(owner)
  const { frozen, left } = await untilFrozen(billing, further, () => allRows(owner))
  t.ok(left.length > 10, `${left.length} planned failures`)
  const done = JSON.stringify(await allRows(owner))
  t.same(
    new Set(left.map((rows) => JSON.stringify(rows))),
    new Set([JSON.stringify(before), done]),
    'all of it or nothing',
  )
  t.match(frozen, { runId: `${loser}.2`, accounts: 8, held: 1, alreadyBilled: 6, segments: 1 })
  t.match(await freezeRun(billing, clock, further), { ...frozen, kind: 'exists' })
  await t.rejects(freezeRun(billing, clock, { ...further, dueDate: '2026-08-20' }), /froze something else/)
  const nobody = { accountsIn: 8, bills: 0, exceptions: 8, alreadyBilled: 6 }
  t.match(await issue(await reviewed(billing, further)), nobody, 'nothing says where the ladder of the seventh stands')

  t.comment('and another one bills who is left, once that is known')
  await owner.execute(
    `insert into opening_state select 7, as_of, 0, 'go-live', recorded_at, 'system' from opening_state limit 1`,
  )
  const third = await reviewed(billing, further)
  t.equal(third, `${loser}.3`)
  t.match(await issue(third), { accountsIn: 8, bills: 1, exceptions: 7, alreadyBilled: 6 })
  const kept = await allRows(owner)
  t.same(
    (before['bill'] ?? []).filter((row) => !(kept['bill'] ?? []).includes(row)),
    [],
  )

  t.comment('a bill of a part of the time is a bill of the time')
  await copySet(owner, 3, 1, 2)
  await owner.execute(`update determinant set period_start = period_start + interval '1 day' where set_id = 3`)
  await t.rejects(freezeRun(billing, clock, county), {
    reason: 'nothing_to_bill',
    message: /7 户本期已有账单，1 户待核/,
  })
})

/** The run, and what each planned failure before it left. */
async function untilFrozen<R>(billing: Database, input: typeof city, look: () => Promise<R>) {
  const left: R[] = []
  for (;;)
    try {
      return { frozen: await freezeRun(failingDatabase(billing, left.length + 1), clock, input), left }
    } catch (error) {
      if (!(error instanceof PlannedFailure)) throw error
      left.push(await look())
    }
}
