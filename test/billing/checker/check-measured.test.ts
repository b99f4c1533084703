import t from 'tap'
import { checkMeasured } from '../../../billing/checker/check-measured.js'
import { judged } from '../../../billing/checker/verdict.js'
import { formatScaled } from '../../../domain/scaled.js'
import { beijing, dayMs, hourMs, type Instant } from '../../../domain/time.js'
import { readDailyFreezes } from '../../../headend/reading-sets/read-daily-freezes.js'
import { readMonthlySet } from '../../../headend/reading-sets/read-monthly-set.js'
import type { RegisterSet } from '../../../domain/reading.js'
import { addressOf } from '../../support/field-world.js'
import { openSetLine, setMeter } from '../../support/set-line.js'
import { unevenLoad } from '../../support/uneven-load.js'

const [july, august] = [beijing.startOfDay('2026-07-01'), beijing.startOfDay('2026-08-01')]
const quantities = ['reverse_active_energy', 'reactive_quadrant1_energy', 'reactive_quadrant4_energy'] as const
const names = {
  reverse_active_energy: 'export_energy',
  reactive_quadrant1_energy: 'reactive_quadrant1',
  reactive_quadrant4_energy: 'reactive_quadrant4',
} as const

const text = (valueE4: bigint | null) => (valueE4 === null ? null : formatScaled(valueE4, 4))
const hex = (bytes: Buffer | null) => bytes?.toString('hex') ?? null

function textsOf({ totalE4, touE4 }: RegisterSet) {
  const [tou1, tou2, tou3, tou4] = touE4
  return { total: text(totalE4), tou1: text(tou1), tou2: text(tou2), tou3: text(tou3), tou4: text(tou4) }
}

const nothing = { billed: [], measured: null, ofRelations: new Map() }
const noTou = { tou1: null, tou2: null, tou3: null, tou4: null }
const times20 = (e4: bigint | null) => (e4 === null ? null : text(e4 * 20n))

/** What a meter said of a month, behind transformers of 20, as a proof tells it. */
async function proofOfJuly(t: Parameters<typeof openSetLine>[0]) {
  const habits = { feedInPercent: 40 }
  const { line, until, clock } = await openSetLine(t, july + hourMs, [{ source: unevenLoad(1), habits }])
  const read = async (midnight: Instant) => {
    const { readings } = await readDailyFreezes(line, setMeter(1), midnight, midnight, quantities)
    return readings
  }
  const before = await read(july)
  await until(august + hourMs)
  const after = await read(august)
  const { values } = await readMonthlySet(line, clock, setMeter(1), august)
  const meter = { address: addressOf(1), registerDigits: 6, registerMap: null }
  const boundary = (reading: (typeof before)[number]) => ({
    at: new Date(reading.readAt).toISOString(),
    verdict: 'accepted',
    source: 'scheduled',
    registers: textsOf(reading.registers),
    frame: { protocol: 'dlt645_2007', request: hex(reading.request), response: hex(reading.response) },
  })
  const used: Record<string, bigint> = {}
  const registers = quantities.map((quantity) => {
    const [start, end] = [before, after].map((all) => all.find((each) => each.quantity === quantity))
    if (start === undefined || end === undefined) throw new Error(`${quantity} was not read`)
    const moved = (index: number) => {
      const [a, b] = [start.registers.touE4[index] ?? null, end.registers.touE4[index] ?? null]
      return a === null || b === null ? null : b - a
    }
    const name = names[quantity]
    used[name] = end.registers.totalE4 - start.registers.totalE4
    return {
      name,
      from: 'registers',
      registers: {
        total: times20(used[name]),
        tou1: times20(moved(0)),
        tou2: times20(moved(1)),
        tou3: times20(moved(2)),
        tou4: times20(moved(3)),
      },
      segments: [
        {
          from: new Date(july).toISOString(),
          to: new Date(august).toISOString(),
          meter,
          multiplier: 20,
          start: boundary(start),
          end: boundary(end),
        },
      ],
    }
  })
  const demand = values.find((value) => value.kind === 'demand')
  if (demand?.kind !== 'demand') throw new Error('no demand was read')
  const { total, tou } = demand.demands
  const [tou1, tou2, tou3, tou4] = tou.map((each) => each?.valueE4 ?? null)
  const kw = { totalE4: total.valueE4, touE4: [tou1 ?? null, tou2 ?? null, tou3 ?? null, tou4 ?? null] } as const
  const reactiveE4 = (used['reactive_quadrant1'] ?? 0n) + (used['reactive_quadrant4'] ?? 0n)
  return {
    bill: { estimated: false },
    relations: null,
    opening: null,
    intervals: null,
    measured: [
      {
        name: 'demand_max',
        from: 'settlements',
        registers: {
          total: times20(total.valueE4),
          tou1: times20(kw.touE4[0]),
          tou2: times20(kw.touE4[1]),
          tou3: times20(kw.touE4[2]),
          tou4: times20(kw.touE4[3]),
        },
        settlements: [
          {
            meter,
            multiplier: 20,
            at: new Date(august).toISOString(),
            registers: textsOf(kw),
            frame: {
              protocol: 'dlt645_2007',
              request: hex(demand.evidence.frame.request),
              response: hex(demand.evidence.frame.response),
            },
          },
        ],
      },
      ...registers,
      {
        name: 'power_factor_reactive',
        from: 'sum',
        of: ['reactive_quadrant1', 'reactive_quadrant4'],
        registers: { total: times20(reactiveE4), ...noTou },
      },
    ],
    usage: {
      periods: [
        {
          quantities: [
            { name: 'demand', value: times20(total.valueE4) },
            { name: 'export', value: times20(used['export_energy'] ?? 0n) },
            { name: 'reactive', value: times20(reactiveE4) },
          ],
          losses: [],
        },
      ],
    },
  }
}

/** The demand of July that a meter of the edition of 1997 kept, as a proof tells it: settlement day, values and times in three replies. */
async function demandOf1997(t: Parameters<typeof openSetLine>[0]) {
  const { line, until, clock } = await openSetLine(t, july + hourMs, [
    { source: unevenLoad(1), habits: { edition: '1997' } },
  ])
  await until(august + hourMs)
  const { values } = await readMonthlySet(line, clock, setMeter(1, '1997'), august)
  const demand = values.find((value) => value.kind === 'demand')
  if (demand?.kind !== 'demand') throw new Error('no demand was read')
  const { total, tou } = demand.demands
  const [tou1 = null, tou2 = null, tou3 = null, tou4 = null] = tou.map((each) => each?.valueE4 ?? null)
  const { request, response, protocol } = demand.evidence.frame
  const registers = textsOf({ totalE4: total.valueE4, touE4: [tou1, tou2, tou3, tou4] })
  return {
    bill: { estimated: false },
    relations: null,
    opening: null,
    intervals: null,
    measured: [
      {
        name: 'demand_max',
        from: 'settlements',
        registers,
        settlements: [
          {
            meter: { address: addressOf(1) },
            multiplier: 1,
            at: new Date(august).toISOString(),
            registers,
            frame: { protocol, request: hex(request), response: hex(response) },
          },
        ],
      },
    ],
    usage: { periods: [{ quantities: [{ name: 'demand', value: text(total.valueE4) }], losses: [] }] },
  }
}

t.test('a demand of the edition of 1997 holds from its replies', async (t) => {
  const proof = await demandOf1997(t)
  const version = { path: 'version', value: { components: ['demand'] } }
  const check = (change: (copy: typeof proof) => void) => {
    const copy = structuredClone(proof)
    change(copy)
    return judged(() => ({ untraced: checkMeasured({ path: '', value: copy }, nothing, version) }))
  }
  t.equal(proof.measured[0]?.settlements[0]?.frame.protocol, 'dlt645_1997')
  t.same(
    check(() => undefined),
    { untraced: [] },
  )
  const settlementOf = (copy: typeof proof) => copy.measured[0]!.settlements[0]!
  const cases: readonly (readonly [string, (copy: typeof proof) => void, string])[] = [
    ['a demand', (copy) => (copy.measured[0]!.registers.total = '1'), 'measured[0].settlements[0].registers.total'],
    ['a rated demand', (copy) => (copy.usage.periods[0]!.quantities[0]!.value = '1'), 'usage.demand'],
    ['another meter', (copy) => (settlementOf(copy).meter.address = addressOf(2)), 'frame.response.address'],
    ['another settlement', (copy) => (settlementOf(copy).at = new Date(august + dayMs).toISOString()), '.at'],
    ['the other direction', (copy) => (copy.measured[0]!.name = 'demand_reverse_max'), 'frame.response.values'],
  ]
  for (const [what, change, node] of cases)
    t.match(check(change), { holds: false, node: new RegExp(`${node.replaceAll(/[[\].]/g, '.')}$`) }, what)
})

t.test('what settlements left holds from their replies, in either edition', async (t) => {
  for (const edition of ['2007', '1997'] as const) {
    const { line, until, clock } = await openSetLine(t, july + hourMs, [
      { source: unevenLoad(1), habits: { edition, feedInPercent: 40 } },
    ])
    const settledAt = async (midnight: Instant) => {
      const { values } = await readMonthlySet(line, clock, setMeter(1, edition), midnight)
      const found = values.find((one) => one.kind === 'settlement' && one.quantity === 'reverse_active_energy')
      if (found?.kind !== 'settlement') throw new Error(`no registers at ${midnight}`)
      const { protocol, request, response } = found.evidence.frame
      const frame = { protocol, request: hex(request), response: hex(response) }
      const at = new Date(midnight).toISOString()
      return { at, verdict: 'settled', source: null, registers: textsOf(found.registers), frame }
    }
    const start = await settledAt(july)
    await until(august + hourMs)
    const end = await settledAt(august)
    const used = (name: keyof typeof start.registers) => {
      const [a, b] = [start.registers[name], end.registers[name]]
      return a === null || b === null ? null : (Number(b) - Number(a)).toFixed(2)
    }
    const registers = {
      total: used('total'),
      tou1: used('tou1'),
      tou2: used('tou2'),
      tou3: used('tou3'),
      tou4: used('tou4'),
    }
    const meter = { address: addressOf(1), registerDigits: 6, registerMap: null }
    const segment = { from: start.at, to: end.at, meter, multiplier: 1, start, end }
    const proof = {
      bill: { estimated: false },
      measured: [{ name: 'export_energy', from: 'registers', registers, segments: [segment] }],
      usage: { periods: [{ quantities: [{ name: 'export', value: registers.total }], losses: [] }] },
      intervals: null,
    }
    const version = { path: 'version', value: { components: ['export'] } }
    const check = (json: unknown) =>
      judged(() => ({ untraced: checkMeasured({ path: '', value: json }, nothing, version) }))
    t.same(check(proof), { untraced: [] }, edition)
    const forged = JSON.stringify(proof).replaceAll(`"total":"${end.registers.total}"`, '"total":"99999"')
    t.match(check(JSON.parse(forged)), { holds: false, node: 'measured[0].segments[0].end.registers.total' }, edition)
  }
})

t.test('what relations give is what was rated', async (t) => {
  const kwh = (value: bigint) => ({ numerator: value, denominator: 1n })
  const share = [kwh(3n), kwh(0n), kwh(2n), kwh(0n), kwh(1n)]
  const energies = { billed: [], measured: null, ofRelations: new Map([['relation_share', share]]) }
  const version = { path: 'version', value: { components: ['relation_share'] } }
  const of = (value: string) => ({
    bill: { estimated: false },
    measured: [],
    intervals: null,
    usage: { periods: [{ quantities: [{ name: 'relation_share', value }], losses: [] }] },
  })
  const check = (value: string) =>
    judged(() => ({ untraced: checkMeasured({ path: '', value: of(value) }, energies, version) }))
  t.same(check('3'), { untraced: [] })
  t.match(check('4'), { holds: false, node: 'usage.relation_share', expected: '3', found: '4' })
})

t.test('demand, export and reactive energy hold from their frames to what was rated', async (t) => {
  const proof = await proofOfJuly(t)
  const version = { path: 'version', value: { components: ['demand', 'export', 'reactive', 'relation_share'] } }
  const check = (json: unknown) =>
    judged(() => ({ untraced: checkMeasured({ path: '', value: json }, nothing, version) }))
  t.same(check(proof), { untraced: [] })
  const [demand, exported] = proof.measured
  const forged = (change: (copy: typeof proof) => void) => {
    const copy = structuredClone(proof)
    change(copy)
    return check(copy)
  }
  const cases: readonly (readonly [string, (copy: typeof proof) => void, string])[] = [
    ['a demand', (copy) => (copy.measured[0]!.registers.total = '1'), 'measured[0].registers.total'],
    ['a register', (copy) => (copy.measured[1]!.registers.tou2 = '1'), 'measured[1].registers.tou2'],
    ['a sum', (copy) => (copy.measured[4]!.registers.total = '1'), 'measured[4].registers.total'],
    ['a rated demand', (copy) => (copy.usage.periods[0]!.quantities[0]!.value = '1'), 'usage.demand'],
    ['a rated export', (copy) => (copy.usage.periods[0]!.quantities[1]!.value = '1'), 'usage.export'],
    ['a rated sum', (copy) => (copy.usage.periods[0]!.quantities[2]!.value = '1'), 'usage.reactive'],
    [
      'the frames of another quantity',
      (copy) => Object.assign(copy.measured[1]!, { name: 'reactive_quadrant2' }),
      'measured[1].segments[0].start.frame.response.values',
    ],
    [
      'the demand of the other direction',
      (copy) => Object.assign(copy.measured[0]!, { name: 'demand_reverse_max' }),
      'measured[0].settlements[0].frame.response.values',
    ],
  ]
  for (const [what, change, node] of cases) t.match(forged(change), { holds: false, node }, what)
  t.ok(demand !== undefined && exported !== undefined && Number(exported.registers.total) > 0)
  const untraced = forged((copy) => {
    copy.measured = []
    copy.usage.periods[0]!.quantities.push({ name: 'relation_share', value: '3' }, { name: 'unasked', value: '3' })
  })
  t.same(untraced, { untraced: ['demand', 'export', 'reactive', 'relation_share'] })
  const noon = july + dayMs / 2
  const later = forged((copy) =>
    Object.assign(copy.measured[1]!, {
      segments: [
        { ...(exported as { segments?: readonly object[] }).segments?.[0], from: new Date(noon).toISOString() },
      ],
    }),
  )
  t.match(later, { holds: false, node: 'measured[1].segments[0].from' }, 'a reading of another time')
})
