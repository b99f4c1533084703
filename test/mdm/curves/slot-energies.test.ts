import t from 'tap'
import { slotQualities } from '../../../domain/interval-day.js'
import { beijing } from '../../../domain/time.js'
import { assembleDay } from '../../../mdm/curves/assemble-day.js'
import { slotEnergies } from '../../../mdm/curves/slot-energies.js'
import { curveOf, piecesOf } from '../../support/curve-columns.js'

const { measured, missing, suspect } = slotQualities
const start = beijing.startOfDay('2026-07-01')

t.test('the energy of an hour that did not come is not booked into the next one', async (t) => {
  const pieces = piecesOf(start - 3_600_000, 60, 0n, Array(25).fill(9_0000n)).filter((_, slot) => slot !== 10)
  const curve = curveOf({ from: '2026-07-01', to: '2026-07-02', pieces })
  const { energiesE4, qualities } = slotEnergies(assembleDay(curve, curve.grid.localDays[3]!))
  t.strictSame([...energiesE4.subarray(8, 12)], [9_0000n, 0n, 0n, 9_0000n])
  t.strictSame([...qualities.subarray(8, 12)], [measured, missing, missing, measured])
})

t.test('a register may turn over, and a fall leaves its slot suspect', async (t) => {
  for (const [from, to, energyE4, quality] of [
    [999_999_9900n, 100n, 200n, measured],
    [500_000_0000n, 100n, 0n, suspect],
    [0n, 300_000_0000n, 0n, suspect],
  ] as const) {
    const pieces = [
      { end: start, minutes: 60, registerE4: from },
      { end: start + 3_600_000, minutes: 60, registerE4: to },
    ]
    const curve = curveOf({ from: '2026-07-01', to: '2026-07-02', pieces })
    const slots = slotEnergies(assembleDay(curve, curve.grid.localDays[3]!))
    t.strictSame([slots.energiesE4[0], slots.qualities[0]], [energyE4, quality], `${from} to ${to}`)
  }
})
