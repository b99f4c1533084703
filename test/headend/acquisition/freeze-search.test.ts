import * as fc from 'fast-check'
import t from 'tap'
import { beijing, dayMs, type Instant, type LocalDate, minuteMs } from '../../../domain/time.js'
import { maxProbes, nextSearchStep, type StampProbe } from '../../../headend/acquisition/freeze-search.js'
import { nominalMidnight } from '../../../headend/acquisition/nominal-midnight.js'

const newest = at('2026-07-10')

function at(date: LocalDate): Instant {
  return beijing.startOfDay(date)
}

type Found = { readonly kind: 'found'; readonly index: number; readonly probes: number }
type Failed = { readonly kind: 'failed'; readonly cause: string }

/** Asks a memory (newest first) until the search ends. */
function search(memory: readonly Instant[], wanted: Instant): Found | Failed {
  const probes: StampProbe[] = []
  for (;;) {
    const step = nextSearchStep(wanted, newest, probes)
    if (step.kind === 'found') return { ...step, probes: probes.length }
    if (step.kind === 'failed') return step
    probes.push({ index: step.index, stamp: memory[step.index - 1] ?? null })
  }
}

const healthy = Array.from({ length: 10 }, (_, back) => newest - back * dayMs)
const without = (...dates: readonly LocalDate[]) => healthy.filter((each) => !dates.includes(beijing.dateAt(each)))
const slow = healthy.slice(1)

const table: readonly (readonly [string, readonly Instant[], LocalDate, object])[] = [
  ['the newest freeze is at index 1', healthy, '2026-07-10', { kind: 'found', index: 1, probes: 1 }],
  ['an older freeze is as many indexes back as days', healthy, '2026-07-06', { kind: 'found', index: 5, probes: 1 }],
  ['a skipped freeze moves older ones up', without('2026-07-08'), '2026-07-06', { kind: 'found', index: 4, probes: 2 }],
  ['a skipped midnight is not there', without('2026-07-08'), '2026-07-08', { kind: 'failed', cause: 'no_freeze' }],
  [
    'two skipped midnights in a row',
    without('2026-07-07', '2026-07-08'),
    '2026-07-08',
    { kind: 'failed', cause: 'no_freeze' },
  ],
  ['a meter whose clock is slow has no newest freeze yet', slow, '2026-07-10', { kind: 'failed', cause: 'no_freeze' }],
  ['a meter whose clock is slow has older ones', slow, '2026-07-08', { kind: 'found', index: 2, probes: 2 }],
  [
    'a stamp in the middle of a day',
    [newest + 12 * 60 * minuteMs],
    '2026-07-10',
    { kind: 'failed', cause: 'wrong_stamp' },
  ],
]

for (const [name, memory, wanted, expected] of table) {
  t.test(name, async (t) => t.same(search(memory, at(wanted)), expected))
}

t.test('finds every kept midnight and no other, within the bound, whatever was skipped', async (t) => {
  const days = 12
  const property = fc.property(
    fc.array(fc.boolean(), { minLength: days, maxLength: days }),
    fc.nat({ max: days - 1 }),
    (kept, back) => {
      const memory = kept.flatMap((isKept, index) => (isKept ? [newest - index * dayMs] : []))
      const wanted = newest - back * dayMs
      const result = search(memory, wanted)
      if (result.kind === 'found') return memory[result.index - 1] === wanted && result.probes <= maxProbes
      return result.cause !== 'no_freeze' || !memory.includes(wanted)
    },
  )
  t.match(fc.check(property, { seed: 645, numRuns: 2000 }), { failed: false, counterexample: null })
})

const nominal: readonly (readonly [number, LocalDate | null])[] = [
  [0, '2026-07-10'],
  [5 * minuteMs, '2026-07-10'],
  [6 * minuteMs, null],
  [dayMs - 5 * minuteMs, '2026-07-11'],
  [dayMs - 6 * minuteMs, null],
]

for (const [offset, expected] of nominal) {
  t.test(`a stamp ${offset / minuteMs} min after midnight stands for ${expected}`, async (t) => {
    t.equal(nominalMidnight(newest + offset), expected === null ? null : at(expected))
  })
}
