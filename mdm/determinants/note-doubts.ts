import { dayMs, isoText } from '../../domain/time.js'
import { beliedNote } from './belied-note.js'
import type { Evidence } from './evidence.js'
import { exchangeFits } from './exchange-fits.js'
import type { Hold } from './hold.js'
import type { MeasuredSegment } from './measure-segment.js'
import { besideNote, noteFits } from './note-fits.js'
import type { DeterminantPolicy } from './policy.js'

/** What was noted at exchanges has to fit what is known beside it: each note, what the other meter showed then, and both notes together. */
export function* noteDoubts(
  measured: readonly MeasuredSegment[],
  policy: DeterminantPolicy,
  { readings, doubts }: Pick<Evidence, 'readings' | 'doubts'>,
): Generator<Hold> {
  const energyE4 = measured.reduce((sum, { energiesE4 }) => sum + energiesE4[0], 0n)
  const lengthMs = measured.reduce((sum, { row }) => sum + row.endAt - row.startAt, 0)
  const usualE4PerDay = (energyE4 * BigInt(dayMs)) / BigInt(lengthMs)
  for (const [index, { row, multiplier, meterId }] of measured.entries()) {
    const around = readings.get(meterId) ?? []
    const usualAtMeterE4 = usualE4PerDay / BigInt(multiplier)
    for (const end of ['start', 'end'] as const)
      if (!noteFits({ row, end, usualE4PerDay: usualAtMeterE4 }, around, policy))
        yield unlike(`the note of ${isoText(row[`${end}At`])} does not fit the reading beside it`)
    const belied = beliedNote(row, usualAtMeterE4, { doubts, readings })
    if (belied !== null)
      yield unlike(
        `the other meter of the exchange of ${isoText(row[`${belied}At`])} shows something else than its note`,
      )
    const next = measured[index + 1]
    if (next === undefined) continue
    const taken = besideNote({ row, end: 'end' }, around, policy)
    const hung = besideNote({ row: next.row, end: 'start' }, readings.get(next.meterId) ?? [], policy)
    if (taken === null || hung === null) continue
    const sides = [
      { beside: taken, multiplier },
      { beside: hung, multiplier: next.multiplier },
    ] as const
    if (!exchangeFits(...sides, usualE4PerDay, policy))
      yield unlike(`both notes of ${isoText(row.endAt)} together do not fit the readings beside them`)
  }
}

function unlike(detail: string): Hold {
  return { kind: 'note_unlike_readings', detail }
}
