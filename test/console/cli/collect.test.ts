import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { createRealClock } from '../../../console/runtime/real-clock.js'
import { createRealNetwork } from '../../../console/runtime/real-network.js'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { beijing, dayMs } from '../../../domain/time.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'
import { approvePlan, submitPlan } from '../../../headend/plan/record-plan.js'
import { startRs485Line } from '../../../simulators/rs485-line.js'
import { layDueReads } from '../../../storage/headend/due-reads.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { checkoutRoot } from '../../architecture/source-files.js'
import { type TestDatabase, withDatabase } from '../../support/database.js'
import { addressOf, local, plantRegistry, simulatedMeter } from '../../support/field-world.js'
import { createFakeIo } from './fake-io.js'
import { plantApprovers } from '../../support/people.js'

const clock = createRealClock()
const midnight = beijing.startOfDayAt(clock.now())
const serial = { baud: 57_600, wakeUpBytes: 4, replyTimeoutMs: 300, requestGapMs: 0 }
const main = join(checkoutRoot, 'build', 'console', 'main.js')
const example = join(checkoutRoot, 'docs', 'examples', 'collection-plan.yaml')

interface Teardown {
  readonly teardown: (act: () => Promise<void> | void) => void
  readonly testdir: (fixture: Record<string, never>) => string
}

/** A line of four meters, the fourth silent, in real time; each shows its ordinal in kWh. */
async function openUtility(t: Teardown) {
  const database = await withDatabase(t)
  const line = await startRs485Line(
    {
      name: 'bus',
      endpoint: local,
      baud: serial.baud,
      meters: [1, 2, 3, 4].map((ordinal) => ({
        meter: simulatedMeter(ordinal, {
          energisedFrom: midnight - 90 * dayMs,
          source: {
            registersAt: () => ({ totalE4: BigInt(ordinal) * 10_000n, touE4: [0n, BigInt(ordinal) * 10_000n, 0n, 0n] }),
          },
        }),
        from: 0,
        to: ordinal === 4 ? 1 : null,
      })),
      damagedPermille: 0,
      outages: [],
    },
    { clock, random: createSeededRandom(1), network: createRealNetwork() },
  )
  t.teardown(() => line.close())
  await plantRegistry(database.as('owner'), [
    { lineId: 1, code: 'bus', kind: 'dlt645_tcp', settings: { ...line.endpoint, ...serial }, meters: [1, 2, 3, 4] },
  ])
  await database
    .as('owner')
    .execute(`update installation_timeline set effective_from = '2020-01-01', recorded_at = '2020-01-01'`)
  await plantApprovers(database.as('owner'), ['lead', 'head'])
  const env = { DATABASE_URL: database.url('owner'), SHUANGWU_FOLDER: t.testdir({}) }
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd: checkoutRoot, env })
    const code = await runCli(args, io)
    return { code, out: io.outText(), err: io.errText(), json: () => JSON.parse(io.outText()) as unknown }
  }
  return { database, line, run, env }
}

/** The day of use that a midnight closes. */
function dateOf(closing: number): string {
  return beijing.dateAt(closing - 1)
}

async function readings(database: TestDatabase): Promise<number> {
  return (await database.as('owner').query('select from reading')).length
}

await t.test('a plan is checked, handed in, and approved by another person', async (t) => {
  const { run } = await openUtility(t)
  t.match((await run('collect', 'plan', 'check', example, '--json')).json(), { ok: true, sha256: /^[0-9a-f]{64}$/ })
  t.match((await run('collect', 'plan', 'show', '--json')).json(), { revision: null, revisions: [] })
  const submit = ['collect', 'plan', 'submit', example, '--actor', 'lead', '--reason', 'longer window', '--json']
  t.match((await run(...submit)).json(), { kind: 'created', revision: 1 })
  t.match((await run(...submit)).json(), { kind: 'exists', revision: 1 })
  t.match(await run('collect', 'plan', 'approve', '1', '--actor', 'lead'), { code: 1, err: /four_eyes/ })
  t.match((await run('collect', 'plan', 'approve', '1', '--actor', 'head', '--json')).json(), { kind: 'created' })
  t.match((await run('collect', 'plan', 'show', '--json')).json(), {
    revision: 1,
    plan: { schedules: [{ window: { closesMinutes: 420 } }] },
    revisions: [{ revision: 1, author: 'lead', approver: 'head' }],
  })
  t.match(await run('collect', 'plan', 'show', '--revision', '9'), { code: 1, err: /no revision 9/ })
})

await t.test(
  'a plan that cannot fit is told so before anybody signs it, and signed only by whoever says so',
  async (t) => {
    const { run, database } = await openUtility(t)
    const [freezes, ...others] = defaultPlan.schedules
    const window = { opensMinutes: 5, closesMinutes: 6, passesMinutes: [5] }
    const schedules = freezes === undefined ? [] : [{ ...freezes, window }, ...others]
    const plan = { ...defaultPlan, schedules, models: { dlt645: { interFrameGapMs: 10_000 } } }
    const file = join(t.testdir({ 'plan.json': JSON.stringify(plan) }), 'plan.json')
    const checked = await run('collect', 'plan', 'check', file)
    t.match(checked, { code: 1, out: /bus .*freezes-of-buses/, err: /plan_does_not_fit/ })
    t.match(checked.out, /1 个窗口排不下/)
    t.match((await run('collect', 'plan', 'check', file, '--json')).json(), {
      ok: false,
      feasibility: [{ line: 'bus', schedule: 'freezes-of-buses', jobs: 4, windowMs: 60_000, unfitJobs: 2 }],
    })
    t.equal((await run('collect', 'plan', 'check', file, '--offline')).code, 0)
    t.match(await run('collect', 'plan', 'check', example), { code: 0, out: /排得下/ })

    const submit = ['collect', 'plan', 'submit', file, '--actor', 'lead', '--reason', 'short']
    t.match(await run(...submit), { code: 1, err: /plan_does_not_fit.*freezes-of-buses on bus/ })
    t.equal((await run(...submit, '--accept-unfit')).code, 0)
    const approve = ['collect', 'plan', 'approve', '1', '--actor', 'head']
    t.match(await run(...approve), { code: 1, err: /plan_does_not_fit/ })
    t.equal((await run(...approve, '--accept-unfit')).code, 0)
    t.same(
      await database
        .as('owner')
        .query(
          'select p.unfit_windows as author, a.unfit_windows as approver from collection_plan p join collection_plan_approval a using (revision)',
        ),
      [{ author: 1, approver: 1 }],
    )
  },
)

await t.test(
  'collect says what is missing, asks for it once, and asks again only for what is still missing',
  async (t) => {
    const { run, database, line } = await openUtility(t)
    t.match((await run('collect', '--dry-run', '--json')).json(), {
      missing: 4,
      askable: 4,
      lines: [{ line: 'bus', missing: 4 }],
    })
    t.equal((await database.as('owner').query('select from due_read')).length, 0, 'a dry run leaves nothing behind')
    t.equal(line.counters().requests, 0, 'nor does it ask anybody')
    t.match((await run('collect', '--line', 'bus', '--json')).json(), {
      read: 3,
      open: 1,
      lines: [{ line: 'bus', status: 'passed', due: 4, read: 3, open: 1 }],
    })
    t.equal(await readings(database), 3)
    const asked = line.counters().requests
    const silent = await run('collect', '--meter', 'meter-4')
    t.match(silent, { code: 1, out: /bus.*已召一轮 passed/, err: /1 points are missing, and none of them came/ })
    t.match(silent.out, /meter-4 .*bus .*1 .*电表无应答 no_reply/, 'which meter stayed open, and why')
    t.equal(line.counters().requests, asked + 1)
    t.equal(
      await database.as('owner').execute(`select from line_lease where expires_at > now()`),
      0,
      'the line is free again',
    )
    t.match(await run('collect', '--line', 'nowhere'), {
      code: 1,
      err: /线路 line nowhere: .*no meter is installed there/,
    })
    t.match(await run('collect', '--date', '2999-01-01'), { code: 2, err: /expected a day that is over/ })
  },
)

await t.test('a line that a node has, and one that is down, are named with what to do, and exit 1', async (t) => {
  const { run, database, line } = await openUtility(t)
  const owner = database.as('owner')
  await owner.execute(`insert into line_lease values (1, 'n1#7@1', 1, now() + interval '1 hour')
    on conflict (line_id) do update set owner = excluded.owner, expires_at = excluded.expires_at`)
  const held = await run('collect')
  t.match(held, { code: 1, out: /节点占用 not_owner/, err: /4 points are missing, and none of them came/ })
  t.match(held.out, /node n1 has this line; it reads by itself/)
  await owner.execute(`update line_lease set expires_at = now() - interval '1 minute'`)
  await line.close()
  t.match(await run('collect'), { code: 1, out: /线路不通 line_down.*bus：连不上 it cannot be reached/s })
})

await t.test('what the window of a line does not hold is said before anybody is asked', async (t) => {
  const { run, database } = await openUtility(t)
  const [freezes, ...others] = defaultPlan.schedules
  const window = { opensMinutes: 5, closesMinutes: 6, passesMinutes: [5] }
  const schedules = freezes === undefined ? [] : [{ ...freezes, window }, ...others]
  const plan = { ...defaultPlan, schedules, models: { dlt645: { interFrameGapMs: 10_000 } } }
  const submission = { plan, author: 'lead', reason: 'test', effectiveFrom: midnight, acceptsUnfit: true }
  const { revision } = await submitPlan(database.as('console'), clock, submission)
  await approvePlan(database.as('console'), clock, { revision, approver: 'head', acceptsUnfit: true })
  // Two requests each, ten seconds apart: four points do not fit a minute.
  const [{ unfitJobs, missingMs } = { unfitJobs: 0, missingMs: 0 }] = (
    (await run('collect', '--dry-run', '--json')).json() as {
      readonly lines: readonly { readonly unfitJobs: number; readonly missingMs: number }[]
    }
  ).lines
  t.ok(unfitJobs > 0, `${unfitJobs} do not fit`)
  t.ok(missingMs >= 20_000 * unfitJobs, `${missingMs} ms are missing`)
  t.match((await run('collect', '--dry-run')).out, /窗口排不下 .*bus，[1-4] 点 points/)
})

await t.test('a read that the line cannot afford is told apart from one that the meter refuses', async (t) => {
  const { run, database } = await openUtility(t)
  // Where no node runs nobody is asked at all.
  t.match(await run('read', '--meter', 'meter-1', '--actor', 'lead'), {
    code: 1,
    err: /没有采集节点在运行 no collection node runs .* shuangwu headend/,
  })
  await database.as('owner').execute(
    `insert into line_lease (line_id, owner, fencing_token, expires_at)
       select line_id, 'n1', 1, now() + interval '30 seconds' from line limit 1`,
  )
  const asking = run('read', '--meter', 'meter-1', '--actor', 'lead', '--item', '00010000', '--wait', '20')
  const refuse = () =>
    database.as('owner').execute(
      `insert into read_request_result (request_id, item, outcome, cause, requests, responses, node, answered_at)
       select request_id, '00010000', 'refused', 'would_cost_planned_reads', '{}', '{}', 'n1', now() from read_request`,
    )
  for (let look = 0; look < 100 && (await refuse()) === 0; look += 1) await clock.sleep(100)
  t.match(await asking, { code: 1, err: /误窗.*would_cost_planned_reads/ })
})

await t.test(
  'backfill lays down the days that nobody did, and fetches them as far as the meters remember',
  async (t) => {
    const { run, database } = await openUtility(t)
    const headend = database.as('headend')
    await ensureTimePartitions(headend, midnight - 90 * dayMs, midnight + dayMs)
    for (const back of [79, 2])
      await layDueReads(headend, { midnight: midnight - back * dayMs, timeZone: 'Asia/Shanghai', recordedAt: midnight })
    const scope = ['backfill', '--meter', 'meter-2', '--days']
    t.match((await run(...scope, '70', '--dry-run', '--json')).json(), {
      days: 70,
      daysLaid: 70,
      missing: 70,
      askable: 62,
      lines: [{ notAskable: 'memory_over' }],
    })
    t.match(
      (await run('backfill', '--days', '90', '--meter', 'meter-2', '--dry-run')).out,
      /before the first window 10/,
    )
    t.match((await run('backfill', '--days', '2', '--area', 'area', '--dry-run', '--json')).json(), {
      missing: 8,
      askable: 8,
    })
    t.match((await run(...scope, '3', '--json')).json(), { read: 3, open: 0 })
    const again = await run(...scope, '3')
    t.match(again, { code: 0, out: '', err: /3 天 days：不缺 nothing is missing/ })
    t.match((await run('collect', '--meter', 'meter-2', '--date', dateOf(midnight - 3 * dayMs))).err, /，1 天 days/)
    t.same(
      await database.as('owner').query(
        `select count(*)::int as n, count(f.response)::int as frames from reading r
         join frame f on (f.line_id, f.line_sequence, f.received_at) = (r.line_id, r.line_sequence, r.frame_received_at)`,
      ),
      [{ n: 4, frames: 4 }],
      'each with its frames',
    )
  },
)

await t.test(
  'a node answers reads of registered meters, shows its figures, survives lost sessions and ends cleanly',
  async (t) => {
    const { run, database, env } = await openUtility(t)
    const child = spawn(process.execPath, [main, 'headend', '--node', 'n1', '--metrics-port', '0'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'pipe'],
    })
    t.teardown(() => void child.kill('SIGKILL'))
    const log: Readonly<Record<string, unknown>>[] = []
    const lines = createInterface(child.stderr)
    lines.on('line', (line) => log.push(JSON.parse(line) as Readonly<Record<string, unknown>>))
    const logged = async (event: string) => {
      for (let look = 0; look < 300; look += 1) {
        const found = log.find((each) => each['event'] === event)
        if (found !== undefined) return found
        await clock.sleep(100)
      }
      throw new Error(`not logged within half a minute: ${event}`)
    }
    const served = await logged('metrics_served')
    const url = String(served['url'])

    const ask = [
      'read',
      '--meter',
      'meter-2',
      '--actor',
      'lead',
      '--item',
      '0001FF00,04000401',
      '--wait',
      '20',
      '--json',
    ]
    const answer = (await run(...ask)).json()
    t.match(answer, {
      ok: true,
      address: addressOf(2),
      items: [{ item: '0001FF00', outcome: 'read', node: 'n1' }, { item: '04000401' }],
    })
    t.match(JSON.stringify(answer), /"2\.00"/, 'the value that the meter shows')
    t.match(await run('read', '--meter', 'meter-4', '--actor', 'lead', '--wait', '20'), { code: 1, err: /no_reply/ })
    t.match(await run('read', '--meter', 'meter-2', '--actor', 'lead', '--item', '0499FFFF', '--wait', '20'), {
      code: 1,
      err: /refuses/,
    })
    t.match(await run('read', '--meter', 'meter-2'), { code: 2, err: /--actor/ })
    t.match(await run('read', '--meter', 'meter-9', '--actor', 'lead'), { code: 1, err: /no meter meter-9/ })

    await logged('pass_ends')
    const figures = await (await fetch(url)).text()
    for (const line of [
      /shuangwu_headend_requests_total\{line="bus"\} \d+/,
      /shuangwu_headend_on_demand_total\{outcome="read"\} 2/,
      /shuangwu_headend_windows\{state="late"\} 0/,
      /shuangwu_headend_database_reachable 1/,
    ])
      t.match(figures, line)
    t.notMatch(figures, new RegExp(`(?<!\\d)${addressOf(2)}(?!\\d)|meter-2`), 'no figure names a meter')
    t.match(await (await fetch(url.replace('/metrics', '/healthz'))).json(), { ok: true, database: true })

    await database
      .as('owner')
      .execute(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'shuangwu headend%'`,
      )
    t.match((await run(...ask)).json(), { ok: true }, 'it goes on with new sessions')

    child.kill('SIGTERM')
    t.same(await once(child, 'exit'), [0, null])
    t.match(log.at(-1), { event: 'node_ended', node: 'n1', level: 'info' })
    t.notMatch(JSON.stringify(log), /:[^:@"/ ]+@/, 'no password in the log')
  },
)
