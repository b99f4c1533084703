import t from 'tap'
import { hourMs } from '../../../domain/time.js'
import { judgeCorrection } from '../../../mdm/exceptions/judge-correction.js'
import { midnight, registers, store } from '../support/small-utility.js'
import { arrangeQueue, openHeld } from '../support/queue-scene.js'
import { runValidation } from '../../../mdm/validation/run-validation.js'

t.test('a value that a person enters is asked about like any other', async (t) => {
  const database = await arrangeQueue(t)
  const now = await openHeld(database, [900_00, 900_00])
  await store(database, [{ meterId: 1n, readAt: midnight(3), registers: registers(1020_00) }])
  const mdm = database.as('mdm')
  await runValidation(mdm, { from: midnight(3), to: midnight(4), now: midnight(3) + hourMs })
  const plain = registers(1010_00)
  // Meter 1 has accepted values on both sides, meter 2 none behind.
  const table = [
    [1n, plain, null, [], false],
    [1n, registers(990_00), 'value_outside_neighbours', [], true],
    [1n, registers(1021_00), 'value_outside_neighbours', [], true],
    [1n, { ...plain, totalE4: 1010_0050n }, 'value_does_not_fit_display', [], true],
    [1n, { ...plain, totalE4: 1011_0000n }, 'value_does_not_add_up', [], true],
    [2n, plain, null, [], false],
    [2n, registers(990_00), null, ['decrease'], true],
    [2n, registers(9000_00), null, ['spike'], true],
  ] as const
  for (const [meterId, value, impossible, warnings, refused] of table) {
    const key = { meterId, quantity: 1, readAt: midnight(2), timeZone: 'Asia/Shanghai' }
    const verdict = await judgeCorrection(mdm, { ...key, registers: value }, now)
    const { reason, ...said } = verdict
    t.same(said, { impossible, warnings, refused }, `${meterId}: ${value.totalE4}`)
    t.equal(reason !== '', refused)
  }
})
