import t from 'tap'
import { dayMs, hourMs, type Instant } from '../../../domain/time.js'
import { applyDecisions } from '../../../mdm/exceptions/apply-decisions.js'
import { decideExceptions } from '../../../mdm/exceptions/decide-exceptions.js'
import { crewScores } from '../../../storage/mdm/exception-scores.js'
import { findOpenExceptions } from '../../../storage/mdm/open-exceptions.js'
import { arrangeQueue, clerk, iso, openHeld } from '../../mdm/support/queue-scene.js'
import { midnight } from '../../mdm/support/small-utility.js'

t.test('a crew answers for what happened while it had the area; who owns it now sees what is open', async (t) => {
  const database = await arrangeQueue(t)
  const mdm = database.as('mdm')
  await mdm.execute(`insert into crew values (1, 1, 'north', 'North'), (2, 1, 'south', 'South')`)
  const handOver = midnight(2) + 12 * hourMs
  const own = (revision: number, crew: number, from: Instant, to: Instant | null) =>
    mdm.execute(`insert into crew_area_timeline values (1, $1, $2, $3, $4, $2, 'system', 'test')`, [
      revision,
      iso(from),
      to === null ? null : iso(to),
      crew,
    ])
  await own(1, 1, midnight(1), null)
  const opened = await openHeld(database, [995_00, 990_00, 980_00])
  await own(2, 1, midnight(1), handOver)
  await own(2, 2, handOver, null)
  t.match(await findOpenExceptions(mdm, opened), [{ crewCode: 'north' }, { crewCode: 'north' }, { crewCode: 'north' }])
  const close = async (meterCode: string, now: Instant) => {
    const one = (await findOpenExceptions(mdm, now)).find((each) => each.meterCode === meterCode)
    const filter = { keys: [one?.exceptionKey ?? ''] }
    const decision = { action: 'accept', reason: 'r', evidence: '', actor: clerk } as const
    await decideExceptions(database.as('console'), { ...decision, filter, now })
    await applyDecisions(mdm, { now })
  }
  await close('meter-1', opened + 2 * hourMs)
  await close('meter-2', opened + 3 * dayMs)
  t.match(await findOpenExceptions(mdm, opened + 4 * dayMs, { crew: 'south' }), [{ meterCode: 'meter-3' }])
  t.same(await findOpenExceptions(mdm, opened + 4 * dayMs, { crew: 'north' }), [])
  t.same(await crewScores(mdm, { from: midnight(1), to: midnight(9) }), [
    { crewCode: 'north', opened: 3, closed: 1, closedLate: 0, medianAgeMs: 2 * hourMs },
    { crewCode: 'south', opened: 0, closed: 1, closedLate: 1, medianAgeMs: 3 * dayMs },
  ])
})
