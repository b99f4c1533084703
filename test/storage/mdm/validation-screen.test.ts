import t from 'tap'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import {
  claimsAt,
  decisionsAt,
  decisionsBefore,
  findMeterId,
  meterCodes,
} from '../../../storage/mdm/validation-screen.js'
import { importSmallUtility, midnight, registers, store } from '../../mdm/support/small-utility.js'
import { withDatabase } from '../../support/database.js'

t.test('a key is shown with its claims, every decision on it, and the last ones before it', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const range = { from: midnight(1), to: midnight(3) }
  const say = (day: number, total: number, claim = false, recordedAt = midnight(day)) =>
    store(database, [{ meterId: 1n, readAt: midnight(day), registers: registers(total), claim, recordedAt }])
  await say(1, 1000_00)
  await say(2, 1012_00)
  await runValidation(database.as('mdm'), { ...range, now: midnight(2) + 1 })
  await say(2, 1013_00, true, midnight(3))
  await runValidation(database.as('mdm'), { ...range, now: midnight(3) + 1 })
  const reader = database.as('reader')
  t.equal(await findMeterId(reader, 'meter-1'), 1n)
  t.equal(await findMeterId(reader, 'nobody'), null)
  t.same(
    await meterCodes(reader, [1n, 3n]),
    new Map([
      [1n, 'meter-1'],
      [3n, 'meter-3'],
    ]),
  )
  t.match(await claimsAt(reader, 1n, midnight(2)), [
    { quantity: 1, registers: { totalE4: 1012_0000n }, source: 'scheduled' },
    { quantity: 1, registers: { totalE4: 1013_0000n }, source: 'scheduled' },
  ])
  t.match(await decisionsAt(reader, 1n, midnight(2)), [
    { revision: 1, verdict: 'accepted', totalE4: 1012_0000n, policyVersion: 'built-in/1', decidedBy: null },
    { revision: 2, verdict: 'held', totalE4: null, rules: ['disputed'] },
  ])
  t.match(await decisionsBefore(reader, 1n, { from: midnight(1), to: midnight(2) }), [
    { readAt: midnight(1), verdict: 'accepted', totalE4: 1000_0000n, policyVersion: 'built-in/1' },
  ])
})
