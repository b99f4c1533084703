import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkComponentProof } from '../../billing/checker/check-component-proof.js'
import { canonicalJson } from '../../billing/checker/check-tariff.js'
import { dryRun } from '../../billing/runs/dry-run.js'
import { freezeRun } from '../../billing/runs/freeze-run.js'
import { scenarioTariff } from '../../billing/what-if/scenario-tariffs.js'
import type { AccountChange } from '../../billing/what-if/what-if.js'
import { whatIfRun } from '../../billing/what-if/what-if-run.js'
import { runCli } from '../../console/cli/run-cli.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import { invariant } from '../../domain/result.js'
import { hourMs, type Instant, minuteMs } from '../../domain/time.js'
import { settleCurves } from '../../mdm/curves/settle-curves.js'
import { freezeDeterminants } from '../../mdm/determinants/freeze-determinants.js'
import { applyRegistryChange } from '../../mdm/registry/apply-registry-change.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { createFakeIo } from '../console/cli/fake-io.js'
import { transfer } from '../mdm/support/changes.js'
import { meterEntry, midnight, smallUtility } from '../mdm/support/small-utility.js'
import { plantRead } from '../mdm/tou-tables/plant.js'
import { eightToTwenty, touTables } from '../mdm/tou-tables/tables.js'
import { billJuly, note, plantTown } from '../support/billed-july.js'
import { type Piece, piecesOf } from '../support/curve-columns.js'
import { storePieces } from '../support/curve-town.js'
import { type TestDatabase, withDatabase } from '../support/database.js'
import { sameAhead } from '../support/proofs-ahead.js'
import { createStillClock } from '../support/still-clock.js'

const common = {
  version: 1,
  validFrom: '2026-01-01',
  rounding: { line: { mode: 'half_up', decimals: 2 } },
  posting: { vat: { rate: '0.13' } },
}
const head = { format: 'tariff/2', currency: { code: 'CNY', decimals: 2 } }
const slots = [
  { name: 'peak', when: [{ windows: [{ from: '08:00', to: '22:00' }] }] },
  { name: 'valley', otherwise: true },
]

/** Each hour of July at 0.30 until noon and 0.50 after it; at noon of July 12 there was too much sun. */
const prices = Array.from({ length: 31 * 24 }, (_, hour) =>
  hour === 11 * 24 + 12 ? '-0.08' : hour % 24 < 12 ? '0.30' : '0.50',
)
const spot = {
  ...head,
  code: 'spot',
  name: { zh: '现货', en: 'spot' },
  mayBeNegative: true,
  versions: [
    {
      ...common,
      calendars: [{ name: 'grid', slots }],
      series: [{ name: 'day_ahead', start: '2026-07-01', minutes: 60, values: prices }],
      components: [
        { kind: 'usage', code: 'energy', model: { kind: 'interval_prices', series: 'day_ahead' } },
        {
          kind: 'usage',
          code: 'grid',
          slots: { calendar: 'grid' },
          model: { kind: 'per_unit', prices: { peak: '0.2', valley: '0.1' } },
        },
        {
          kind: 'fixed',
          code: 'demand',
          quantity: { op: 'demand', of: 'energy', minutes: 15 },
          unit: 'kW',
          price: '40',
          per: 'month',
        },
      ],
    },
  ],
}

function byRegisters(code: string, whenMeterDiffers: 'hold' | 'rate_from_curves') {
  const meter = { name: 'meter', registers: { tou2: 'peak', tou4: 'valley' }, whenMeterDiffers, slots }
  const energy = {
    kind: 'usage',
    code: 'energy',
    slots: { calendar: 'meter' },
    model: { kind: 'per_unit', prices: { peak: '0.6', valley: '0.3' } },
  }
  return { ...head, code, versions: [{ ...common, calendars: [meter], components: [energy] }] }
}

/** Two accounts by spot prices; three by registers, of which two may be rated from their curve. The third has transformers of 10. */
function town(): RegistryDocument {
  const base = smallUtility()
  const one = { ...base, usagePoints: [base.usagePoints[0]!], customers: [base.customers[0]!] }
  const tariffs = ['spot', 'spot', 'curves-allowed', 'registers-only', 'curves-allowed']
  const more = ['4', '5']
  const from = '2026-01-01T00:00:00+08:00'
  return {
    ...base,
    meters: [...base.meters, ...more.map((n) => meterEntry(`meter-${n}`, `00000000000${n}`))],
    usagePoints: [...base.usagePoints, ...more.map((n) => ({ ...one.usagePoints[0]!, code: `point-${n}` }))],
    customers: [...base.customers, ...more.map((n) => ({ ...one.customers[0]!, code: `customer-${n}` }))],
    accounts: [
      ...base.accounts,
      ...more.map((n) => ({ code: `account-${n}`, organisation: 'county', customer: `customer-${n}` })),
    ],
    installations: [
      ...base.installations,
      ...more.map((n) => ({ usagePoint: `point-${n}`, meter: `meter-${n}`, line: 'line-1', from })),
    ],
    multipliers: [
      ...base.multipliers,
      ...more.map((n) => ({ usagePoint: `point-${n}`, ctRatio: 1, ptRatio: 1, from })),
    ],
    agreements: tariffs.map((tariff, index) => ({
      account: `account-${index + 1}`,
      usagePoint: `point-${index + 1}`,
      tariff,
      ladderFrom: '2026-01-01',
      from,
    })),
  }
}

const quartersOfDay = 96
const usualE4 = 2500n

/** July at 1 kW, a register at the end of each quarter of an hour; a meter begins at 1000 kWh times its number. */
function july(meter: number, energyE4: (day: number, quarter: number) => bigint = () => usualE4): readonly Piece[] {
  const energies = Array.from({ length: 31 * quartersOfDay }, (_, slot) =>
    energyE4(1 + Math.floor(slot / quartersOfDay), slot % quartersOfDay),
  )
  return piecesOf(midnight(1), 15, BigInt(meter) * 1000_0000n, energies)
}

const within = ({ end }: Piece, from: Instant, to: Instant) => end > from && end <= to

/** The points of a day came in one message. */
async function plantFrame(test: TestDatabase, meterId: number, day: number): Promise<void> {
  const owner = test.as('owner')
  const span = [toTimestamptz(midnight(day)), toTimestamptz(midnight(day + 1))]
  await owner.execute(
    `insert into frame (line_id, line_sequence, received_at, protocol, response) values (1, 7, $1, 'mqtt_values', 'curve of a day')`,
    [toTimestamptz(midnight(day + 1) + hourMs)],
  )
  await owner.execute(
    `update interval_piece set line_id = 1, line_sequence = 7, frame_received_at = $4 where meter_id = $1 and slot_start >= $2 and slot_start < $3`,
    [meterId, ...span, toTimestamptz(midnight(day + 1) + hourMs)],
  )
}

t.test(
  'curves become bills: spot prices, slots and demand by interval, and hours that a meter has wrong',
  async (t) => {
    const test = await withDatabase(t)
    await plantTown(test, town())
    const cwd = t.testdir({})
    const env = { DATABASE_URL: test.url('owner'), SHUANGWU_FOLDER: cwd }
    const run = async (...args: readonly string[]) => {
      const io = createFakeIo({ cwd, env })
      const code = await runCli(args, io)
      return { code, out: io.outText(), err: io.errText() }
    }
    // Given tariffs that two people signed
    const tariffs = [spot, byRegisters('curves-allowed', 'rate_from_curves'), byRegisters('registers-only', 'hold')]
    for (const tariff of tariffs) {
      writeFileSync(join(cwd, 'tariff.json'), JSON.stringify(tariff))
      t.match(await run('tariff', 'check', 'tariff.json'), {
        code: 0,
        out: tariff === spot ? /v1 .* · 按曲线计费 rated by interval days/ : /further notice\n?$/,
      })
      t.match(await run('tariff', 'register', 'tariff.json', '--actor', 'tariff-1'), { code: 0 })
      for (const actor of ['auditor-1', 'auditor-2'])
        t.match(await run('tariff', 'sign', tariff.code, '1', '--actor', actor), { code: 0 })
    }
    // And July of four meters at 1 kW: the first used 2 kWh in a quarter of an hour on the 10th, of the second nothing came on the 20th and 21st
    const owner = test.as('owner')
    const lost = [midnight(20), midnight(22)] as const
    await storePieces(
      owner,
      1,
      july(1, (day, quarter) => (day === 10 && quarter === 40 ? 2_0000n : usualE4)),
    )
    await storePieces(
      owner,
      2,
      july(2).filter((piece) => !within(piece, ...lost) || piece.end === lost[1]),
    )
    for (const meter of [3, 5]) await storePieces(owner, meter, july(meter))
    await plantFrame(test, 1, 10)
    await note(test, [
      [1n, midnight(1), 1000, 600, 400],
      [1n, midnight(32), 1745.75, 1040, 705.75],
      [2n, midnight(1), 2000, 1200, 800],
      [2n, midnight(32), 2744, 1634, 1110],
      ...[3n, 4n].flatMap((meter) => [
        [meter, midnight(1), 1000 * Number(meter), 600, 400] as const,
        [meter, midnight(32), 1000 * Number(meter) + 744, 972, 772] as const,
      ]),
      [5n, midnight(1), 5000, 600, 400],
      [5n, midnight(32), 5744, 1034, 710],
    ])
    const settle = () => settleCurves(test.as('mdm'), { from: '2026-07-01', to: '2026-08-01', now: Date.now() })
    t.match(await settle(), { meters: 4, days: { complete: 122, filled: 2, held: 0 } })
    const clock = createStillClock(Date.now())
    const period = { organisation: 'county', periodStart: midnight(1), periodEnd: midnight(32) }
    t.comment(
      'while nobody has read what the meters count by, the curve of meter 3 contradicts its registers; meter 5 agrees, 4 has none',
    )
    await freezeDeterminants(test.as('mdm'), { ...period, now: clock.now() })
    t.match(
      await test
        .as('reader')
        .query('select account_id, instead_of from determinant_quantity where instead_of is not null'),
      [
        {
          account_id: 3n,
          instead_of:
            'tou_unlike_curve: meter meter-3 tou2 counted 3720.00 kWh, its curve 4340.00, tou4 counted 3720.00 kWh, its curve 3100.00; its tables were never read',
        },
      ],
    )
    // And meters 3 and 4 count peak until eight in the evening, the tariff until ten
    const zones = [{ from: '01-01', dayTable: 1 }]
    const early = { zones, dayTables: [eightToTwenty] }
    const tablesRead = async (...meters: readonly bigint[]) => {
      for (const meterId of meters)
        for (const readAt of [midnight(1) - hourMs, midnight(33)])
          await plantRead(test, meterId, readAt, touTables({ sets: [early, early] }))
    }
    await tablesRead(3n, 4n)

    // When July is frozen and rated, then nobody is billed by more estimates than the policy allows, or by wrong hours
    const doubtful = await freezeDeterminants(test.as('mdm'), { ...period, now: clock.now() })
    const hold = 'meter meter-4 counts tou4 (valley) where the tariff says peak, 20:00-22:00 on 31 days from 2026-07-01'
    t.match(doubtful.holds, [{ accountId: 4n, code: 'tou_tables_differ', detail: hold }])
    const dates = { accountingDate: '2026-08-03', dueDate: '2026-08-18' }
    const { runId } = await freezeRun(test.as('billing'), clock, { ...period, ...dates, actor: 'system' })
    t.match(await dryRun(test.as('billing'), clock, { runId, actor: 'system' }), { bills: 3, exceptions: 1 })
    t.match(await test.as('reader').query('select code, detail from run_exception order by account_id'), [
      {
        code: 'interval_days_unknown',
        detail: 'tariff spot: usage.periods.0.quantities: 192 of 2976 intervals are estimates, more than 5 %',
      },
      { code: 'tou_tables_differ', detail: hold },
    ])

    // When the points of the 21st come late and the curve is settled again
    await storePieces(
      owner,
      2,
      july(2).filter((piece) => within(piece, lost[0] + 24 * hourMs - minuteMs, lost[1] - minuteMs)),
    )
    t.match(await settle(), { days: { complete: 123, filled: 1, held: 0 }, written: 2 })
    await billJuly(test)

    // Then all are billed but the one whose version does not let a curve stand in for registers
    const { runId: billed } = await lastRun(test)
    t.match(await test.as('reader').query('select code from run_exception where run_id = $1', [billed]), [
      { code: 'tou_tables_differ' },
    ])
    t.match(await test.as('reader').query('select energy_e4 from bill order by account_id'), [
      { energy_e4: 745_7500n },
      { energy_e4: 744_0000n },
      { energy_e4: 7440_0000n },
      { energy_e4: 744_0000n },
    ])
    // 373.75 kWh at 0.30, 371 at 0.50, 1 at -0.08: 297.545. Peak 435.75 at 0.2, valley 310 at 0.1. 2 kWh in a quarter of an hour are 8 kW.
    t.match(await run('bill', 'show', '--account', 'account-1'), {
      code: 0,
      out: /按曲线计费 rated by interval days: 31 表日 days · 2976 点 intervals · 其中补点 estimates 0 · 合计 sum 745\.75 kWh[\s\S]*297\.55[\s\S]*435\.75 [\s\S]*87\.15[\s\S]*310 [\s\S]*31\.00[\s\S]*320\.00[\s\S]*合计 total 735\.70/,
    })
    // Ten times 434 kWh at 0.6 and 310 at 0.3, whatever the registers counted.
    t.match(await run('bill', 'show', '--account', 'account-3'), {
      code: 0,
      out: /※ 分时电量取自曲线，不取示数 energy by slot is the curve's, not the registers' · .*电表时段与电价不符.*meter-3 counts tou4[\s\S]*2604\.00[\s\S]*930\.00[\s\S]*合计 total 3534\.00/,
    })
    t.match(JSON.parse((await run('bill', 'show', '--account', 'account-2', '--json')).out), {
      estimated: true,
      estimates: { energy: '24.00', percent: '3.23', amount: '14.67' },
      intervals: { insteadOf: null, days: [{ date: '2026-07-01', meter: 'meter-2', revision: 1, energy: '24' }] },
    })
    t.match(await run('bill', 'prove', '--account', 'account-1'), {
      code: 0,
      out: /2026-07-10 表 meter meter-1 · 修订 revision 1 完整 complete · 96 × 15 min · 25\.75 × 1 = 25\.75 kWh · SHA-256 \w{16}…\n +← line-1 #7 mqtt_values 2026-07-11 01:00 · 96 点 points · SHA-256 \w{16}…[\s\S]*✓/,
    })
    t.match(await run('bill', 'verify', billed), { code: 0 })
    await sameAhead(t, test, billed)

    // And under a tariff that asks for the curve where the run's own did not, an account by registers is rated by it, a few at a time
    const askedFor = { ...spot, code: 'curves-allowed' }
    const changed: AccountChange[] = []
    const whatIf = await whatIfRun(test.as('reader'), clock, {
      runId: billed,
      scenario: [scenarioTariff({ name: 'spot.json', json: askedFor })],
      segmentAccounts: 10,
      take: (some) => Promise.resolve(void changed.push(...some)),
    })
    t.match(whatIf, { accounts: 4, touched: 2, newlyHeld: 0, released: 0 })
    // 372 kWh at 0.30, 371 at 0.50, 1 at -0.08; peak 434 at 0.2, valley 310 at 0.1; 1 kW at 40: 454.82. Ten times as much behind transformers of 10.
    t.same(
      changed.map(({ accountId, afterFen, holdAfter }) => [accountId, afterFen, holdAfter]),
      [
        [3n, 454_820n, null],
        [5n, 45_482n, null],
      ],
    )
    writeFileSync(join(cwd, 'spot.json'), JSON.stringify(askedFor))
    t.match(JSON.parse((await run('what-if', billed, '--tariff', 'spot.json', '--json')).out), {
      selfTest: '0.00',
      touched: 2,
      newlyHeld: 0,
      largest: [{ account: 'account-3', after: '4548.20', holdAfter: null }, { account: 'account-5' }],
    })

    // And a forged day, interval or estimate is found
    const { proof } = JSON.parse((await run('bill', 'prove', '--account', 'account-2', '--json')).out)
    t.same(checkComponentProof(sealed(proof)), { holds: true, lines: { workedOut: 4, onTrust: [], untraced: [] } })
    const changes: readonly (readonly [what: string, forge: (forged: Proof) => void, node: RegExp])[] = [
      ['an interval of a day', ({ intervals }) => intervals.days[3]!.values.splice(5, 1, '0.5'), /days\[3\]\.digest/],
      ['a quality', ({ intervals }) => (intervals.days[3]!.qualities = `01${'00'.repeat(95)}`), /days\[3\]\.digest/],
      ['the word on a day', ({ intervals }) => (intervals.days[19]!.verdict = 'complete'), /bill\.estimated/],
      ['a multiplier', ({ intervals }) => (intervals.days[3]!.multiplier = 2), /usage\.periods\[0\]\.quantities\[0\]/],
      ['a day left out', ({ intervals }) => intervals.days.splice(3, 1), /usage\.periods\[0\]\.quantities\[0\]/],
      [
        'what was rated',
        ({ usage }) => usage.periods[0]!.quantities[0]!.intervals.values.splice(5, 1, '0.5'),
        /quantities\[0\]\.intervals\.values\[5\]/,
      ],
      ['a bill without estimates', ({ bill }) => (bill.estimated = false), /bill\.estimated/],
    ]
    for (const [what, forge, node] of changes) {
      const forged: Proof = structuredClone(proof)
      forge(forged)
      t.match(checkComponentProof(sealed(forged)), { holds: false, node }, what)
    }

    // And when the 20th came after the bill, the tables of meter 5 were read, curves were looked at anew, and a move of June was told of late
    const freeze = ['determinants', 'freeze', '2026-07', '--organisation', 'county', '--actor', 'manager-1'] as const
    t.match(JSON.parse((await run(...freeze, '--json')).out), { outcome: 'exists', billedDifferences: [] })
    await storePieces(
      owner,
      2,
      july(2).filter((piece) => within(piece, lost[0], lost[0] + 24 * hourMs - minuteMs)),
    )
    await tablesRead(5n)
    t.match(await settle(), { days: { complete: 124, filled: 0, held: 0 } })
    const moved = { ...transfer(), usagePoint: 'point-1', at: '2026-07-01T00:00:00+08:00', oldAccount: 'account-1' }
    const newcomer = {
      customer: { ...moved.customer, code: 'customer-6' },
      account: { ...moved.account, code: 'account-6', customer: 'customer-6' },
    }
    const tell = (actor: string) =>
      applyRegistryChange(test.as('mdm'), { ...moved, ...newcomer }, { actor, recordedAt: Date.now() })
    t.match([await tell('manager-1'), await tell('auditor-1')], [{ value: 'waits' }, { value: 'applied' }])

    // Then the freeze names the bills that rest on another curve or on nothing, and of which the kWh are the same
    const said = JSON.parse((await run(...freeze, '--json')).out) as { billedDifferences: readonly object[] }
    t.match(
      said.billedDifferences,
      [
        { account: 'account-1', differenceKwh: '-745.75', noLongerInSet: true, hold: null, curve: null },
        { account: 'account-2', differenceKwh: '0', noLongerInSet: false, curve: 'other_days' },
        { account: 'account-5', differenceKwh: '0', timeOfUseDiffers: false, curve: 'taken_up' },
      ],
      'but not account-3, whose days are those of its bill',
    )
    t.equal(said.billedDifferences.length, 3)
    const { out } = await run(...freeze)
    t.match(out, /account-1 .*已不在本集 no longer in this set .* -745\.75 /)
    t.match(out, /account-2 .* 744 .* 744 .* 0 .*所据表日修订不同/)
    t.match(out, /account-5 .* 744 .* 744 .* 0 .*现按曲线分时/)
    const show = (account: string) => run('determinants', 'show', account, '2026-07')
    t.match((await show('account-1')).out, /已不在本月计费集.* revision 4 .*当时计费电量 then to be billed 745\.75/s)
    t.match(
      (await show('account-5')).out,
      /计费电量 billed 744\.00 kWh\n※ 分时取自曲线.*示数分时，不计费 .* 744\.00 .*tou2/s,
    )
    const moved1 = await run('bill', 'show', '--account', 'account-1')
    t.match(
      moved1.out,
      /须出更正账单 .*已不在本集 no longer in this set.*应全额冲回.*缘由 why.*变更 change of agreement account-1/s,
    )
    t.match((await run('bill', 'show', '--account', 'account-5')).out, /须出更正账单 .*现按曲线分时/s)
    t.notMatch((await run('bill', 'show', '--account', 'account-3')).out, /更正账单/)
  },
)

interface Proof {
  readonly bill: { estimated: boolean }
  readonly usage: {
    readonly periods: { readonly quantities: { readonly intervals: { readonly values: string[] } }[] }[]
  }
  readonly intervals: {
    readonly days: { readonly values: string[]; qualities: string; verdict: string; multiplier: number }[]
  }
}

async function lastRun(test: TestDatabase): Promise<{ readonly runId: string }> {
  const [row] = await test
    .as('reader')
    .query<{ run_id: string }>('select run_id from billing_run order by run_id desc limit 1')
  invariant(row !== undefined, 'a run')
  return { runId: row.run_id }
}

/** A document whose digest is its own again, as a forger would make it. */
function sealed(proof: object): unknown {
  const content: Record<string, unknown> = { ...proof }
  Reflect.deleteProperty(content, 'sha256')
  return { ...content, sha256: createHash('sha256').update(canonicalJson(content)).digest('hex') }
}
