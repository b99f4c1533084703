import t from 'tap'
import { hourMs } from '../../../domain/time.js'
import { exchangeFits, type NotedSide } from '../../../mdm/determinants/exchange-fits.js'
import { besideNote } from '../../../mdm/determinants/note-fits.js'
import { defaultDeterminantPolicy } from '../../../mdm/determinants/policy.js'
import { present } from '../../../domain/result.js'
import { midnight, registers } from '../support/small-utility.js'
import { rowOf } from './support.js'

const noon = midnight(16) + 12 * hourMs

/** A meter that stood at 100 kWh at one end and counted so many hundredths of a kWh beside the exchange at noon of the 16th. */
function side(end: 'start' | 'end', day: number, hundredths: number, multiplier: number): NotedSide {
  const note = end === 'end' ? 100_00 + hundredths : 100_00
  const read = end === 'end' ? 100_00 : 100_00 + hundredths
  const row = rowOf(end, { readAt: noon, registers: registers(note), source: 'exchange' })
  const readings = [{ readAt: midnight(day), registers: registers(read) }]
  return { beside: present(besideNote({ row, end }, readings, defaultDeterminantPolicy), 'a reading near'), multiplier }
}

t.test('both notes of an exchange fit when the meters together counted at most a day more than has begun', (t) => {
  const cases: readonly [title: string, takenOn: number, taken: number, hungTo: number, hung: number, boolean][] = [
    ['a usual day', 16, 2_50, 17, 2_50, true],
    ['two usual days', 16, 5_00, 17, 5_00, true],
    ['and what two display steps of either meter can hide', 16, 5_02, 17, 5_02, true],
    ['more than that', 16, 5_02, 17, 5_03, false],
    ['each a day and a half by itself', 16, 7_50, 17, 7_50, false],
    ['four days over three', 15, 10_00, 18, 10_00, true],
    ['more than four days over three', 15, 10_00, 18, 10_05, false],
  ]
  for (const [title, takenOn, taken, hungTo, hung, expected] of cases)
    for (const multiplier of [1, 40]) {
      const sides = [side('end', takenOn, taken, multiplier), side('start', hungTo, hung, multiplier)] as const
      t.equal(exchangeFits(...sides, 5_0000n * BigInt(multiplier), defaultDeterminantPolicy), expected, title)
    }
  t.end()
})

t.test('a register that fell beside the exchange does not fit', (t) => {
  const fallen = side('start', 17, -1, 1)
  t.equal(exchangeFits(side('end', 16, 1_00, 1), fallen, 5_0000n, defaultDeterminantPolicy), false)
  t.end()
})
