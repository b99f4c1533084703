import t from 'tap'
import { runCli } from '../../console/cli/run-cli.js'
import { loadStatus } from '../../console/status/load-status.js'
import type { CorrectionChange } from '../../domain/registry-correction.js'
import { dayMs, hourMs, type Instant } from '../../domain/time.js'
import { accountDay } from '../../headend/accounting/account-day.js'
import { defaultAccountSettings } from '../../headend/accounting/account-settings.js'
import { standsInTheWay } from '../../headend/accounting/cut-off.js'
import { pointsOfMeter } from '../../headend/accounting/meter-points.js'
import { openPoints } from '../../headend/accounting/open-points.js'
import { redoAfterCorrection } from '../../mdm/corrections/redo-after-correction.js'
import { applyDecisions } from '../../mdm/exceptions/apply-decisions.js'
import { decideExceptions } from '../../mdm/exceptions/decide-exceptions.js'
import { openExceptions } from '../../mdm/exceptions/open-exceptions.js'
import { applyRegistryChange } from '../../mdm/registry/apply-registry-change.js'
import { runValidation } from '../../mdm/validation/run-validation.js'
import { layDueReads, layLateDueReads } from '../../storage/headend/due-reads.js'
import { usualWindows } from '../../storage/headend/due-windows.js'
import { findMeterSite } from '../../storage/headend/meter-screen.js'
import { tallyNight } from '../../storage/headend/night-tallies.js'
import { insertDecisionApproval } from '../../storage/mdm/exception-decisions.js'
import { findOpenExceptions } from '../../storage/mdm/open-exceptions.js'
import { checkoutRoot } from '../architecture/source-files.js'
import { createFakeIo } from '../console/cli/fake-io.js'
import { exchange } from '../mdm/support/changes.js'
import { arrangeQueue, clerk, iso, second } from '../mdm/support/queue-scene.js'
import { midnight, registers, store } from '../mdm/support/small-utility.js'

const zone = { timeZone: 'Asia/Shanghai' }
const days = Array.from({ length: 9 }, (_, index) => index + 10)
const nineDays = { after: midnight(9), through: midnight(18) }
const told = midnight(36)

interface Levels {
  readonly due: number
  readonly firstPass: number
  readonly corrected: number
  readonly held: number
  readonly open: number
}

t.test('operations, the cut-off, one meter, the page and the queue give one answer about every point', async (t) => {
  const database = await arrangeQueue(t)
  const [mdm, headend, reader] = [database.as('mdm'), database.as('headend'), database.as('reader')]
  for (const day of days)
    await layDueReads(headend, { midnight: midnight(day), ...zone, recordedAt: midnight(day) + 1 })
  const reads = (meterId: bigint, start: number, values: readonly number[], perDay = 10_00) =>
    values.map((day) => ({
      meterId,
      readAt: midnight(day),
      registers: registers(start + day * perDay),
      recordedAt: midnight(day) + hourMs,
    }))
  // Meter 1 is read every day, under an address that will prove wrong. Meter 2 lacks the 12th and says less on the 14th. Meter 3 lacks the 13th.
  await store(database, [
    ...reads(1n, 1000_00, [1, ...days]),
    ...reads(
      2n,
      2000_00,
      [1, ...days].filter((day) => day !== 12 && day !== 14),
    ),
    { meterId: 2n, readAt: midnight(14), registers: registers(10_00), recordedAt: midnight(14) + hourMs },
    ...reads(
      3n,
      100_00,
      [1, ...days].filter((day) => day !== 13),
    ),
  ])
  let now = told
  const later = (): Instant => {
    now += hourMs
    return now
  }
  const judge = async () => {
    await runValidation(mdm, { from: midnight(1), to: midnight(33), now: later() })
    await openExceptions(mdm, { actor: 'system', now: later() })
  }
  const tell = async (change: Parameters<typeof applyRegistryChange>[1], actor: string) =>
    applyRegistryChange(mdm, change, { actor, recordedAt: later() })
  const correct = async (change: CorrectionChange) => {
    t.match(await tell(change, clerk), { ok: true, value: 'waits' })
    t.match(await tell(change, second), { ok: true, value: 'applied' })
    await redoAfterCorrection(mdm, change, { actor: second, now: later() })
    await layLateDueReads(headend, { ...zone, recordedAt: later() })
  }
  /** What each screen says, and that all say the same. */
  const agreed = async (what: string): Promise<Levels> => {
    const cutOff = await standsInTheWay(reader, { ...nineDays, asOf: null, now })
    const perDay = await Promise.all(
      days.map(
        async (day) =>
          (await accountDay(reader, { after: midnight(day - 1), through: midnight(day), asOf: null, now }, 'line'))
            .total,
      ),
    )
    const sums = sumOf(perDay)
    t.same(
      { due: cutOff.due, open: cutOff.open, held: cutOff.held },
      { due: sums.due, open: sums.open, held: sums.held },
      `${what}: the days and the month`,
    )
    const status = await loadStatus(reader, { from: nineDays.after + 1, to: nineDays.through + 1 })
    t.same(sumOf(status.collection.days), sums, `${what}: the page`)
    const listed = await openPoints(reader, {
      newest: nineDays.through,
      oldest: nineDays.after,
      asOf: null,
      now,
      crew: null,
      behind: null,
      limit: 1000,
    })
    const unsettled = listed.points.filter(({ template }) => template === 'daily_freeze')
    const inQueue = (await findOpenExceptions(mdm, now)).filter(
      ({ kind }) => kind === 'held_reading' || kind === 'missing_reading',
    )
    t.same(
      inQueue
        .map(({ meterCode, readAt, kind }) => `${meterCode} ${iso(readAt ?? 0)} ${kind === 'held_reading'}`)
        .toSorted(),
      unsettled
        .map(({ meterCode, readAt, cause }) => `${meterCode} ${iso(readAt)} ${cause === 'reading_in_doubt'}`)
        .toSorted(),
      `${what}: the queue`,
    )
    t.equal(unsettled.length, sums.open + sums.held, `${what}: the list`)
    for (const code of ['meter-1', 'meter-2', 'meter-4']) {
      const site = await findMeterSite(reader, code, now)
      if (site === null) continue
      const span = { ...nineDays, now, settings: defaultAccountSettings }
      const points = await pointsOfMeter(reader, site, span)
      const waiting = points.filter(({ outcome }) => outcome === 'open' || outcome === 'held')
      t.same(
        waiting.map(({ readAt }) => readAt),
        unsettled.filter(({ meterCode }) => meterCode === code).map(({ readAt }) => readAt),
        `${what}: the screen of ${code}`,
      )
    }
    return sums
  }

  await judge()
  t.match(await agreed('as collected'), { due: 27, firstPass: 24, open: 2, held: 1 })

  t.comment('a value that nobody read is entered by a person')
  const [missing] = await findOpenExceptions(mdm, now, { kind: 'missing_reading' })
  const decided = await decideExceptions(database.as('console'), {
    filter: { keys: [missing?.code ?? ''] },
    action: 'correct',
    value: registers(2120_00),
    reason: 'photo',
    evidence: 'photo 1',
    actor: clerk,
    now: later(),
  })
  const decisionId = decided.ok ? (decided.value.decision?.decisionId ?? '') : ''
  await insertDecisionApproval(database.as('console'), { decisionId, approver: second, approvedAt: later() })
  t.match(await applyDecisions(mdm, { now: later() }), { applied: 1 })
  await judge()
  t.match(await agreed('corrected'), { due: 27, firstPass: 24, corrected: 1, open: 1, held: 1 })

  t.comment('an exchange brings registers that are no point of a day, and leaves nothing when it is withdrawn')
  await tell(exchange(), clerk)
  await layLateDueReads(headend, { ...zone, recordedAt: later() })
  await judge()
  const exchanged = await agreed('exchanged')
  t.match(exchanged, { due: 27 + 2, open: 1 + 2 })
  const month = () => standsInTheWay(reader, { ...nineDays, asOf: null, now })
  t.same((await month()).noted, { due: 2, open: 0, held: 0 })
  await correct({
    kind: 'correction',
    of: { kind: 'meter_exchange', usagePoint: 'point-1', at: exchange().at },
    reason: 'the house next door',
    instead: null,
    document: 'memo 1',
  })
  await judge()
  t.match(await agreed('withdrawn'), { due: 27, firstPass: 24, corrected: 1, open: 1, held: 1 })
  t.same((await month()).noted, { due: 0, open: 0, held: 0 })

  t.comment('what came from another address is nothing of this meter, whether a midnight was tallied or not')
  for (const day of [15, 16])
    await tallyNight(headend, { readAt: midnight(day), talliedAt: midnight(day) + dayMs / 4, windows: usualWindows }, 1)
  await correct({
    kind: 'correction',
    of: { kind: 'meter', meter: 'meter-1' },
    instead: { kind: 'meter', meter: 'meter-1', communicationAddress: '000000000011', document: 'plate' },
    reason: 'two digits swapped',
    document: 'memo 2',
  })
  await judge()
  t.match(await agreed('readdressed'), { due: 27, firstPass: 15, corrected: 1, open: 1, held: 10 })
  const io = createFakeIo({ cwd: checkoutRoot, env: { DATABASE_URL: database.url('owner') } })
  t.equal(await runCli(['ops', 'cut-off', '2026-07'], io), 1)
  t.match(
    io.outText(),
    /应抄 due 27 · 未抄回 open 1 · 待核 held 10.*异常处理 decide.*示数待核 reading_in_doubt +│ +10/s,
  )
  t.match(io.errText(), /10 个应抄点待核 due points are held/)
})

function sumOf(parts: readonly Levels[]): Levels {
  const total = (of: (part: Levels) => number) => parts.reduce((sum, part) => sum + of(part), 0)
  return {
    due: total(({ due }) => due),
    firstPass: total(({ firstPass }) => firstPass),
    corrected: total(({ corrected }) => corrected),
    held: total(({ held }) => held),
    open: total(({ open }) => open),
  }
}
