import t, { type Test } from 'tap'
import { present } from '../../../domain/result.js'
import { describeUtility } from '../../../simulators/utility/describe-utility.js'
import type { PointDescription, UtilityDescription } from '../../../simulators/utility/description.js'
import { meterStaysOf, stayOf } from '../../../simulators/utility/meter-registers.js'
import { at, monthEnd, monthStart } from '../../../simulators/utility/story-calendar.js'

const county = describeUtility({ seed: 1 })

t.test('the default county has 3 lines of 32, a concentrator of 200 and a gateway of 8 meters', async (t) => {
  t.same(metersPerLine(county), {
    'line-1': 32,
    'line-2': 32,
    'line-3': 32,
    'concentrator-1': 200,
    'gateway-1': 8,
  })
})

t.test('other sizes keep the mix, no bus is overfull and no meter is lost', async (t) => {
  for (const meters of [16, 100, 304, 1000, 3040]) {
    const counts = metersPerLine(describeUtility({ seed: 1, meters }))
    t.equal(
      Object.values(counts).reduce((sum, count) => sum + count, 0),
      meters,
    )
    for (const [line, count] of Object.entries(counts))
      t.ok(count <= (line.startsWith('line') ? 32 : 200), `${line} ${count}`)
  }
  t.throws(() => describeUtility({ seed: 1, meters: 15 }), /at least 16 meters/)
})

t.test('the same seed gives the same description, another seed another', async (t) => {
  t.same(describeUtility({ seed: 1 }), county)
  t.notSame(describeUtility({ seed: 2 }).points, county.points)
})

t.test('codes and addresses are unique', async (t) => {
  const { points, exchange, transfer } = county
  const meters = [...points.map(({ meter }) => meter.entry), exchange.newMeter.entry]
  allDistinct(
    t,
    meters.map(({ code }) => code),
  )
  allDistinct(
    t,
    meters.map(({ protocol, communicationAddress }) => `${protocol} ${communicationAddress}`),
  )
  allDistinct(t, [...points.map(({ account }) => account.code), transfer.account.code])
})

t.test('each fault and change has a usage point of its own, on the kind of line the story names', async (t) => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const { faults, exchange, transfer, points } = describeUtility({ seed, meters: 16 })
    const chosen = [exchange.usagePoint, transfer.usagePoint, faults.noSupply.usagePoint, faults.deadModule.usagePoint]
    allDistinct(t, chosen)
    t.same(
      chosen.map((usagePoint) => points.find((point) => point.usagePoint === usagePoint)?.line),
      ['line-1', 'concentrator-1', 'line-3', 'line-3'],
    )
  }
})

t.test('seven buildings share the Modbus gateway with one shop', async (t) => {
  const tariffs = county.points.filter(({ line }) => line === 'gateway-1').map(({ account }) => account.tariff)
  t.equal(tariffs.filter((tariff) => tariff === 'sd-residential-shared').length, 7)
  t.equal(tariffs.filter((tariff) => tariff === 'hb-commercial-single-lv').length, 1)
})

t.test('households use what Chinese households use, and some cross each border of the ladder in July', async (t) => {
  const households = county.points.filter(({ load }) => load.customerClass === 'residential')
  const used = households.map((point) => ({ point, july: julyEnergyE4(county, point) }))
  const mean = used.reduce((sum, { july }) => sum + july, 0n) / BigInt(used.length) / 10_000n
  t.ok(mean > 220n && mean < 290n, `mean ${mean} kWh`)
  for (const border of [2520n, 4800n]) {
    const crossing = used.filter(({ point, july }) => {
      const opening = point.account.openingLadderE4
      return opening < border * 10_000n && opening + july > border * 10_000n
    })
    t.ok(crossing.length >= 10, `${crossing.length} cross ${border}`)
  }
})

t.test('total and sum of tariffs differ by a cent at some meters and never by more than three', async (t) => {
  const stays = meterStaysOf(county)
  const differences = county.points.map(({ meter }) => {
    const { totalE4, touE4 } = stayOf(stays, meter.entry.code).registersAt(at(monthEnd))
    return totalE4 - touE4.reduce<bigint>((sum, value) => sum + (value ?? 0n), 0n)
  })
  t.ok(differences.some((difference) => difference === 100n))
  t.ok(differences.every((difference) => difference >= 0n && difference <= 300n))
})

t.test('an exchange neither loses nor invents energy', async (t) => {
  const { usagePoint, at: exchangedAt, newMeter } = county.exchange
  const point = present(
    county.points.find((candidate) => candidate.usagePoint === usagePoint),
    'usage point',
  )
  const untouched = meterStaysOf({ ...county, exchange: { ...county.exchange, usagePoint: 'nowhere' } })
  const stays = meterStaysOf(county)
  const grown = (code: string, from: number, to: number, of = stays) =>
    stayOf(of, code).registersAt(to).totalE4 - stayOf(of, code).registersAt(from).totalE4
  const oldCode = point.meter.entry.code
  const both = grown(oldCode, at(monthStart), exchangedAt) + grown(newMeter.entry.code, exchangedAt, at(monthEnd))
  const whole = grown(oldCode, at(monthStart), at(monthEnd), untouched)
  t.ok(both - whole <= 100n && whole - both <= 100n, `${both} against ${whole}`)
})

function metersPerLine({ lines, points }: UtilityDescription): Record<string, number> {
  return Object.fromEntries(lines.map(({ code }) => [code, points.filter(({ line }) => line === code).length]))
}

function julyEnergyE4(description: UtilityDescription, { meter }: PointDescription): bigint {
  const { registersAt } = stayOf(
    meterStaysOf({ ...description, points: description.points.filter((p) => p.meter === meter) }),
    meter.entry.code,
  )
  return registersAt(at(monthEnd)).totalE4 - registersAt(at(monthStart)).totalE4
}

function allDistinct(t: Test, values: readonly string[]): void {
  t.equal(new Set(values).size, values.length)
}
