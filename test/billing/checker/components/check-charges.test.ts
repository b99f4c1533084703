import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkCharges } from '../../../../billing/checker/components/check-charges.js'
import type { TrustedLines } from '../../../../billing/checker/components/on-trust.js'
import { Fault } from '../../../../billing/checker/fault.js'
import type { BillPeriod } from '../../../../billing/rating/bill.js'
import { rateUsage } from '../../../../billing/rating/rate-usage.js'
import { type UsageDocument, usageDocumentSchema } from '../../../../billing/rating/usage/usage-schema.js'
import { checkForRuns } from '../../../../billing/tariffs/components/check-for-runs.js'
import { parseComponentTariff, parseDocument } from '../../../../billing/tariffs/components/parse-document.js'
import type { ComponentTariff } from '../../../../billing/tariffs/components/tariff-schema.js'
import { add, formatRational, one, parseRational } from '../../../../domain/rational.js'
import { present } from '../../../../domain/result.js'
import { checkoutRoot } from '../../../architecture/source-files.js'
import { ratingCase } from '../../../crosscheck/rating-cases.js'
import { type Given, hours, intervals, tariffDocument, usageDocument } from '../../rating/offline.js'

type Line = BillPeriod['lines'][number]

/** A period of a bill with the documents it was rated from. */
interface Billed {
  readonly name: string
  /** As the files say them, without defaults. */
  readonly versions: readonly object[]
  readonly tariff: ComponentTariff
  readonly usage: UsageDocument
  readonly period: BillPeriod
}

interface TariffJson {
  readonly versions: readonly object[]
}

/** The first period of what the documents come to, where it is a whole number of days; null where they come to nothing. */
function billed(name: string, tariffJson: object, usageJson: unknown): Billed | null {
  const [tariff, usage] = [parseComponentTariff(tariffJson), parseDocument(usageDocumentSchema, usageJson)]
  if (!tariff.ok || !usage.ok) return null
  const { periods } = usage.value
  const first = { ...usage.value, periods: periods.slice(0, 1) }
  const isWhole = periods[0]?.start.length === 10 && periods[0].end.length === 10 && periods[0].settlement.last
  const rated = isWhole ? rateUsage(tariff.value, first) : null
  if (rated === null || !rated.ok) return null
  return {
    name,
    versions: (tariffJson as TariffJson).versions,
    tariff: tariff.value,
    usage: first,
    period: present(rated.value.periods[0], 'a period'),
  }
}

/** What is on trust of these lines, or the node that does not hold. */
function checked({ versions, usage, period }: Billed, lines: readonly Line[]): readonly TrustedLines[] | string {
  const { start, end, month, quantities } = period
  const proof = {
    bill: { periodFrom: start, periodTo: end, lines },
    usage,
    rated: { periods: [{ month, quantities }] },
  }
  const inForce = versions.filter((version) => {
    const { validFrom, validTo = '9999' } = version as { readonly validFrom: string; readonly validTo?: string }
    return validFrom < end && validTo > start
  })
  const cursors = inForce.map((version, index) => ({ value: version, path: `tariff.versions[${index}]` }))
  try {
    return checkCharges({ value: JSON.parse(JSON.stringify(proof)), path: '' }, cursors)
  } catch (error) {
    if (error instanceof Fault) return `${error.node}: ${error.expected} ≠ ${error.found}`
    throw error
  }
}

const folder = join(checkoutRoot, 'test', 'fixtures', 'rating', 'provinces')
const json = (...path: readonly string[]): object => JSON.parse(readFileSync(join(...path), 'utf8'))

function provincialBills(): readonly Billed[] {
  return readdirSync(folder).flatMap((province) =>
    readdirSync(join(folder, province)).flatMap((file) => {
      const name = /^(.+)\.expected\.json$/.exec(file)?.[1]
      if (name === undefined) return []
      const { tariff } = json(folder, province, file) as { readonly tariff: string }
      const bill = billed(
        name,
        json(checkoutRoot, 'billing', 'tariffs', 'provinces', `${tariff}.json`),
        json(folder, province, `${name}.usage.json`),
      )
      return bill === null ? [] : [bill]
    }),
  )
}

function randomBills(count: number): readonly Billed[] {
  return Array.from({ length: count }, (_, index) => {
    const { tariff, usage } = ratingCase(61, index)
    return billed(`random ${index}`, tariff, usage)
  }).filter((bill) => bill !== null)
}

/** Whether a run could bill by it: what only `rate` knows comes before no checker. */
function isOfRuns({ tariff }: Billed): boolean {
  return checkForRuns(tariff).every(({ kind }) => kind !== 'offline_only')
}

function guideBills(): readonly Billed[] {
  const guide = join(checkoutRoot, 'docs', 'schemas', 'rate')
  return readdirSync(guide).flatMap((file) => {
    const name = /^(.+)\.tariff\.json$/.exec(file)?.[1]
    const bill = name === undefined ? null : billed(name, json(guide, file), json(guide, `${name}.usage.json`))
    return bill === null ? [] : [bill]
  })
}

/** By curves of three days: a holiday as a Sunday, a Saturday made up for as a Monday, and one that the usage calls. */
function holidayBill(): Billed {
  const of = (name: string, days: readonly string[]) => ({ name, when: [{ days }] })
  const given: Given = {
    components: [
      {
        code: 'energy',
        kind: 'usage',
        slots: { calendar: 'day' },
        model: { kind: 'per_unit', prices: { low: '1', high: '2' } },
      },
    ],
    version: {
      calendars: [
        {
          name: 'day',
          specialDays: [
            { date: '2026-06-19', as: 'sunday' },
            { date: '2026-06-27', as: 'monday' },
          ],
          slots: [of('low', ['weekend']), of('high', ['weekday'])],
        },
      ],
    },
    period: { quantities: [intervals('2026-06-01', hours(30), { minutes: 1440 })] },
    usage: { specialDays: [{ date: '2026-06-22', as: 'saturday' }] },
  }
  return present(billed('holidays', tariffDocument(given), usageDocument(given)), 'a bill by days of the week')
}

const written = [...provincialBills(), ...guideBills(), holidayBill()]
const bills = [...written, ...randomBills(600)]
/** Each is changed in several places. */
const planting = [...written, ...randomBills(60)]

t.test('what rating charges is what the checker works out, or is counted as taken on trust', async (t) => {
  const outcomes = bills.map((bill) => ({ name: bill.name, outcome: checked(bill, bill.period.lines) }))
  t.same(
    outcomes.filter(({ outcome }) => typeof outcome === 'string'),
    [],
  )
  const ofRuns = bills.map(isOfRuns)
  const lines = bills.filter((_, index) => ofRuns[index]).reduce((sum, { period }) => sum + period.lines.length, 0)
  const ofRunsOnly = outcomes.filter((_, index) => ofRuns[index])
  const trusted = ofRunsOnly.flatMap(({ outcome }) => (typeof outcome === 'string' ? [] : outcome))
  const onTrust = trusted.reduce((sum, trustedLines) => sum + trustedLines.lines, 0)
  t.comment(
    `${ofRunsOnly.length} of ${bills.length} bills are of what runs bill by, ${lines} lines, ${onTrust} of them on trust`,
  )
  t.ok(lines > 1000 && onTrust < lines / 2, `${onTrust} of ${lines} lines on trust`)
})

t.test('a line that is not what its component charges does not hold', async (t) => {
  const more = (text: string) => formatRational(add(present(parseRational(text), text), one))
  const plants: readonly (readonly [string, (lines: readonly Line[], index: number) => readonly Line[]])[] = [
    [
      'another quantity',
      (lines, index) =>
        lines.map((line, at) => (at === index ? { ...line, quantity: more(line.quantity ?? '0') } : line)),
    ],
    [
      'another price',
      (lines, index) =>
        lines.map((line, at) => (at === index ? { ...line, unitPrice: more(line.unitPrice ?? '0') } : line)),
    ],
    [
      'another block',
      (lines, index) => lines.map((line, at) => (at === index ? { ...line, block: (line.block ?? 0) + 7 } : line)),
    ],
    ['another multiple', (lines, index) => lines.map((line, at) => (at === index ? { ...line, multiple: '7' } : line))],
  ]
  let planted = 0
  const unseen: string[] = []
  for (const bill of planting) {
    const { lines } = bill.period
    const outcome = checked(bill, lines)
    const isOnTrust = (line: Line) =>
      typeof outcome !== 'string' && outcome.some(({ component }) => component === line.component)
    const { start, end } = bill.period
    for (const [index, line] of lines.entries()) {
      if (isOnTrust(line)) continue
      const isOfAll = bill.versions.length === 1 && line.from === `${start} 00:00` && line.to === `${end} 00:00`
      if (isOfAll && typeof checked(bill, lines.toSpliced(index, 1)) !== 'string')
        unseen.push(`${bill.name} line ${index}: left out`)
      for (const [what, plant] of plants) {
        planted += 1
        if (typeof checked(bill, plant(lines, index)) !== 'string') unseen.push(`${bill.name} line ${index}: ${what}`)
      }
    }
  }
  t.ok(planted > 1000, `${planted} planted`)
  t.same(unseen, [])
})
