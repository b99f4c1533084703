import { createHash } from 'node:crypto'
import t, { type Test } from 'tap'
import { importBankFile } from '../../../billing/cash/import-bank-file.js'
import { auditLedger } from '../../../billing/ledger/audit-ledger.js'
import { trialBalance } from '../../../billing/ledger/trial-balance.js'
import { dryRun } from '../../../billing/runs/dry-run.js'
import { freezeRun } from '../../../billing/runs/freeze-run.js'
import { issueRun } from '../../../billing/runs/issue-run.js'
import { postRun } from '../../../billing/runs/post-run.js'
import { reviewRun } from '../../../billing/runs/review-run.js'
import type { Database, Queryable } from '../../../storage/database.js'
import { withDatabase } from '../../support/database.js'
import { allRows, arrangeBilling, billingClock as clock, freezeInput } from './billing-fixture.js'
import { failingDatabase, PlannedFailure } from './failing-database.js'

const runId = 'county-1:2026-07-01:2026-08-01:r1'
const input = { ...freezeInput, segmentAccounts: 3 }

const bankFile = `#shuangwu-bank-file,bank-1,2026-08-10,4,4250.00
R-1,A-1,124.23,2026-08-10T09:00:00+08:00
R-2,A-5,4000.00,2026-08-10T09:01:00+08:00
R-3,A-2,25.77,2026-08-10T09:02:00+08:00
R-4,Z-9,100.00,2026-08-10T09:03:00+08:00
`

async function wholeMonth(database: Database): Promise<void> {
  await freezeRun(database, clock, input)
  const { digest } = await dryRun(database, clock, { runId, actor: 'system' })
  await reviewRun(database, clock, { runId, digest, actor: 'reviewer-1' })
  await issueRun(database, clock, { runId, actor: 'issuer-1' })
  await postRun(database, clock, { runId, actor: 'system' })
  await importBankFile(database, clock, { text: bankFile, actor: 'system' })
}

t.test('a month goes from determinants to cash', async (t) => {
  const test = await withDatabase(t)
  const database = await arrangeBilling(test)
  const frozen = await freezeRun(database, clock, input)
  t.match(frozen, { kind: 'created', runId, segments: 3, accounts: 8, held: 1 })

  const dry = await dryRun(database, clock, { runId, actor: 'system' })
  t.match(dry, { bills: 6, exceptions: 1, energyE4: 65_300_000n })
  t.equal((await database.query('select from bill')).length, 0, 'a dry run writes no bill')

  await reviewRun(database, clock, { runId, digest: dry.digest, actor: 'reviewer-1' })
  const issued = await issueRun(database, clock, { runId, actor: 'issuer-1' })
  t.same(issued, { runId, accountsIn: 8, exceptions: 2, alreadyBilled: 0, bills: 6, amountFen: dry.amountFen })
  t.equal((await database.query('select from open_item')).length, 0, 'nothing is owed before posting')
  await postRun(database, clock, { runId, actor: 'system' })

  const open = await database.query<{ code: string; bill_number: bigint; due_date: string; open_fen: bigint }>(
    `select a.code, bill_number, due_date, open_fen from open_item join account a using (account_id) order by bill_number`,
  )
  t.same(
    open.map((item) => [item.code, item.bill_number, item.due_date, item.open_fen]),
    [
      ['A-1', 1n, '2026-08-18', 12_423n],
      ['A-2', 2n, '2026-08-18', 5_269n],
      ['A-3', 3n, '2026-08-18', 5_469n],
      ['A-4', 4n, '2026-08-18', 4_375n],
      ['A-5', 5n, '2026-08-18', 277_500n],
      ['A-6', 6n, '2026-08-18', 72_707n],
    ],
  )
  const events = await database.query<{ state: string; actor_id: string }>(
    'select state, actor_id from billing_run_event order by ordinal',
  )
  t.same(
    events.map(({ state, actor_id }) => `${state} ${actor_id}`),
    ['frozen system', 'dry_run system', 'reviewed reviewer-1', 'issued issuer-1', 'posted system'],
  )
  const held = await database.query<{ account_id: bigint; code: string }>(
    'select account_id, code from run_exception order by account_id',
  )
  t.same(
    held.map(({ account_id, code }) => [account_id, code]),
    [
      [7n, 'ladder_opening_unknown'],
      [8n, 'reading_held'],
    ],
  )

  const paid = await importBankFile(database, clock, { text: bankFile, actor: 'system' })
  t.same(paid, {
    channel: 'bank-1',
    statement: '2026-08-10',
    created: 4,
    existing: 0,
    amountFen: 425_000n,
    clearedFen: 12_423n + 277_500n + 2_577n,
    prepaidFen: 122_500n,
    unidentifiedFen: 10_000n,
  })
  const balance = await trialBalance(database)
  t.ok(balance.balanced && balance.debitFen > 0n)
  t.same(await auditLedger(database), { segments: 4, entries: 10, faults: [] })
})

t.test('killed at any statement and started again, a month ends in the same rows', async (t) => {
  const golden = await withDatabase(t)
  await wholeMonth(await arrangeBilling(golden))
  const expected = await allRows(golden.as('owner'))

  const test = await withDatabase(t)
  const database = await arrangeBilling(test)
  let failures = 0
  for (let failAt = 1; ; failAt++) {
    try {
      await wholeMonth(failingDatabase(database, failAt))
      break
    } catch (error) {
      if (!(error instanceof PlannedFailure)) throw error
      failures++
    }
  }
  t.ok(failures > 40, `${failures} planned failures`)
  t.same(await allRows(test.as('owner')), expected)
  await wholeMonth(database)
  t.same(await allRows(test.as('owner')), expected, 'the whole month once more changes nothing')
})

t.test('refuses steps out of order, by the wrong person or on other inputs', async (t) => {
  const test = await withDatabase(t)
  const database = await arrangeBilling(test)
  const refuses = (act: Promise<unknown>, message: RegExp) => t.rejects(act, { name: 'UserError', message })

  await refuses(dryRun(database, clock, { runId: 'nowhere', actor: 'system' }), /there is no billing run nowhere/)
  await refuses(freezeRun(database, clock, { ...input, actor: 'nobody' }), /actor_unknown: nobody/)
  await refuses(freezeRun(database, clock, { ...input, periodEnd: input.periodEnd + 1 }), /no determinants/)
  await freezeRun(database, clock, input)
  await refuses(freezeRun(database, clock, { ...input, dueDate: '2026-08-20' }), /froze something else/)
  await refuses(
    issueRun(database, clock, { runId, actor: 'issuer-1' }),
    /is frozen; step issue needs it to be reviewed/,
  )
  const { digest } = await dryRun(database, clock, { runId, actor: 'system' })
  const other = digest.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
  await refuses(reviewRun(database, clock, { runId, digest: other, actor: 'reviewer-1' }), /^digest_differs: .*run/)
  await refuses(reviewRun(database, clock, { runId, digest, actor: 'system' }), /复核 a review .*for people/)
  await reviewRun(database, clock, { runId, digest, actor: 'reviewer-1' })
  await refuses(issueRun(database, clock, { runId, actor: 'reviewer-1' }), /^four_eyes: reviewer-1: .*reviewed/)
  await refuses(postRun(database, clock, { runId, actor: 'system' }), /step post needs it to be issued/)

  const owner = test.as('owner')
  // The lowest byte of the first account's energy, kWh e4, behind the head and three columns.
  const flip = `update run_input set usages = set_byte(usages, at, get_byte(usages, at) # 1)
                  from (select 8 + 3 * 8 * account_count as at from run_segment) s`
  await owner.execute(flip)
  await refuses(
    issueRun(database, clock, { runId, actor: 'issuer-1' }),
    /inputs of .* are no longer what the run froze/,
  )
  await owner.execute(flip)
  await owner.execute(`update segment_review set digest = sha256('other')`)
  await refuses(issueRun(database, clock, { runId, actor: 'issuer-1' }), /would issue other bills than were reviewed/)
  await owner.execute(`insert into determinant_set select (select max(set_id) + 1 from determinant_set), organisation_id, period_start, period_end,
                         revision + 1, 0, digest, recorded_at from determinant_set order by set_id limit 1`)
  await refuses(issueRun(database, clock, { runId, actor: 'issuer-1' }), /^set_superseded: .*frozen anew since/)
  t.equal((await database.query('select from bill')).length, 0)
})

t.test('refuses to start on a tariff gap', async (t) => {
  const test = await withDatabase(t)
  const database = await arrangeBilling(test)
  await test
    .as('owner')
    .execute(`delete from tariff_signature where tariff_code = 'sd-residential' and actor_id = 'tariff-3'`)
  await t.rejects(freezeRun(database, clock, input), {
    name: 'UserError',
    reason: 'tariff_gap',
    message: /tariff_gap: .*no signed version of tariff sd-residential covers/,
  })
})

t.test('the database itself refuses what the code would never do', async (t) => {
  const test = await withDatabase(t)
  const database = await arrangeBilling(test)
  await freezeRun(database, clock, input)
  const { digest } = await dryRun(database, clock, { runId, actor: 'system' })
  const issue = (segment: number, actor: string, segmentDigest: string) =>
    database.execute(
      `insert into segment_issue select segment_id, $2, '2026-08-03', 1, 1, ${segmentDigest} from segment_result where segment_id = $1`,
      [segment, actor],
    )
  await t.rejects(issue(1, 'issuer-1', 'digest'), /has no review/)
  await reviewRun(database, clock, { runId, digest, actor: 'reviewer-1' })
  await t.rejects(issue(1, 'reviewer-1', 'digest'), /who may not issue it/)
  await t.rejects(issue(1, 'issuer-1', `sha256('x')`), /would issue other bills than were reviewed/)
  await t.rejects(
    database.execute(`insert into tariff_signature values ('sd-residential', 1, 'tariff-1', '2026-08-03')`),
    /may not approve it/,
  )
  await t.rejects(issue(1, 'issuer-1', 'digest'), /does not hold together: the number of bills/)
  const entry = (numbers: string, amounts: string) =>
    database.execute(
      `insert into journal_entry values (1, 0, '2026-08-03', 'bill', 1, ${numbers}::integer[], ${amounts}::bigint[])`,
    )
  const unbalanced = [
    ['array[1122, 6001]', 'array[100, -99]'],
    ['array[1122, 6001, 2221]', 'array[100, -100, 0]'],
    ['array[1122]', 'array[0]'],
    ['array[1122, 6001]', 'array[100]'],
    ['array[1122, null]', 'array[100, -100]'],
    ['array[1122, 6001]', 'array[null, -100]'],
    ['array[[1122, 6001]]', 'array[[100, -100]]'],
    [`'{}'`, `'{}'`],
    ['array[1122, 6001, 2221]', 'array[9223372036854775807, 9223372036854775807, 2]'],
  ] as const
  for (const [numbers, amounts] of unbalanced)
    await t.rejects(entry(numbers, amounts), /entry_balanced/, `${numbers} ${amounts}`)
  const large = '9000000000000000000'
  const lists = [
    ['1122,6001', '1122,2221,6001', '1122,null', '{1122,6001}', '1,2,3,4,5,6', '1,2,3,4,5,6,7', '1', ''],
    [
      '1,-1',
      '1,1,-2',
      '1,-1,0',
      '0,0',
      '1,null',
      '{1,-1}',
      '1,2,3,4,5,-15',
      '1,2,3,4,5,6,-21',
      `${large},-${large}`,
      '',
    ],
  ].map((list) => list.flatMap((items) => [`{${items}}`, `[0:${items.split(',').length - 1}]={${items}}`]))
  const [judged] = await database.query<{ readonly yes: bigint; readonly differing: bigint }>(
    `select count(*) filter (where entry_is_balanced(n.list, a.list)) as yes,
            count(*) filter (where entry_is_balanced(n.list, a.list) is distinct from entry_legs_balance(n.list, a.list)) as differing
       from (select l::integer[] as list from unnest($1::text[]) l union all select null) n,
            (select l::bigint[] as list from unnest($2::text[]) l union all select null) a`,
    lists.map((list) => list.filter((items) => !/^\[0:.*(\{\{|\{\})/.test(items))),
  )
  t.same(judged, { yes: 20n, differing: 0n }, 'an entry is judged in the same way by the short way and by the long one')
  for (const statement of [
    'update bill set amount_fen = 0',
    'delete from journal_entry',
    'update segment_review set digest = digest',
    'delete from payment',
  ])
    await t.rejects(database.execute(statement), /permission denied/, statement)
})

/** The links of all postings in order, worked out from the entries one by one. */
async function linksByHand(database: Database): Promise<readonly string[]> {
  const postings = await database.query<{ segment_id: bigint; natural_key: string }>(
    'select segment_id, natural_key from segment_posting join ledger_segment using (segment_id) order by chain_no',
  )
  const links: Buffer[] = []
  for (const { segment_id, natural_key } of postings) {
    const entries = await database.query<{
      ordinal: number
      effective_date: string
      document_kind: string
      account_id: bigint | null
      ledger_numbers: readonly number[]
      amounts_fen: readonly bigint[]
    }>('select * from journal_entry where segment_id = $1 order by ordinal', [segment_id])
    const lines = entries.map(({ ordinal, effective_date, document_kind, account_id, ledger_numbers, amounts_fen }) =>
      [ordinal, effective_date, document_kind, account_id ?? '', ledger_numbers.join(','), amounts_fen.join(',')].join(
        ' ',
      ),
    )
    const text = [JSON.stringify(natural_key), ...lines].map((line) => `${line}\n`).join('')
    links.push(
      createHash('sha256')
        .update(links.at(-1) ?? Buffer.alloc(32))
        .update(text)
        .digest(),
    )
  }
  return links.map((link) => link.toString('hex'))
}

t.test('an audit finds entries, totals and links that were changed behind the ledger', async (t) => {
  const test = await withDatabase(t)
  const database = await arrangeBilling(test)
  await wholeMonth(database)
  const owner = test.as('owner')
  const links = await owner.query<{ sha256: string }>(
    `select encode(chain_sha256, 'hex') as sha256 from segment_posting order by chain_no`,
  )
  t.same(
    links.map(({ sha256 }) => sha256),
    await linksByHand(owner),
    'a link covers a line for each entry',
  )
  const faults = async () =>
    (await auditLedger(database)).faults.map(({ kind, segment }) => `${kind} ${segment.split(':').at(-1)}`)
  t.same(await faults(), [])
  await owner.execute(
    'update journal_entry set amounts_fen = array[amounts_fen[1] + 1, amounts_fen[2] - 1] || amounts_fen[3:] where segment_id = 2 and ordinal = 0',
  )
  t.same(await faults(), ['chain_broken 2', 'balance_differs 2'])
  await owner.execute(
    'update journal_entry set amounts_fen = array[amounts_fen[1] - 1, amounts_fen[2] + 1] || amounts_fen[3:] where segment_id = 2 and ordinal = 0',
  )
  await owner.execute('delete from journal_entry where segment_id = 1 and ordinal = 2')
  t.same(await faults(), ['chain_broken 1', 'entry_count_differs 1', 'balance_differs 1'])
})

const offBy = `array[amounts_fen[1] + 1, amounts_fen[2] - 1] || amounts_fen[3:]`
/** What somebody with every right changes in segment 1, and what its check says then. */
const offs = [
  ['update bill set ordinal = 9 where segment_id = 1 and ordinal = 2', 'receivable that is not its bill'],
  ['update bill set segment_id = 99 where segment_id = 1 and ordinal = 2', 'the number of bills'],
  ['update bill set account_id = 999 where segment_id = 1 and ordinal = 0', 'bill of an unknown account'],
  ['update bill set tariff_version = 9 where segment_id = 1 and ordinal = 0', 'bill under an unknown tariff version'],
  ['delete from receivable where segment_id = 1 and ordinal = 1', 'receivable that is not its bill'],
  ['update receivable set amount_fen = amount_fen + 1 where segment_id = 1', 'receivable that is not its bill'],
  ['update receivable set account_id = 2 where segment_id = 1 and ordinal = 0', 'receivable that is not its bill'],
  [
    `update journal_entry set amounts_fen = ${offBy} where segment_id = 1 and ordinal = 0`,
    'what the entries make receivable',
  ],
  ['delete from journal_entry where segment_id = 1 and ordinal = 0', 'what the entries make receivable'],
  ['update journal_entry set account_id = 2 where segment_id = 1 and ordinal = 0', 'an entry of no bill'],
  ['update journal_entry set ordinal = 7 where segment_id = 1 and ordinal = 0', 'what the entries make receivable'],
] as const

async function refusesWhatIsOff(t: Test, owner: Database): Promise<void> {
  const check = (tx: Queryable) => tx.query('select check_segment_bills(1, 3)')
  await check(owner)
  // Legs in another order are the same entry.
  const turned = `update journal_entry set ledger_numbers = array[ledger_numbers[2], ledger_numbers[1]] || ledger_numbers[3:],
    amounts_fen = array[amounts_fen[2], amounts_fen[1]] || amounts_fen[3:] where segment_id = 1`
  for (const [off, message] of [[turned, 'nothing was off'] as const, ...offs]) {
    const trying = owner.transaction(async (tx) => {
      await tx.execute(off)
      await check(tx)
      throw new PlannedFailure('nothing was off')
    })
    await t.rejects(trying, new RegExp(message), off)
  }
}

t.test('a segment holds together as a whole, and takes nothing once it is closed', async (t) => {
  const test = await withDatabase(t)
  const database = await arrangeBilling(test)
  await freezeRun(database, clock, input)
  const { digest } = await dryRun(database, clock, { runId, actor: 'system' })
  await reviewRun(database, clock, { runId, digest, actor: 'reviewer-1' })
  const issue = () => issueRun(database, clock, { runId, actor: 'issuer-1' })
  const [one, other] = await Promise.all([issue(), issue()])
  t.same([one.bills, other], [6, one], 'two who issue at the same time issue it once')
  const copyOf = (table: string, columns: string) =>
    `insert into ${table} select r.* from (select * from ${table} limit 1) o cross join lateral jsonb_populate_record(null::${table}, to_jsonb(o) || ${columns}) r`
  for (const table of ['bill', 'receivable', 'journal_entry'])
    await t.rejects(
      database.execute(
        copyOf(table, table === 'bill' ? `'{"ordinal": 99, "period_start": "2026-09-01"}'` : `'{"ordinal": 99}'`),
      ),
      new RegExp(`closed segment takes no further rows of ${table}`),
    )
  await refusesWhatIsOff(t, test.as('owner'))
  await t.rejects(
    test.as('mdm').execute(copyOf('determinant', `'{"account_id": 99}'`)),
    /is closed takes no further rows of determinant/,
  )
})
