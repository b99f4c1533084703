import t from 'tap'
import { beijing, dayMs, hourMs, minuteMs, secondMs } from '../../../domain/time.js'
import type { EventKind } from '../../../headend/reading-sets/event-kinds.js'
import { ordinalsOf } from '../../../headend/reading-sets/event-records.js'
import { type EventOutcome, type KnownEvents, readEvents } from '../../../headend/reading-sets/read-events.js'
import type { Happening } from '../../../simulators/meter/description.js'
import { openSetLine, setMeter } from '../../support/set-line.js'

const now = beijing.startOfDay('2026-07-20') + 12 * hourMs
const nothing: ReadonlyMap<EventKind, KnownEvents> = new Map()

function loss(daysAgo: number, minutes = 30): Happening {
  const from = now - daysAgo * dayMs
  return { kind: '031100', from, to: from + minutes * minuteMs }
}

/** What a head-end knows after it has stored an outcome. */
function knownAfter({ counts, values }: EventOutcome): ReadonlyMap<EventKind, KnownEvents> {
  return new Map(
    counts.map(({ event, counted }) => {
      const open = values.some((value) => value.event === event && event === 'mains_lost' && value.endedAt === null)
      return [event as EventKind, { counted, isOpen: open }] as const
    }),
  )
}

function summary({ values }: EventOutcome) {
  return values.map(({ event, occurredAt, ordinal }) => [event, occurredAt, ordinal])
}

t.test('the first reading takes what is there, the next one only what is new', async (t) => {
  const losses = [loss(3), loss(2), loss(1)]
  const happenings = [...losses, { kind: '03300D', from: now - hourMs, to: now - hourMs + minuteMs }]
  const { line, clock, bus, tell } = await openSetLine(t, now, [{ habits: { happenings } }])
  const first = await readEvents(line, clock, setMeter(1), { known: nothing })
  t.same(first.problems, [])
  t.same(summary(first), [
    ...losses.toReversed().map(({ from }) => ['mains_lost', from, 1]),
    ['cover_opened', now - hourMs, 1],
  ])
  t.same(
    first.values.map(({ endedAt, occurredAt }) => (endedAt ?? 0) - occurredAt),
    [30, 30, 30, 1].map((minutes) => minutes * minuteMs),
  )
  t.ok(Object.keys(first.values.at(-1)?.detail ?? {}).includes('forwardActiveEnergyBeforeOpening'))

  const before = bus.counters().requests
  const second = await readEvents(line, clock, setMeter(1), { known: knownAfter(first) })
  t.same([second.values, second.counts, second.problems], [[], [], []])
  t.equal(bus.counters().requests - before, 11, 'one request for each count item')

  await tell('control_relay', null, Buffer.from('02000000785634121A00595923311299', 'hex'))
  const third = await readEvents(line, clock, setMeter(1), { known: knownAfter(first) })
  t.match(third.values, [{ event: 'relay_opened', operator: '12345678', endedAt: null }])
  t.match(third.counts, [{ event: 'relay_opened', counted: 1 }])
})

t.test('a loss that goes on is read again until its end is there', async (t) => {
  const lasting: Happening = { kind: '031100', from: now - hourMs, to: now + hourMs }
  const { line, clock, until } = await openSetLine(t, now, [{ habits: { happenings: [lasting] } }])
  const first = await readEvents(line, clock, setMeter(1), { kinds: ['mains_lost'], known: nothing })
  t.match(first.values, [{ occurredAt: lasting.from, endedAt: null, ordinal: 1 }])
  await until(now + 2 * hourMs)
  const wish = { kinds: ['mains_lost'], known: knownAfter(first) } as const
  t.match((await readEvents(line, clock, setMeter(1), wish)).values, [
    { occurredAt: lasting.from, endedAt: lasting.to, ordinal: 1 },
  ])
})

t.test('events of one second keep their ordinals, whenever they are read', async (t) => {
  const twice = [loss(2), loss(2)]
  const third = { ...loss(2) }
  const read = async (happenings: readonly Happening[], known: ReadonlyMap<EventKind, KnownEvents>) => {
    const { line, clock } = await openSetLine(t, now, [{ habits: { happenings } }])
    return readEvents(line, clock, setMeter(1), { kinds: ['mains_lost'], known })
  }
  const first = await read([loss(5), ...twice], nothing)
  t.same(
    first.values.map(({ ordinal }) => ordinal),
    [2, 1, 1],
  )
  const later = await read([loss(5), ...twice, third], knownAfter(first))
  t.same(
    later.values.map(({ ordinal }) => ordinal),
    [3, 2, 1],
    'those of the same second come again, so that the new one is told from them',
  )
  t.same(ordinalsOf([9, 7, 7, 7, 3]), [1, 3, 2, 1, 1])
})

t.test('what happened more often than a meter remembers is said to be lost', async (t) => {
  const happenings = Array.from({ length: 14 }, (_, index) => loss(20 - index))
  const { line, clock } = await openSetLine(t, now, [{ habits: { happenings } }])
  const { values, counts, lost } = await readEvents(line, clock, setMeter(1), { kinds: ['mains_lost'], known: nothing })
  t.equal(values.length, 10)
  t.match(counts, [{ event: 'mains_lost', counted: 14 }])
  t.same(lost, [{ kind: 'mains_lost', events: 4 }])
})

t.test('an event that happens while the records are read shifts them, and they are read again', async (t) => {
  const during: Happening = { kind: '031100', from: now + 500, to: now + 700 }
  const happenings = [loss(3), loss(2), loss(1), during]
  const { line, clock } = await openSetLine(t, now, [{ habits: { happenings } }])
  const { values, counts } = await readEvents(line, clock, setMeter(1), { kinds: ['mains_lost'], known: nothing })
  t.same(
    values.map(({ occurredAt }) => Math.floor(occurredAt / secondMs) * secondMs),
    [now, loss(1).from, loss(2).from, loss(3).from],
    'each once',
  )
  t.match(counts, [{ counted: 4 }])
})

t.test('after a clear of the events all that there is is new', async (t) => {
  const { line, clock } = await openSetLine(t, now, [{ habits: { happenings: [loss(1)] } }])
  const known = new Map([['mains_lost', { counted: 7, isOpen: false }]] as const)
  const { values, counts } = await readEvents(line, clock, setMeter(1), { kinds: ['mains_lost'], known })
  t.equal(values.length, 1)
  t.match(counts, [{ counted: 1 }])
})

t.test('three phases share one count item', async (t) => {
  const happenings = [{ kind: '030E02', from: now - hourMs, to: now - hourMs + minuteMs }]
  const { line, clock, bus } = await openSetLine(t, now, [{ habits: { happenings } }])
  const kinds = ['power_reversed_a', 'power_reversed_b', 'power_reversed_c'] as const
  const { values } = await readEvents(line, clock, setMeter(1), { kinds, known: nothing })
  t.match(values, [{ event: 'power_reversed_b', occurredAt: now - hourMs }])
  t.ok(bus.counters().requests <= 6)
})

t.test('a kind that a model does not keep is named, and the others come', async (t) => {
  const habits = { happenings: [loss(1)], unknownItems: ['0330....'] }
  const { line, clock } = await openSetLine(t, now, [{ habits }])
  const { values, problems } = await readEvents(line, clock, setMeter(1), { known: nothing })
  t.equal(values.length, 1)
  t.same([...new Set(problems.map(({ cause }) => cause))], ['no_such_data'])
  t.equal(problems.length, 7)
})
