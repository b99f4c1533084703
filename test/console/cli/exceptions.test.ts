import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { arrangeQueue, clerk, openHeld, second } from '../../mdm/support/queue-scene.js'
import { midnight, registers, store } from '../../mdm/support/small-utility.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import { createFakeIo } from './fake-io.js'

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
  readonly testdir: (files: Readonly<Record<string, string>>) => string
}

const roles = ['console', 'reader', 'mdm', 'billing'] as const

async function arrange(t: Teardown, values: readonly number[]) {
  const database = await arrangeQueue(t)
  const now = await openHeld(database, values)
  const logins = roles.map((role) => [`SHUANGWU_${role.toUpperCase()}_DATABASE_URL`, database.url(role)])
  const env = { DATABASE_URL: database.url('owner'), ...Object.fromEntries(logins) }
  const cwd = t.testdir({})
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    const code = await runCli(['exceptions', ...args], io)
    return { code, out: io.outText(), err: io.errText() }
  }
  const codes = async () =>
    (JSON.parse((await run('list', '--json')).out) as { exceptions: { code: string; meterCode: string }[] }).exceptions
      .toSorted((a, b) => (a.meterCode < b.meterCode ? -1 : 1))
      .map(({ code }) => code)
  return { database, now, run, codes, cwd }
}

t.test('what is open is listed, counted and shown with all that is known of it', async (t) => {
  const { run, codes } = await arrange(t, [995_00, 900_00])
  const [first = ''] = await codes()
  t.match(await run('list'), { code: 0, out: /示数待核.*meter-1[\s\S]*manager-1/ })
  for (const by of ['crew', 'area', 'rule', 'kind'])
    t.match(JSON.parse((await run('list', '--by', by, '--json')).out), { by, groups: [{ open: 2 }] })
  const refused: readonly (readonly [flag: string, text: string, known: RegExp])[] = [
    ['--crew', 'nobody', /crew nobody.*none, manager-1/],
    ['--area', 'area-2', /area area-2.*known are: area-1/],
    ['--kind', 'nope', /kind nope.*held_reading 示数待核/],
    ['--rule', 'nope', /rule nope.*decrease 示数倒走/],
  ]
  for (const [flag, text, known] of refused) t.match(await run('list', flag, text), { code: 2, err: known })
  const accepted: readonly (readonly [flag: string, text: string])[] = [
    ['--kind', '示数待核'],
    ['--kind', 'held_reading'],
    ['--rule', '示数倒走'],
    ['--crew', 'none'],
    ['--crew', 'manager-1'],
    ['--area', 'area-1'],
  ]
  for (const [flag, text] of accepted)
    t.match(JSON.parse((await run('list', flag, text, '--json')).out), { open: 2 }, `${flag} ${text}`)
  const shown = await run('show', first)
  t.match(shown, { code: 0, out: /scheduled[\s\S]*995[\s\S]*last 30 days/ })
  t.match(shown.out, /建议 suggested: .*field_order/)
  t.match(JSON.parse((await run('show', first, '--json')).out), {
    code: first,
    claims: [{ source: 'scheduled', registers: { totalE4: '9950000' } }],
    suggestion: { name: 'read_on_site' },
  })
  t.match(await run('show', 'ffffffff'), { code: 1, err: /not open/ })
})

t.test(
  'one person decides what is small; a correction waits for another one; both are put back by an undo',
  async (t) => {
    const { run, codes } = await arrange(t, [995_00, 900_00])
    const [small = '', wrong = ''] = await codes()
    const by = ['--reason', 'looked at it', '--actor', clerk]
    t.match(await run('decide', small, '--action', 'accept', '--dry-run', ...by), {
      code: 0,
      out: /│ meter-1 \d{4}-\d\d-\d\d \d\d:\d\d /,
    })
    t.match(await run('decide', small, '--action', 'accept', ...by), { code: 0, out: /5.00 kWh ¥3.00 · .*applied 1/ })
    t.match(await run('decide', small, '--action', 'accept', ...by), {
      code: 1,
      err: /not_open[\s\S]*nothing that can be decided/,
    })
    t.match(await run('decide', wrong, '--action', 'correct', '--total', '1012.5', ...by), {
      code: 2,
      err: /--evidence/,
    })
    t.match(await run('decide', wrong, '--action', 'correct', '--evidence', 'photo 1', ...by), {
      code: 2,
      err: /--total/,
    })
    const fix = ['decide', wrong, '--action', 'correct', '--total', '1012.505', '--evidence', 'photo 1', ...by]
    t.match(await run(...fix), { code: 1, err: /value_does_not_fit_display/ })
    const decided = await run(...fix.with(5, '1012.5'), '--json')
    const { decisionId } = JSON.parse(decided.out) as { readonly decisionId: string }
    t.match(JSON.parse(decided.out), { outcome: 'created', approvalsNeeded: 1, applied: 0 })
    t.match(await run('decisions', '--waiting'), { code: 0, out: /waits for another person/ })
    t.match((await run('list')).out, /待审批 1 条：.*exceptions approve/)
    t.match(
      (await run('show', wrong)).out,
      new RegExp(
        `to be approved: 更正 correct 1012\\.50 kWh.*${decisionId.slice(0, 8)} · 共 1 条.*asked by ${clerk} .*looked at it .*photo 1.*approve ${wrong} --actor`,
        's',
      ),
      'what is asked for, by whom, and how another person approves it',
    )
    t.match(JSON.parse((await run('show', wrong, '--json')).out), { toBeApproved: { decisionId, actor: clerk } })
    t.match((await run('decisions', decisionId.slice(0, 8))).out, /looked at it/)
    t.match(await run('approve', 'ffffffff', '--actor', second), { code: 1, err: /no such decision/ })
    t.match(await run('approve', wrong, '--actor', clerk), { code: 1, err: /four_eyes/ })
    t.match(await run('approve', decisionId, '--actor', 'nobody'), { code: 2 })
    t.match(await run('approve', wrong, '--actor', second), { code: 0, out: /applied 1 · .*approved by second/ })
    t.match(await run('list'), { out: /nothing is open/ })
    const undone = await run('undo', decisionId, '--reason', 'wrong meter', '--actor', clerk, '--json')
    const { decisionId: undoId } = JSON.parse(undone.out) as { readonly decisionId: string }
    t.match(JSON.parse(undone.out), { approvalsNeeded: 1, applied: 0 }, 'what took two to decide takes two to undo')
    t.match(await run('decisions', decisionId), { out: /undoing waits for approval/ })
    t.match(await run('approve', undoId, '--actor', clerk), { code: 1, err: /four_eyes/ })
    t.match(await run('approve', undoId, '--actor', second), { code: 0, out: /applied 1/ })
    t.match(await run('decisions', decisionId), { code: 0, out: /undone by[\s\S]*1012.50/ })
    t.same(await codes(), [wrong])
  },
)

t.test('a batch is one decision over a filter, and what cannot be decided so is said', async (t) => {
  const { run } = await arrange(t, [995_00, 990_00, 980_00])
  const by = ['--reason', 'heat pumps off', '--actor', clerk]
  t.match(await run('decide', '--action', 'accept', ...by), { code: 2, err: /--filter/ })
  t.match(await run('decide', '--filter', 'colour=red', '--action', 'accept', ...by), { code: 2, err: /colour=red/ })
  t.match(await run('decide', '--filter', 'rule=nope', '--action', 'accept', ...by), { code: 2, err: /known are/ })
  t.match(await run('decide', '--filter', 'rule=示数倒走,area=area-1', '--action', 'accept', ...by), {
    code: 0,
    out: /3 条 exceptions · .*215.00 kWh/,
  })
  t.match(await run('score', '--days', '400', '--json'), { code: 0 })
})

t.test('a run says what it found, and the policy is changed by two people', async (t) => {
  const { run, cwd } = await arrange(t, [995_00])
  t.match(await run('run', '--actor', 'system', '--now', '2026-07-03 08:00'), { code: 0, out: /open 1/ })
  t.match(JSON.parse((await run('run', '--actor', 'system', '--now', '2026-07-03 08:00', '--json')).out), {
    opened: 0,
    closed: 0,
    stillOpen: 1,
  })
  const policy = await run('policy', 'show', '--json')
  t.match(await run('policy', 'show'), { code: 0, out: /built-in\/1[\s\S]*认可 accept/ })
  const { policy: document } = JSON.parse(policy.out) as { readonly policy: object }
  writeFileSync(join(cwd, 'policy.json'), JSON.stringify({ ...document, lookBackDays: 30 }))
  writeFileSync(join(cwd, 'bad.json'), JSON.stringify({ ...document, lookBackDays: 0 }))
  t.match(await run('policy', 'check', 'bad.json'), { code: 2, err: /bad\.json:1: lookBackDays/ })
  t.match(await run('policy', 'check', 'policy.json'), { code: 0 })
  const by = ['--actor', clerk]
  t.match(await run('policy', 'propose', 'policy.json', '--reason', 'fewer', ...by), { code: 0, out: /revision 2/ })
  t.match(await run('policy', 'sign', '2', ...by), { code: 1, err: /four_eyes/ })
  t.match(await run('policy', 'sign', '2', '--actor', second), { code: 0, out: /revision 2 is approved/ })
  t.match(JSON.parse((await run('policy', 'show', '--json')).out), {
    version: 'exceptions/2',
    policy: { lookBackDays: 30 },
  })
  t.match(JSON.parse(policy.out), { revision: null, version: 'built-in/1', policy: { lookBackDays: 62 } })
})

t.test(
  'a value below the last accepted one is refused, needs a reason code, and a second person who repeats it',
  async (t) => {
    const { run, codes } = await arrange(t, [900_00])
    const [wrong = ''] = await codes()
    const by = ['--reason', 'meter was turned', '--actor', clerk, '--evidence', 'photo 1']
    const fix = ['decide', wrong, '--action', 'correct', '--total', '950', ...by]
    t.match(await run(...fix), { code: 1, err: /value_needs_override.*decrease.*fell from 1000/ })
    t.match(await run(...fix, '--override', 'because'), { code: 2 })
    const dry = await run(...fix, '--override', 'meter_faulty', '--dry-run')
    t.match(dry, { code: 0, out: /held[\s\S]*950.00 accepted[\s\S]*decrease[\s\S]*-50.00 kWh/ })
    t.match(dry.out, /it also needs --tou2 --tou4.*billed by time of use would be held/s)
    t.match(JSON.parse((await run('list', '--json')).out), { exceptions: [{ waitingDecision: null }] })
    const decided = await run(...fix, '--override', 'meter_faulty', '--json')
    const { decisionId } = JSON.parse(decided.out) as { readonly decisionId: string }
    t.match(JSON.parse(decided.out), { overrideCode: 'meter_faulty', approvalsNeeded: 1, applied: 0 })
    t.match((await run('show', wrong)).out, /approve [0-9a-f]{8} --override meter_faulty/)
    t.match(await run('approve', decisionId, '--actor', second), { code: 1, err: /decrease[\s\S]*meter_faulty/ })
    t.match(await run('approve', decisionId, '--actor', second, '--override', 'meter_faulty'), {
      code: 0,
      out: /against the rules: .*meter_faulty.*applied 1/,
    })
  },
)

t.test('a hold ends in the future, and beyond the cut-off of its month it takes a second person', async (t) => {
  const { run, codes } = await arrange(t, [900_00, 905_00])
  const [first = '', other = ''] = await codes()
  const by = ['--action', 'hold', '--reason', 'wait for the crew', '--actor', clerk]
  t.match(await run('decide', first, ...by, '--until', '2020-01-01'), { code: 1, err: /past/ })
  t.match(JSON.parse((await run('decide', other, ...by, '--until', '2027-09-01', '--json')).out), {
    approvalsNeeded: 1,
    applied: 0,
  })
})

t.test('another time than the server’s is for simulated databases, and a run has an actor', async (t) => {
  const { run, database } = await arrange(t, [900_00])
  t.match(await run('run'), { code: 2, err: /--actor/ })
  await database
    .as('owner')
    .execute(
      `insert into acting_time_rule (revision, tolerance, reason) select 1 + max(revision), interval '1 minute', 'live' from acting_time_rule`,
    )
  t.match(await run('run', '--actor', 'system', '--now', '2026-07-03 08:00'), { code: 1, err: /server’s time/ })
  t.match(await run('run', '--actor', 'nobody'), { code: 2, err: /nobody/ })
  t.match(await run('run', '--actor', 'system'), { code: 0 })
})

t.test('of values that disagree one has to be named, and they are shown with their sources', async (t) => {
  const { database, run, codes } = await arrange(t, [900_00])
  const [code = ''] = await codes()
  const further = { meterId: 1n, readAt: midnight(2), registers: registers(1012_00), source: 2, claim: true }
  await store(database, [further])
  const accept = ['decide', code, '--action', 'accept', '--reason', 'the second visit', '--actor', clerk]
  t.match(await run(...accept), {
    code: 1,
    err: /claim_not_named[\s\S]*1 .*scheduled .*900\.00[\s\S]*2 .*backfill .*1012\.00[\s\S]*--claim 1 … 2/,
  })
  const asked = await run(...accept, '--json')
  t.match(JSON.parse(asked.out), {
    leftOut: [
      {
        kind: 'claim_not_named',
        claims: [
          { claim: 1, source: 'scheduled' },
          { claim: 2, total: '1012.00' },
        ],
      },
    ],
  })
  t.match(await run(...accept, '--claim', '3'), { code: 1, err: /no_claim_to_accept/ })
  t.match(await run(...accept, '--claim', '2'), { code: 0, out: /已生效 applied 1/ })
})

t.test(
  'what a person brought takes the place of a frame only when a second person says so, however small the difference',
  async (t) => {
    const { database, run, codes } = await arrange(t, [900_00])
    const [code = ''] = await codes()
    await database.as('mdm').query(
      `insert into manual_reading (meter_id, quantity, read_at, total_e4, source, document, actor_id, recorded_at)
     values (1, 1, $1, 9000100, 5, 'visit 7', $2, $1)`,
      [toTimestamptz(midnight(2)), clerk],
    )
    const accept = ['decide', code, '--action', 'accept', '--reason', 'the visit', '--actor', clerk]
    const shown = await run(...accept)
    const visit = /(\d+) .*field/.exec(shown.err)?.[1] ?? ''
    t.match(await run(...accept, '--claim', visit), { code: 0, out: /待.*审批|waits for/ })
    t.match(await run('decisions', '--waiting'), { code: 0, out: /waits for another person/ })
  },
)
