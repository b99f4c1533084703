import t from 'tap'
import { hourMs, minuteMs } from '../../../domain/time.js'
import type { Database } from '../../../storage/database.js'
import type { LoginRole } from '../../../storage/roles.js'
import {
  insertOrder,
  insertOrderApproval,
  insertOrderResult,
  insertOrderUse,
  type OrderResult,
} from '../../../storage/headend/orders.js'
import { withDatabase } from '../../support/database.js'
import { plantRegistry } from '../../support/field-world.js'
import { orderOf, plantCredential, plantLease, plantPeople } from '../../support/orders.js'

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

const now = Date.UTC(2026, 6, 15, 4)
const order = orderOf(now)
const relay = orderOf(now, { kind: 'relay_permit_close', parameters: { validMinutes: 10 } })
const use = { lineId: 1n, node: 'node-1', fencingToken: 1n, usedAt: now }
const result: OrderResult = {
  ordinal: 1,
  verdict: 'verified',
  requestTrace: null,
  answerTrace: null,
  readBack: {},
  detail: 'test',
  recordedAt: now,
}

async function arrange(t: Teardown) {
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  await plantRegistry(owner, [{ lineId: 1, code: 'line-1', kind: 'dlt645_tcp', settings: {}, meters: [1] }])
  await plantPeople(owner)
  await plantLease(owner, 1n)
  const console = databases.as('console')
  const headend = databases.as('headend')
  const approve = (approver: string, of = order) =>
    insertOrderApproval(console, of.orderId, { approver, orderDigest: of.orderDigest, approvedAt: now - minuteMs })
  const useOf = (of = order, usedAt = now) =>
    headend.transaction((tx) => insertOrderUse(tx, of.orderId, { ...use, usedAt }))
  return { databases, owner, console, headend, approve, useOf }
}

await t.test('the database refuses the author, a process, and an approval of something else', async (t) => {
  const { console, approve } = await arrange(t)
  t.equal(await insertOrder(console, order), true)
  t.equal(await insertOrder(console, order), false, 'the same again is the same')
  await t.rejects(approve('author'), /author wrote order .* and may not approve it/)
  await t.rejects(approve('system'), /approved by people; system is none/)
  await t.rejects(approve('nobody'), /approved by people/)
  await t.rejects(
    insertOrderApproval(console, order.orderId, {
      approver: 'first',
      orderDigest: order.orderDigest,
      approvedAt: order.expiresAt,
    }),
    /has expired/,
  )
  await t.rejects(approve('first', { ...order, orderDigest: Buffer.alloc(32) }), /is not what was approved/)
  t.equal(await approve('first'), true)
  t.equal(await approve('first'), false)
})

await t.test('the database refuses an order without a rule, and one that is valid too long', async (t) => {
  const { console } = await arrange(t)
  await t.rejects(insertOrder(console, orderOf(now, { kind: 'relay_open' })), /no rule says who approves/)
  const long = orderOf(now, { kind: 'freeze', parameters: {}, notBefore: now, expiresAt: now + 25 * hourMs })
  await t.rejects(insertOrder(console, long), /valid for 1440 minutes at most/)
  for (const communicationAddress of ['999999999999', 'AAAAAAAAAAAA', '12'])
    await t.rejects(
      insertOrder(console, orderOf(now, { communicationAddress })),
      /check constraint/,
      communicationAddress,
    )
})

await t.test('the database refuses a use without approvals, too early, too late, and a second one', async (t) => {
  const { console, approve, useOf } = await arrange(t)
  await insertOrder(console, order)
  await insertOrder(console, relay)
  await t.rejects(useOf(), /has 0 of 1 approvals/)
  await approve('first')
  await approve('first', relay)
  await t.rejects(useOf(relay), /has 1 of 2 approvals/)
  await t.rejects(useOf(order, order.expiresAt), /is not valid at/)
  // Before its first moment an order has no approvals that early either; a later approval does not reach back.
  await t.rejects(useOf(order, order.notBefore - 1), /has 0 of 1 approvals/)
  t.equal(await useOf(), true)
  t.equal(await useOf(), false, 'single use')
})

await t.test('two people are the floor for relays and tariff tables, whatever a later rule says', async (t) => {
  const { console } = await arrange(t)
  const rule = (kind: string, revision: number, approvals: number, actor: string | null) =>
    console.execute('insert into meter_order_rule values ($1, $2, $3, 60, $4, $5)', [
      kind,
      revision,
      approvals,
      '2026-07-01T00:00:00Z',
      actor,
    ])
  for (const kind of ['relay_permit_close', 'tariff_table', 'tariff_switch'])
    await t.rejects(rule(kind, 2, 1, 'author'), /check constraint/, kind)
  await t.rejects(rule('set_clock', 2, 2, null), /row-level security/, 'a change has an author')
  t.equal(await rule('set_clock', 2, 2, 'author'), 1)
})

await t.test('a use has one final result, after any number of unknown ones', async (t) => {
  const { console, headend, approve, useOf } = await arrange(t)
  await insertOrder(console, order)
  await t.rejects(insertOrderResult(headend, order.orderId, result), /foreign key/, 'no result without a use')
  await approve('first')
  await useOf()
  const record = (ordinal: number, verdict: OrderResult['verdict']) =>
    insertOrderResult(headend, order.orderId, { ...result, ordinal, verdict })
  t.equal(await record(1, 'unknown'), true)
  t.equal(await record(1, 'verified'), false)
  t.equal(await record(2, 'unknown'), true)
  t.equal(await record(3, 'verified'), true)
  t.equal(await record(4, 'refused'), false)
})

const tables = [
  'meter_order',
  'meter_order_approval',
  'meter_order_rule',
  'meter_order_rule_approval',
  'meter_order_use',
  'meter_order_result',
  'standing_order',
  'standing_order_approval',
  'standing_order_use',
  'standing_order_unsent',
  'meter_credential',
] as const
const writers: Readonly<Record<(typeof tables)[number], LoginRole>> = {
  meter_order: 'console',
  meter_order_approval: 'console',
  meter_order_rule: 'console',
  meter_order_rule_approval: 'console',
  meter_order_use: 'headend',
  meter_order_result: 'headend',
  standing_order: 'console',
  standing_order_approval: 'console',
  standing_order_use: 'headend',
  standing_order_unsent: 'headend',
  meter_credential: 'console',
}

await t.test(
  'console orders and approves, headend uses and records, and nobody changes or removes anything',
  async (t) => {
    const { databases, owner, console } = await arrange(t)
    await insertOrder(console, order)
    const processes: readonly LoginRole[] = ['headend', 'mdm', 'billing', 'dunning', 'console', 'reader']
    for (const role of processes) {
      const database = databases.as(role)
      for (const table of tables) {
        const may = await rightsOn(owner, role, table)
        t.same(
          may,
          { insert: writers[table] === role, update: false, delete: false, truncate: false },
          `${role} on ${table}`,
        )
        if (writers[table] !== role)
          await t.rejects(database.execute(`insert into ${table} select * from ${table}`), /permission denied/)
      }
    }
  },
)

await t.test('only the head-end reads what is sealed; whoever seals sees the names', async (t) => {
  const { databases, console } = await arrange(t)
  await plantCredential(console)
  const sealed = 'select cipher_text from meter_credential'
  t.equal((await databases.as('headend').query(sealed)).length, 1)
  for (const role of ['console', 'reader', 'mdm', 'billing', 'dunning'] as const)
    await t.rejects(databases.as(role).query(sealed), /permission denied/, role)
  t.same(await console.query('select credential_code, version from meter_credential'), [
    { credential_code: 'county-2026', version: 1 },
  ])
})

async function rightsOn(owner: Database, role: LoginRole, table: string): Promise<object | undefined> {
  const [rights] = await owner.query<object>(
    `select has_table_privilege($1, $2, 'insert') as insert, has_table_privilege($1, $2, 'update') as update,
            has_table_privilege($1, $2, 'delete') as delete, has_table_privilege($1, $2, 'truncate') as truncate`,
    [`shuangwu_${role}`, table],
  )
  return rights
}
