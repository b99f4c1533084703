import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCli } from '../../console/cli/run-cli.js'
import { textWidth } from '../../console/cli/text-width.js'
import { packageRoot } from '../../console/package-root.js'
import { attachLocalDatabase } from '../../storage/local-database/open.js'
import { createFakeIo } from '../console/cli/fake-io.js'
import { makeFolder, wantedBinaries } from '../support/cluster.js'

const main = join(packageRoot, 'build', 'console', 'main.js')
const smallUtility = ['--meters', '40', '--exit', '--json']

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

/** Runs the program in a folder of its own; `during` may disturb it. */
async function shuangwu(
  folder: string,
  args: readonly string[],
  during?: (kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { ...process.env, LANG: 'en_US.UTF-8', DATABASE_URL: '', SHUANGWU_DATABASE_BINARIES: wantedBinaries() },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
    during?.((signal) => void child.kill(signal))
  })
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, out, err }))
  })
}

interface Report {
  readonly collection: Readonly<
    Record<'due' | 'firstPass' | 'retried' | 'backFilled' | 'fieldRead' | 'estimated' | 'open' | 'fieldOrders', number>
  >
  readonly lines: readonly Readonly<Record<string, string>>[]
  readonly billing: {
    readonly accounts: number
    readonly bills: number
    readonly held: number
    readonly energyE4: string
    readonly amountFen: string
  }
  readonly ledger: {
    readonly debitMinusCreditFen: string
    readonly auditFaults: number
    readonly entries: number
    readonly postings: number
  }
  readonly cases: {
    readonly opened: number
    readonly closedByPayment: number
    readonly manual: number
    readonly active: number
  }
  readonly truth: {
    readonly readings: number
    readonly bills: number
    readonly estimated: number
    readonly mismatches: number
  }
  readonly proof: { readonly holds: boolean; readonly steps: readonly string[] }
  readonly resultHash: string
}

t.test('a month goes from meter to money, and the numbers hold together', async (t) => {
  const folder = makeFolder()
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const ended = await shuangwu(folder, ['demo', ...smallUtility])
  t.equal(ended.code, 0, ended.err)
  const report = JSON.parse(ended.out) as Report
  const { due, firstPass, retried, backFilled, fieldRead, estimated, open } = report.collection
  t.equal(due, 40 * 32, 'forty meters, thirty-two midnights')
  t.equal(firstPass + retried + backFilled + fieldRead + estimated + open, due, 'each due point ended in one way')
  t.match(report.collection, { open: 0, fieldRead: 3, estimated: 1 })
  t.ok(backFilled > 0, 'what the dead line missed was fetched later')
  t.match(report.billing, { accounts: 41, bills: 41, held: 0 }, 'one account more than meters: one customer moved')
  t.match(report.ledger, { debitMinusCreditFen: '0', auditFaults: 0 })
  t.equal(report.cases.opened, report.cases.closedByPayment + report.cases.manual + report.cases.active)
  t.match(report.truth, { bills: 41, estimated: 1, mismatches: 0 })
  t.ok(report.proof.holds)
  for (const line of report.lines)
    for (const count of ['requests', 'replies', 'bytesOut', 'bytesIn', 'damaged', 'refused', 'repaired', 'timeouts'])
      t.match(line[count], /^\d+$/, `${count} of ${line['line']}`)

  const hash = await shuangwu(folder, ['hash', '--json'])
  t.equal((JSON.parse(hash.out) as { sha256: string }).sha256, report.resultHash, 'hash recomputes it from the tables')
  const proved = await shuangwu(folder, ['bill', 'prove', '1', '--json'])
  t.equal(proved.code, 0, proved.err)
  const [balance, day] = [
    await shuangwu(folder, ['ledger', 'trial-balance']),
    await shuangwu(folder, ['ops', 'day', '2026-07-12']),
  ]
  t.same([balance.code, day.code], [0, 0])
  await opsAccountsForTheDay(t, (args) => shuangwu(folder, args))
  t.match(await shuangwu(folder, ['bill', 'show']), { code: 2, err: /bill number, or --account/ })
  t.match(await shuangwu(folder, ['bill', 'show', '--account', 'nobody']), {
    code: 1,
    err: /not found: .*there is no issued bill/,
  })

  await tablesFitTheScreen(t, folder)

  const again = await shuangwu(folder, ['demo', ...smallUtility])
  t.equal((JSON.parse(again.out) as Report).resultHash, report.resultHash, 'the same seed gives the same hash')
  const other = await shuangwu(folder, ['demo', ...smallUtility, '--seed', '7'])
  t.not((JSON.parse(other.out) as Report).resultHash, report.resultHash, 'another seed gives another')
})

t.test('whatever interrupts a demo, nothing stays behind and the next start works', async (t) => {
  const folder = makeFolder()
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    const ended = await shuangwu(folder, ['demo', ...smallUtility], (kill) => kill(signal))
    t.equal(ended.out, '', 'no result of half a story')
    if (signal === 'SIGINT') t.match(ended, { code: 130, err: /interrupted/ })
    t.ok(await eventually(() => serversOf(folder).length === 0), `no server of ${folder} is left after ${signal}`)
  }
  const ended = await shuangwu(folder, ['demo', ...smallUtility])
  t.equal(ended.code, 0, ended.err)
})

/** Process ids whose command line names the folder's data. */
function serversOf(folder: string): readonly string[] {
  return readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && commandLine(pid).includes(join(folder, '.shuangwu', 'data')),
  )
}

function commandLine(pid: string): string {
  try {
    return readFileSync(join('/proc', pid, 'cmdline'), 'utf8')
  } catch {
    return '' // It ended while we looked.
  }
}

async function eventually(holds: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (holds()) return true
    await new Promise((wake) => setTimeout(wake, 100))
  }
  return false
}

/** What the crew's commands say of the night on which a line was dead. */
async function opsAccountsForTheDay(
  tester: Pick<typeof t, 'equal' | 'same' | 'match'>,
  run: (
    args: readonly string[],
  ) => Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>,
): Promise<void> {
  const { lines, total } = JSON.parse((await run(['ops', 'day', '2026-07-12', '--json'])).out) as {
    readonly lines: readonly { readonly lineCode: string; readonly due: number }[]
    readonly total: { readonly due: number; readonly gap: number; readonly open: number }
  }
  tester.equal(
    lines.reduce((sum, { due }) => sum + due, 0),
    total.due,
  )
  tester.equal(total.open, 0)
  const { causes } = JSON.parse((await run(['ops', 'day', '2026-07-12', '--by', 'cause', '--json'])).out) as {
    readonly causes: readonly { readonly cause: string; readonly points: number }[]
  }
  tester.equal(
    causes.reduce((sum, { points }) => sum + points, 0),
    total.gap,
    'causes sum to the gap',
  )
  tester.equal(causes[0]?.cause, 'line_down')
  const early = ['--as-of', '2026-07-13 08:00']
  const page = JSON.parse((await run(['ops', 'open', ...early, '--limit', '2', '--json'])).out) as {
    readonly points: readonly { readonly step: string; readonly cause: string }[]
    readonly next: string
  }
  tester.match(page.points, [{ step: 'back_fill', cause: 'line_down' }, { step: 'back_fill' }])
  const next = await run(['ops', 'open', ...early, '--limit', '2', '--after', page.next, '--json'])
  tester.equal((JSON.parse(next.out) as typeof page).points.length, 2)
  const moved = await run(['ops', 'day', '2026-07-12', ...early, '--compare', '2026-07-20', '--json'])
  tester.match((JSON.parse(moved.out) as { readonly moved: readonly object[] }).moved[0], {
    before: 'open',
    after: 'back_filled',
  })
  tester.match(await run(['ops', 'cut-off', '2026-07', ...early]), { code: 1, err: /are open/ })
  tester.match(await run(['ops', 'day', '2026-06-12']), { code: 1, err: /2026-06-12: .*nothing was due/ })
  tester.match(await run(['ops', 'day', '2026-07-12', '--as-of', 'soon']), { code: 2, err: /expected an instant/ })
}

/** What people look at, with something of the demo in it. */
const screens: readonly string[] = [
  'doctor',
  'hash',
  'actor list',
  'registry audit',
  'registry corrections',
  'registry show A0004',
  'collect plan show',
  'backfill --line line-1 --days 3 --dry-run',
  'concentrator list',
  'concentrator show concentrator-1',
  'vee show M0004 --at 2026-07-05',
  'vee policy show',
  'ops day 2026-07-12',
  'ops day 2026-07-12 --by cause',
  'ops open',
  'ops meter M0004',
  'determinants show A0004 2026-07',
  'tariff list',
  'tariff show sd-residential-tou',
  'tariff show hb-commercial-single-lv',
  'bill show 4',
  'bill prove 4',
  'ledger trial-balance',
  'exceptions run --actor accountant-1',
  'exceptions list',
  'exceptions policy show',
  'field-orders list',
  'estimates list',
  'estimates policy show',
  'tou not-switched --date 2026-08-01',
  'bench',
]
const widest = 120

/** In this process, on one server for all of them. */
async function tablesFitTheScreen(tester: Pick<typeof t, 'ok' | 'same'>, folder: string): Promise<void> {
  const local = await attachLocalDatabase({ folder })
  try {
    const env = { DATABASE_URL: local.ownerUrl, SHUANGWU_FOLDER: folder, COLUMNS: String(widest) }
    for (const screen of screens) {
      const io = createFakeIo({ cwd: folder, env })
      const code = await runCli(screen.split(' '), io)
      tester.ok(code === 0, `${screen}: ${code} ${io.errText()}`)
      const lines = io.outText().split('\n')
      tester.same(
        lines.filter((line) => /^[┌│├└]/.test(line) && textWidth(line) > widest),
        [],
        screen,
      )
    }
  } finally {
    await local.close()
  }
}
