import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { createRealClock } from '../../../console/runtime/real-clock.js'
import { createRealNetwork } from '../../../console/runtime/real-network.js'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { dayMs, hourMs, minuteMs } from '../../../domain/time.js'
import { startRs485Line } from '../../../simulators/rs485-line.js'
import { insertOrder, insertOrderApproval } from '../../../storage/headend/orders.js'
import { checkoutRoot } from '../../architecture/source-files.js'
import { withDatabase } from '../../support/database.js'
import { local, plantRegistry, simulatedMeter } from '../../support/field-world.js'
import { orderOf, plantLease, plantPeople, secretOperator, secretPassword } from '../../support/orders.js'
import { createFakeIo } from './fake-io.js'

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
  readonly testdir: (files: { readonly key: string }) => string
}

const settings = { baud: 9600, wakeUpBytes: 4, replyTimeoutMs: 2000, requestGapMs: 10 }
const main = join(checkoutRoot, 'build', 'console', 'main.js')
const processes = ['headend', 'console', 'reader'] as const

/** A simulated line on loopback, its registry, people, and the command line with a key file. */
async function arrange(t: Teardown) {
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  const clock = createRealClock()
  const network = createRealNetwork()
  const meter = simulatedMeter(1, { habits: { passwords: { '02': secretPassword } } })
  const line = await startRs485Line(
    {
      name: 'line-1',
      baud: null,
      damagedPermille: 0,
      meters: [{ meter, from: 0, to: null }],
      endpoint: local,
      outages: [],
    },
    { clock, network, random: createSeededRandom(1) },
  )
  t.teardown(() => line.close())
  const lineSettings = { ...line.endpoint, ...settings }
  await plantRegistry(owner, [{ lineId: 1, code: 'line-1', kind: 'dlt645_tcp', settings: lineSettings, meters: [1] }])
  await plantPeople(owner)
  const cwd = t.testdir({ key: '0a'.repeat(32) })
  const env = {
    DATABASE_URL: databases.url('owner'),
    SHUANGWU_CREDENTIAL_KEY_FILE: join(cwd, 'key'),
    ...Object.fromEntries(
      processes.map((role) => [`SHUANGWU_${role.toUpperCase()}_DATABASE_URL`, databases.url(role)]),
    ),
  }
  async function run(args: readonly string[], input: readonly string[] = []) {
    const io = createFakeIo({ cwd, env, input })
    const code = await runCli(['order', ...args], io)
    return { code, out: io.outText(), err: io.errText(), all: `${io.outText()}${io.errText()}` }
  }
  return { run, env, owner, databases, clock }
}

const credential = JSON.stringify({ level: '02', password: secretPassword, operator: secretOperator })
const proposal = [
  'propose',
  '--meter',
  'meter-1',
  '--kind',
  'tariff_table',
  '--credential',
  'county',
  '--actor',
  'author',
]
const table = ['--parameters', JSON.stringify({ item: '04020001', values: ['000001', '120002'] })]

await t.test('an order goes from proposal to verified, with two people and no secret in sight', async (t) => {
  const { run } = await arrange(t)
  const said: string[] = []
  const done = async (args: readonly string[], input: readonly string[] = []) => {
    const result = await run(args, input)
    said.push(result.all)
    t.equal(result.code, 0, `${args[0]}: ${result.err}`)
    return JSON.parse(result.out) as Record<string, unknown>
  }
  t.match(await done(['credential', 'county', '--actor', 'author', '--json'], [credential]), { version: 1 })
  const proposed = await done([...proposal, ...table, '--reason', '新电价 new tariff', '--json'])
  t.match(proposed, { outcome: 'created', kind: 'tariff_table', approvalsNeeded: 2, approvals: [], usedAt: null })
  const id = String(proposed['orderId'])
  const early = await run(['execute', id, '--actor', 'first'])
  t.match(early, { code: 1, out: '', err: /not_approved/ })
  t.equal(early.err.split('\n').length, 1, 'one line')
  for (const actor of ['first', 'second']) await done(['approve', id, '--actor', actor, '--json'])
  t.match(await done(['list', '--json']), { orders: [{ orderId: id, approvals: 2, verdict: null }] })
  t.match(await done(['execute', id, '--actor', 'third', '--json']), {
    results: [{ verdict: 'verified', requestTrace: /\*\*/ }],
  })
  t.match(await done(['show', id, '--json']), { results: [{ verdict: 'verified' }] })
  const text = await run(['show', id])
  t.match(text.out, /结果 result 1 {2}verified/)
  const again = await run(['execute', id, '--actor', 'third'])
  t.match(again, { code: 1, err: /already_used/ })
  t.notMatch([...said, text.all, again.all].join('\n'), new RegExp(`${secretPassword}|${secretOperator}`))
})

await t.test('each refusal is one clear line', async (t) => {
  const { run, databases, clock } = await arrange(t)
  await run(['credential', 'county', '--actor', 'author'], [credential])
  const now = clock.now()
  const order = orderOf(now, {
    kind: 'freeze',
    parameters: {},
    credentialCode: null,
    notBefore: now,
    expiresAt: now + minuteMs,
  })
  const over = orderOf(now, { notBefore: now - 2 * minuteMs, expiresAt: now - minuteMs })
  const console = databases.as('console')
  await insertOrder(console, order)
  await insertOrder(console, over)
  const { orderDigest } = order
  await insertOrderApproval(console, order.orderId, { approver: 'first', orderDigest, approvedAt: now })
  const reasoned = [...proposal, '--reason', 'r']
  const nobody = '00000000-0000-8000-8000-000000000000'
  const cases: readonly (readonly [args: readonly string[], code: number, says: RegExp])[] = [
    [['approve', order.orderId, '--actor', 'author'], 1, /author_is_approver/],
    [['approve', order.orderId, '--actor', 'system'], 1, /approver_not_person/],
    [['approve', order.orderId, '--actor', 'nobody'], 2, /actor_unknown/],
    [['approve', over.orderId, '--actor', 'first'], 1, /expired/],
    [['approve', nobody, '--actor', 'first'], 1, /order_not_found/],
    [['show', nobody], 1, /order_not_found/],
    [['show', 'x'], 2, /expected an order id/],
    [['execute', over.orderId, '--actor', 'first'], 1, /not_approved|expired/],
    [[...proposal.with(2, 'no-meter'), ...table, '--reason', 'r'], 1, /meter_unknown/],
    [[...proposal.with(6, 'other'), ...table, '--reason', 'r'], 1, /credential_missing/],
    [[...reasoned, '--parameters', '{'], 2, /--parameters.*JSON/],
    [[...reasoned, '--parameters', '{"item":"04020001","values":["9"]}'], 2, /the values do not fit the item/],
    [[...reasoned, ...table, '--minutes', '99999'], 1, /validity_wrong/],
    [[...reasoned, ...table, '--from', '2026-02-30T00:00'], 2, /--from/],
    [[...reasoned, ...table, '--from', '2026-01-01T00:00'], 1, /validity_wrong/],
    [[...proposal, ...table, '--reason', ' '], 1, /reason_missing/],
    [[...proposal.with(4, 'relay_open'), '--reason', 'r'], 2, /relay_open/],
  ]
  for (const [args, code, says] of cases) {
    const result = await run(args)
    t.equal(result.code, code, `${args.join(' ')}: ${result.err}`)
    t.match(result.err, says, args.join(' '))
    t.notMatch(result.err, /\n\s+at /)
  }
})

await t.test(
  'a malformed credential is refused without showing it, and a line that another owns is left alone',
  async (t) => {
    const { run, owner, clock, databases } = await arrange(t)
    const wrong = await run(
      ['credential', 'county', '--actor', 'author'],
      [`{"level":"02","password":"${secretPassword}`],
    )
    t.match(wrong, { code: 2, err: /stdin: document/ })
    const operator = JSON.stringify({ level: '02', password: secretPassword, operator: 'x' })
    const field = await run(['credential', 'county', '--actor', 'author'], [operator])
    t.match(field, { code: 2, err: /stdin: operator/ })
    t.notMatch(wrong.all + field.all, new RegExp(secretPassword))
    const now = clock.now()
    const order = orderOf(now, {
      kind: 'freeze',
      parameters: {},
      credentialCode: null,
      notBefore: now,
      expiresAt: now + minuteMs,
    })
    await insertOrder(databases.as('console'), order)
    await plantLease(owner, 1n)
    t.match(await run(['execute', order.orderId, '--actor', 'first']), { code: 1, err: /not_approved/ })
    t.match(await run(['approve', order.orderId, '--actor', 'first']), { code: 0 })
    const left = await run(['execute', order.orderId, '--actor', 'first'])
    t.match(left, { code: 0, err: /由采集节点占用.*will do it/ })
    t.equal((await owner.query('select from meter_order_use')).length, 0, 'nothing is used past the owner')
  },
)

await t.test('a standing order is proposed from a file and approved by two others', async (t) => {
  const { run } = await arrange(t)
  const example = join(checkoutRoot, 'docs', 'schemas', 'standing-order.example.yaml')
  t.match(await run(['standing', 'propose', example, '--actor', 'author']), { code: 0, out: /已登记 recorded/ })
  t.match(await run(['standing', 'propose', example, '--actor', 'author']), { code: 0, out: /早已登记 was there/ })
  const approve = (actor: string) => run(['standing', 'approve', 'broadcast-time', '1', '--actor', actor])
  t.match(await approve('author'), { code: 1, err: /author_is_approver/ })
  t.match(await approve('first'), { code: 0 })
  t.match(await approve('second'), { code: 0 })
  t.match(JSON.parse((await run(['standing', 'list', '--json'])).out), {
    standingOrders: [{ code: 'broadcast-time', version: 1, approvals: 2 }],
  })
  t.match(await run(['standing', 'propose', join(checkoutRoot, 'package.json'), '--actor', 'author']), {
    code: 2,
    err: /package\.json: /,
  })
})

await t.test('an approved order that a node cannot write says why, and who approves twice is told', async (t) => {
  const { run, env, clock } = await arrange(t)
  await run(['credential', 'county', '--actor', 'author'], [credential])
  // No clock is set: that is refused near midnight, whatever is missing.
  const proposed = await run([...proposal, ...table, '--reason', 'r', '--json'])
  const { orderId, meterCode } = JSON.parse(proposed.out) as { readonly orderId: string; readonly meterCode: string }
  t.equal(meterCode, 'meter-1')
  t.match(await run(['approve', orderId, '--actor', 'first']), { code: 0, err: '' })
  t.match(await run(['approve', orderId, '--actor', 'first']), { code: 0, err: /早已审批 had approved it before/ })
  t.match(await run(['approve', orderId, '--actor', 'second']), { code: 0 })
  const { SHUANGWU_CREDENTIAL_KEY_FILE: _, ...withoutKey } = env
  const node = spawn(process.execPath, [main, 'headend', '--node', 'n1'], {
    env: { ...process.env, ...withoutKey, SHUANGWU_FOLDER: t.testdir({ key: '' }) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  t.teardown(async () => {
    node.kill('SIGKILL')
    await once(node, 'exit')
  })
  const log: string[] = []
  createInterface(node.stderr).on('line', (line) => log.push(line))
  const shown = async () => (await run(['show', orderId])).out
  // The first window of a local day opens five minutes after midnight; until then the node has no line.
  const sinceMidnight = (clock.now() + 8 * hourMs) % dayMs
  const until = clock.now() + 30_000 + Math.max(0, 5 * minuteMs - sinceMidnight)
  while (clock.now() < until && !(await shown()).includes('未写')) await clock.sleep(200)
  t.match(await shown(), /未写 not sent .* n1 · .*credential_missing: 缺少电表口令或密钥.*/)
  t.match(await shown(), /电表 meter {5}meter-1 · 地址 address/)
  t.match(log.join('\n'), /"event":"order_failed".*"reason":"credential_missing"/)
})
