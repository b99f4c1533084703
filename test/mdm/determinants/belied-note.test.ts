import t from 'tap'
import { minuteMs } from '../../../domain/time.js'
import { beliedNote } from '../../../mdm/determinants/belied-note.js'
import type { BoundaryRow, SegmentRow } from '../../../storage/mdm/freeze-segments.js'
import { midnight, registers } from '../support/small-utility.js'
import { rowOf } from './support.js'

const usualE4PerDay = 8_0000n

t.test(
  'a note at either end is believed unless the other meter of the exchange shows something else at that instant',
  (t) => {
    const ends = [
      { end: 'start', at: midnight(1), other: { meterBefore: { meterId: 2n, until: midnight(1) } } },
      { end: 'end', at: midnight(32), other: { meterAfter: 2n } },
    ] as const
    for (const { end, at, other } of ends) {
      const of = (part: Partial<BoundaryRow>, beside: Partial<SegmentRow> = other) => {
        return { ...rowOf(end, { readAt: at, source: 'exchange', ...part }), ...beside }
      }
      const held = (minutes: number) => ({
        doubts: new Map([[2n, [{ readAt: at + minutes * minuteMs, rules: ['disputed'] }]]]),
        readings: new Map(),
      })
      const shown = (minutes: number, hundredths: number) => ({
        doubts: new Map(),
        readings: new Map([
          [
            2n,
            [
              { readAt: at, registers: registers(100_00) },
              { readAt: at + minutes * minuteMs, registers: registers(100_00 + hundredths) },
            ],
          ],
        ]),
      })
      const cases: readonly [string, SegmentRow, Parameters<typeof beliedNote>[2], typeof end | null][] = [
        ['held at that instant', of({}), held(0), end],
        ['held minutes later', of({}), held(15), end],
        ['held an hour later', of({}), held(60), null],
        ['nothing is held', of({}), { doubts: new Map(), readings: new Map() }, null],
        ['read live minutes later, with what they can count', of({}), shown(9, 30), null],
        ['read live minutes later, with more', of({}), shown(9, 31), end],
        ['read an hour later', of({}), shown(60, 500), null],
        ['no other meter', of({}, {}), held(0), null],
        ['another meter of days before', of({}, { meterBefore: { meterId: 2n, until: midnight(-1) } }), held(0), null],
        ['no note', of({ source: 'scheduled' }), held(0), null],
        ['a person has decided the note', of({ isDecidedByPerson: true }), held(0), null],
      ]
      for (const [title, row, evidence, expected] of cases)
        t.equal(beliedNote(row, usualE4PerDay, evidence), expected, `${end}: ${title}`)
    }
    t.end()
  },
)
