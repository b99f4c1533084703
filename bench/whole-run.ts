// A posted month rated again under other prices, and verified by the independent checker from frames to fen, beside proving bill by bill:
// node build/bench/whole-run.js [ACCOUNTS [plain|timescale]]
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dryRun } from '../billing/runs/dry-run.js'
import { freezeRun } from '../billing/runs/freeze-run.js'
import { issueRun } from '../billing/runs/issue-run.js'
import { postRun } from '../billing/runs/post-run.js'
import { reviewRun } from '../billing/runs/review-run.js'
import { registerTariff } from '../billing/tariffs/register-tariff.js'
import { signTariff } from '../billing/tariffs/sign-tariff.js'
import { tariffDocumentSchema } from '../billing/tariffs/tariff-document.js'
import { verifyRun } from '../billing/verify/verify-run.js'
import { scenarioTariff } from '../billing/what-if/scenario-tariffs.js'
import { whatIfRun } from '../billing/what-if/what-if-run.js'
import { packageRoot } from '../console/package-root.js'
import { proveBill, registerMapOf } from '../console/proof/prove-bill.js'
import { createRealClock } from '../console/runtime/real-clock.js'
import { invariant } from '../domain/result.js'
import { dayMs } from '../domain/time.js'
import { freezeDeterminants } from '../mdm/determinants/freeze-determinants.js'
import { type Database, openDatabase } from '../storage/database.js'
import { databaseFacts } from '../storage/doctor.js'
import { openLocalDatabase } from '../storage/local-database/open.js'
import { migrate } from '../storage/migrate.js'
import { changeApprovalRight, confirmApprovalRight } from '../storage/rights.js'
import { ensureTimePartitions } from '../storage/time-series.js'
import { benchArguments, closeInAnyCase, makeBenchFolder, removeBenchFolder } from './bench-process.js'
import { type BenchReport, machineOf, result, secondsOf } from './bench-report.js'
import { closeFrom, closeTariff, closeTo, fillClose } from './close/fill-close.js'
import { fillFrames } from './whole-run/fill-frames.js'

const { sizes, binaries } = benchArguments('whole-run')
const { accounts } = sizes
const clock = createRealClock()
const period = { organisation: 'city', periodStart: closeFrom, periodEnd: closeTo }
/** Bills that are proved one by one for comparison. */
const provedAlone = 300

const folder = makeBenchFolder()
const remove = closeInAnyCase(() => removeBenchFolder(folder))
const local = await openLocalDatabase({ folder, binaries })
const close = closeInAnyCase(local.close)
try {
  process.stdout.write(`${JSON.stringify(await measure(), null, 2)}\n`)
} finally {
  await close()
  await remove()
}

async function measure(): Promise<BenchReport> {
  await migrate(local.ownerUrl, { logins: local.passwords })
  const owner = openDatabase({ url: local.ownerUrl, clock, connections: 1 })
  await ensureTimePartitions(owner, closeFrom - 7 * dayMs, closeTo + 7 * dayMs)
  await plantPeople(owner)
  process.stderr.write(`… ${accounts} 户读数、报文与账单 accounts, readings, frames and bills go in\n`)
  await fillClose(owner, accounts)
  await fillFrames(owner, accounts)
  const billing = openDatabase({ url: local.url('billing'), clock, connections: 2 })
  const mdm = openDatabase({ url: local.url('mdm'), clock, connections: 2 })
  const reader = openDatabase({ url: local.url('reader'), clock, connections: 2 })
  const { runId, dryRunSeconds } = await closeMonth(mdm, billing)
  await owner.execute('analyze')
  const whatIf = await secondsOfWhatIf(reader, runId)
  const verify = await secondsOf(async () => {
    const verdict = await verifyRun(reader, clock, { runId, registerMapOf })
    invariant(verdict.bills === accounts && verdict.faults === 0, JSON.stringify(verdict))
  })
  const one = (await secondsOf(() => proveSome(reader))) / provedAlone
  const { serverVersion, tier } = await databaseFacts(owner)
  for (const database of [reader, billing, mdm, owner]) await database.close()
  return {
    name: 'whole-run',
    machine: machineOf(`PostgreSQL ${serverVersion}, ${tier}`),
    results: [
      result('what_if', whatIf, `s for ${accounts} accounts, self-test included`, {
        name: 'a dry run, which rates once',
        value: dryRunSeconds,
        ratio: dryRunSeconds / whatIf,
      }),
      result('verify_run', verify, `s for ${accounts} bills`, {
        name: `proved one by one, from ${provedAlone} of them`,
        value: one * accounts,
        ratio: (one * accounts) / verify,
      }),
    ],
  }
}

async function secondsOfWhatIf(reader: Database, runId: string): Promise<number> {
  const document = tariffDocumentSchema.parse(tariffJson())
  const energyPrices = document.energyPrices.map((cell, index) => (index === 0 ? { ...cell, price: '0.6' } : cell))
  const scenario = [scenarioTariff({ name: 'bench', json: { ...document, energyPrices } })]
  return secondsOf(async () => {
    const whatIf = await whatIfRun(reader, clock, { runId, scenario })
    invariant(whatIf.accounts === accounts && whatIf.touched > 0, 'every account is rated, and prices matter')
  })
}

/** Spread over the whole run. */
async function proveSome(reader: Database): Promise<void> {
  for (let index = 0; index < provedAlone; index++) {
    const accountCode = `account-${1 + Math.floor((index * accounts) / provedAlone)}`
    const { verdict } = await proveBill(reader, { accountCode })
    invariant(verdict.holds, accountCode)
  }
}

/** The first two vouch for each other, the second confirms the third. */
async function plantPeople(owner: Database): Promise<void> {
  const people = ['author', 'second', 'third']
  await owner.execute(
    `insert into actor select n, n, case when n = 'bench' then 'process' else 'person' end, 'epoch' from unnest($1::text[]) n`,
    [['bench', ...people]],
  )
  for (const actor of people) {
    const author = actor === 'author' ? 'second' : 'author'
    const change = { actor, granted: true, loginName: null, author, reason: 'bench', recordedAt: clock.now() }
    const { inForce } = await changeApprovalRight(owner, change)
    if (!inForce) await confirmApprovalRight(owner, { actor, approver: 'second', confirmedAt: clock.now() })
  }
}

async function closeMonth(
  mdm: Database,
  billing: Database,
): Promise<{ readonly runId: string; readonly dryRunSeconds: number }> {
  const { code, version } = await registerTariff(billing, clock, tariffJson(), { author: 'author' })
  for (const actor of ['second', 'third']) await signTariff(billing, clock, { code, version, actor })
  await freezeDeterminants(mdm, { ...period, now: clock.now() })
  const dates = { accountingDate: '2026-07-03', dueDate: '2026-07-18' }
  const { runId } = await freezeRun(billing, clock, { ...period, ...dates, actor: 'author' })
  let digest = ''
  const dryRunSeconds = await secondsOf(
    async () => ({ digest } = await dryRun(billing, clock, { runId, actor: 'author' })),
  )
  await reviewRun(billing, clock, { runId, digest, actor: 'second' })
  await issueRun(billing, clock, { runId, actor: 'third' })
  await postRun(billing, clock, { runId, actor: 'author' })
  return { runId, dryRunSeconds }
}

function tariffJson(): unknown {
  return JSON.parse(readFileSync(join(packageRoot, 'build', 'billing', 'tariffs', `${closeTariff}.json`), 'utf8'))
}
