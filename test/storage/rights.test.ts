import t from 'tap'
import { hourMs, type Instant, minuteMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import type { LoginRole } from '../../storage/roles.js'
import { changeApprovalRight, confirmApprovalRight, letTimesBeVirtual, listActors } from '../../storage/rights.js'
import { insertRevisionApproval } from '../../storage/policies/policy-revisions.js'
import { findOrderRule, insertOrder, insertOrderApproval, insertOrderUse } from '../../storage/headend/orders.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { withDatabase } from '../support/database.js'
import { addressOf, plantRegistry } from '../support/field-world.js'
import { orderOf, plantLease } from '../support/orders.js'
import { plantApprovers } from '../support/people.js'

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

/** Thursday noon in Beijing. */
const now = Date.UTC(2026, 6, 16, 4)
const order = orderOf(now)
const at = (instant: Instant) => toTimestamptz(instant)

async function arrange(t: Teardown) {
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  await plantRegistry(owner, [
    { lineId: 1, code: 'line-1', kind: 'dlt645_tcp', settings: {}, meters: [1] },
    { lineId: 2, code: 'c1', kind: 'mqtt_concentrator', settings: {}, meters: [11, 12] },
  ])
  await plantApprovers(owner, ['author', 'first', 'second', 'third'])
  await plantLease(owner, 1n)
  const console = databases.as('console')
  const headend = databases.as('headend')
  const approve = (approver: string, approvedAt: Instant = now, client: Database = console) =>
    insertOrderApproval(client, order.orderId, { approver, orderDigest: order.orderDigest, approvedAt })
  return { databases, owner, console, headend, approve }
}

await t.test('a process makes nobody up, and who was made up by master data approves nothing', async (t) => {
  const { databases, console, approve } = await arrange(t)
  const makeUp = (role: LoginRole) =>
    databases.as(role).execute(`insert into actor values ('c', 'made up', 'person', now())`)
  for (const role of ['console', 'headend', 'billing', 'dunning', 'reader'] as const)
    await t.rejects(makeUp(role), /permission denied/, role)
  t.equal(await makeUp('mdm'), 1)
  await insertOrder(console, order)
  await t.rejects(approve('c'), { code: 'refused', message: /nobody has given them the right to approve/ })
  for (const role of ['mdm', 'console', 'headend'] as const) {
    const grant = { actor: 'c', granted: true, loginName: null, author: 'first', reason: 'test', recordedAt: now }
    await t.rejects(changeApprovalRight(databases.as(role), grant), /permission denied/, role)
    await t.rejects(letTimesBeVirtual(databases.as(role), 'test'), /permission denied/, role)
    await t.rejects(
      databases.as(role).execute(`insert into deployment values (true, 'demo', 1, now())`),
      /permission denied/,
      role,
    )
  }
})

await t.test('the right to approve takes two people, once two have it; losing it takes one', async (t) => {
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  const console = databases.as('console')
  for (const [name, kind] of [
    ['a', 'person'],
    ['b', 'person'],
    ['c', 'person'],
    ['robot', 'process'],
  ])
    await owner.execute('insert into actor values ($1, $1, $2, now())', [name ?? '', kind ?? ''])
  const change = (actor: string, author: string, granted = true) =>
    changeApprovalRight(owner, { actor, granted, loginName: null, author, reason: 'test', recordedAt: now })
  const confirm = (actor: string, approver: string) =>
    confirmApprovalRight(console, { actor, approver, confirmedAt: now })
  const mayApprove = async () =>
    (await listActors(console)).flatMap((each) => (each.mayApprove ? [each.actor] : [])).join(' ')
  await t.rejects(change('robot', 'a'), /only people approve/)
  await t.rejects(change('a', 'a'), /check constraint/, 'nobody vouches for themselves')
  t.same(await change('a', 'b'), { revision: 1, inForce: true })
  t.same(await change('b', 'a'), { revision: 1, inForce: true })
  t.same(await change('c', 'a'), { revision: 1, inForce: false })
  t.equal(await mayApprove(), 'a b')
  t.match(
    (await listActors(console)).find(({ actor }) => actor === 'c'),
    { waitsSince: now, askedBy: 'a' },
  )
  await t.rejects(confirm('c', 'a'), /that takes another person/, 'who asked for it')
  await t.rejects(confirm('c', 'c'), /nobody has given them the right|check constraint/)
  await t.rejects(confirm('c', 'robot'), /approved by people/)
  t.equal(await confirm('c', 'b'), 1)
  t.equal(await confirm('c', 'b'), 0)
  t.equal(await mayApprove(), 'a b c')
  t.same(await change('b', 'a', false), { revision: 2, inForce: true })
  t.equal(await mayApprove(), 'a c')
})

await t.test('who has a login of their own acts through no other', async (t) => {
  const { databases, owner, console, approve } = await arrange(t)
  await insertOrder(console, order)
  const [session] = await console.query<{ readonly name: string }>('select session_user as name')
  const bind = async (actor: string, loginName: string) => {
    const change = { actor, granted: true, loginName, author: 'author', reason: 'test', recordedAt: now }
    await changeApprovalRight(owner, change)
    await confirmApprovalRight(console, { actor, approver: 'third', confirmedAt: now })
  }
  await bind('second', 'second_login')
  await t.rejects(approve('second'), /acts through a database login of their own/)
  await t.rejects(insertOrder(console, orderOf(now, { author: 'second' })), /a database login of their own/)
  await bind('first', session?.name ?? '')
  t.equal(await approve('first'), true)
  await t.rejects(approve('first', now, databases.as('owner')), /a database login of their own/)
})

/** Every table in which somebody approves what another person wrote, with a proposal of `author` in it. */
const approvals: readonly {
  readonly what: string
  readonly propose: string
  readonly approve: string
}[] = [
  {
    what: 'collection plan',
    propose: `insert into collection_plan values (1, '{}', sha256(''), $1, $1, 'author', 'test')`,
    approve: `insert into collection_plan_approval values (1, 'author', $2, $1)`,
  },
  {
    what: 'exemption',
    propose: `insert into due_exemption values ('e', 1, '2026-07-01', '2026-07-02', 'flood', 'sheet', 'author', $1)`,
    approve: `insert into due_exemption_approval values ('e', $2, $1)`,
  },
  {
    what: 'table push',
    propose: `insert into concentrator_table_push select 'p', 2, 1, desired_meter_table(2, 1, $1), 'difference', 'author', $1::timestamptz`,
    approve: `insert into concentrator_table_approval values ('p', $2, $1)`,
  },
  {
    what: 'standing order',
    propose: `insert into standing_order values ('time', 1, '{}', sha256(''), 'author', $1)`,
    approve: `insert into standing_order_approval values ('time', 1, $2, sha256(''), $1)`,
  },
  {
    what: 'order rule',
    propose: `insert into meter_order_rule values ('freeze', 2, 2, 60, $1, 'author')`,
    approve: `insert into meter_order_rule_approval values ('freeze', 2, $2, $1)`,
  },
]

for (const { what, propose, approve } of approvals)
  await t.test(`${what}: approved by another person who may, and at the server's time`, async (t) => {
    const { owner, console } = await arrange(t)
    await owner.execute(`insert into actor values ('clerk', 'has no right', 'person', now())`)
    const act = (sql: string, when: Instant, ...more: readonly string[]) => console.execute(sql, [at(when), ...more])
    await act(propose, now)
    for (const [who, says] of [
      ['author', /may not approve it: that takes another person/],
      ['system', /approved by people; system is none/],
      ['nobody', /approved by people; nobody is none/],
      ['clerk', /nobody has given them the right/],
    ] as const)
      await t.rejects(act(approve, now, who), says, who)
    // A table of the session's own must not stand in for ours.
    await console.transaction(async (tx) => {
      await tx.execute(`create temporary table actor on commit drop as select 'system' as actor_id, 'person' as kind`)
      await tx.execute(
        `create temporary table approval_right_in_force on commit drop as select 'system' as actor_id, true as granted`,
      )
      await tx.execute('savepoint before')
      await t.rejects(tx.execute(approve, [at(now), 'system']), /system is none/)
      await tx.execute('rollback to savepoint before')
    })
    await owner.execute(`insert into acting_time_rule values (3, interval '1 minute', 'as in production')`)
    for (const when of [now, Date.now() - 2 * minuteMs, Date.now() + 2 * minuteMs])
      await t.rejects(act(approve, when, 'first'), /the server's clock says/)
    await t.rejects(console.execute(approve, ['infinity', 'first']), /the server's clock says/)
    t.equal(await act(approve, Date.now(), 'first'), 1)
  })

await t.test('times that clients bring are the server’s wherever a clock is real', async (t) => {
  const { owner, console, headend, approve } = await arrange(t)
  const expired = orderOf(Date.now(), { notBefore: Date.now() - 3 * hourMs, expiresAt: Date.now() - 2 * hourMs })
  await insertOrder(console, order)
  await insertOrder(console, expired)
  await owner.execute(`insert into acting_time_rule values (3, interval '1 minute', 'as in production')`)
  await t.rejects(insertOrder(console, orderOf(now, { reason: 'backdated' })), /the server's clock says/)
  await t.rejects(approve('first', order.expiresAt - 1), /the server's clock says/)
  const { orderId, orderDigest } = expired
  const late = (approvedAt: Instant) =>
    insertOrderApproval(console, orderId, { approver: 'first', orderDigest, approvedAt })
  await t.rejects(late(expired.expiresAt - 1), /the server's clock says/, 'not backdated')
  await t.rejects(late(Date.now()), /has expired/)
  const use = { lineId: 1n, node: 'node-1', fencingToken: 1n, usedAt: expired.expiresAt - 1 }
  await t.rejects(
    headend.transaction((tx) => insertOrderUse(tx, orderId, use)),
    /the server's clock says/,
  )
})

await t.test('a database in production never has a virtual clock', async (t) => {
  const { owner } = await arrange(t)
  await owner.execute(`insert into deployment values (true, 'production', null, now())`)
  await t.rejects(letTimesBeVirtual(owner, 'test'), /keeps the server's time/)
})

await t.test('a rule for orders counts once a second person has approved it', async (t) => {
  const { console } = await arrange(t)
  const ruleOf = async (kind: string) => (await findOrderRule(console, kind, now))?.longestMinutes ?? null
  const propose = (kind: string, revision: number, actor: string | null) =>
    console.execute('insert into meter_order_rule values ($1, $2, 1, 43200, $3, $4)', [kind, revision, 'epoch', actor])
  t.equal(await propose('freeze', 2, 'author'), 1)
  t.equal(await propose('wipe', 1, 'author'), 1)
  await t.rejects(
    propose('wipe', 2, null),
    /row-level security|check constraint/,
    'a rule without an author is only shipped',
  )
  await t.rejects(propose('burn', 1, null), /row-level security/)
  t.equal(await ruleOf('freeze'), 1440)
  t.equal(await ruleOf('wipe'), null)
  await console.execute(`insert into meter_order_rule_approval values ('freeze', 2, 'first', $1)`, [at(now)])
  t.equal(await ruleOf('freeze'), 43200)
})

await t.test('an order is used only by whoever holds the line', async (t) => {
  const { owner, console, headend, approve } = await arrange(t)
  await insertOrder(console, order)
  await approve('first')
  const use = { lineId: 1n, node: 'node-1', fencingToken: 1n, usedAt: now }
  const insert = (more: object) => headend.transaction((tx) => insertOrderUse(tx, order.orderId, { ...use, ...more }))
  await t.rejects(insert({ lineId: 2n }), /does not hold line 2/)
  await t.rejects(insert({ fencingToken: 2n }), /does not hold line 1/)
  await owner.execute('update line_lease set expires_at = $1', [at(now)])
  await t.rejects(insert({}), /does not hold line 1/)
})

await t.test(
  'broadcast time goes out once a local day, by the holder of the line, under the version in force',
  async (t) => {
    const { console, headend } = await arrange(t)
    const document = { enabled: true, validFrom: '2026-07-01', validTo: '2026-08-01', lines: 'all' }
    const write = async (version: number, content: object) => {
      await console.execute(`insert into standing_order values ('time', $1, $2, sha256(''), 'author', $3)`, [
        version,
        JSON.stringify(content),
        at(now),
      ])
      for (const approver of ['first', 'second'])
        await console.execute(`insert into standing_order_approval values ('time', $1, $2, sha256(''), $3)`, [
          version,
          approver,
          at(now),
        ])
    }
    const use = (version: number, day: string, usedAt = now, line = 1, token = 1) =>
      headend.execute(`insert into standing_order_use values ($1, $2, 'time', $3, 'node-1', $4, $5)`, [
        line,
        day,
        version,
        token,
        at(usedAt),
      ])
    await write(1, { ...document, lines: ['elsewhere'] })
    await t.rejects(use(1, '2026-07-16'), /is not for line line-1/)
    await write(2, { ...document, validTo: '2026-07-16' })
    await t.rejects(use(2, '2026-07-16'), /is not valid on 2026-07-16/)
    await write(3, document)
    await t.rejects(use(2, '2026-07-16'), /a later version is in force/)
    await t.rejects(use(3, '2026-07-16', now, 2), /does not hold line 2/)
    await t.rejects(use(3, '2026-07-16', now, 1, 7), /does not hold line 1/)
    for (const day of ['2026-07-15', '2026-07-17']) await t.rejects(use(3, day), /is the line's day/, day)
    // Half past midnight in Beijing is the day before in UTC.
    const pastMidnight = Date.UTC(2026, 6, 16, 16, 30)
    await t.rejects(use(3, '2026-07-16', pastMidnight), /is the line's day/)
    t.equal(await use(3, '2026-07-17', pastMidnight), 1)
    t.equal(await use(3, '2026-07-16'), 1)
    await t.rejects(use(3, '2026-07-16', now + hourMs), /duplicate key/)
    await write(4, { ...document, enabled: false })
    await t.rejects(use(4, '2026-07-18', now + 40 * hourMs), /ends the standing order/)
    await t.rejects(use(3, '2026-07-18', now + 40 * hourMs), /a later version is in force/)
  },
)

await t.test('the head-end opens what an exchange asks for, and approves in nobody’s name', async (t) => {
  const { owner, console, headend } = await arrange(t)
  const policy = { tables: { exchangesApprovedBy: 'standing_policy' } }
  const wanted = 'desired_meter_table(2, 1, $1)'
  const open = (client: Database, push: string, cause: string, actor: string, table = wanted, version = 1) =>
    client.execute(`insert into concentrator_table_push select $2, 2, $5::bigint, ${table}, $3, $4, $1::timestamptz`, [
      at(now),
      push,
      cause,
      actor,
      version,
    ])
  const approve = (client: Database, push: string, actor: string | null) =>
    client.execute(`insert into concentrator_table_approval values ($2, $3, $1)`, [at(now), push, actor])
  await t.rejects(open(headend, 'd', 'difference', 'first'), /row-level security/)
  await t.rejects(open(headend, 'x', 'meter_exchange', 'first'), /recorded no meter exchange/)
  await owner.execute(`insert into meter values (13, 'meter-13', 'dlt645_2007', $1, 'dlt645', 6, 2)`, [addressOf(13)])
  await owner.execute(
    `insert into installation_timeline values (12, 2, '2026-06-01', $1, 12, 2, $1, 'first', 'exchange'), (12, 2, $1, null, 13, 2, $1, 'first', 'exchange')`,
    [at(now - hourMs)],
  )
  await owner.execute(`insert into meter_exchange values (12, $1, 12, 13, 'sheet', $1, 'first')`, [at(now - hourMs)])
  await t.rejects(open(headend, 'x', 'meter_exchange', 'second'), /recorded no meter exchange/, 'in another’s name')
  const planted = `'[{"terminalPoint": 1, "address": "000000000099"}]'`
  await t.rejects(open(headend, 'x', 'meter_exchange', 'first', planted), /not the one that the registry asks for/)
  t.equal(await open(headend, 'x', 'meter_exchange', 'first'), 1)
  t.equal(await open(console, 'd', 'difference', 'author', 'desired_meter_table(2, 2, $1)', 2), 1)
  await t.rejects(approve(headend, 'x', 'second'), /row-level security/, 'in somebody’s name')
  await t.rejects(approve(headend, 'd', 'second'), /row-level security/)
  await t.rejects(approve(headend, 'x', null), /needs the approval of another person/, 'no plan lets it')
  await console.execute(`insert into collection_plan values (1, $2, sha256(''), $1, $1, 'author', 'test')`, [
    at(now - hourMs),
    JSON.stringify(policy),
  ])
  await t.rejects(approve(headend, 'x', null), /needs the approval of another person/, 'nobody approved that plan')
  await insertRevisionApproval(
    console,
    'collection_plan',
    { revision: 1, approver: 'first', approvedAt: now - hourMs },
    { unfit_windows: 0 },
  )
  await t.rejects(approve(headend, 'd', null), /needs the approval of another person/, 'a difference is no exchange')
  await t.rejects(approve(console, 'x', null), /row-level security/)
  await owner.execute(`update installation_timeline set effective_to = $1 where meter_id = 11`, [at(now)])
  await t.rejects(approve(headend, 'x', null), /the registry has changed/)
  await owner.execute(`update installation_timeline set effective_to = null where meter_id = 11`)
  t.equal(await approve(headend, 'x', null), 1)
})
