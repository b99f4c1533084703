import { hourMs, type Instant } from '../../../domain/time.js'
import { openExceptions } from '../../../mdm/exceptions/open-exceptions.js'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import { letTimesBeVirtual } from '../../../storage/rights.js'
import { type TestDatabase, withDatabase } from '../../support/database.js'
import { plantApprovers } from '../../support/people.js'
import { importSmallUtility, midnight, registers, store } from './small-utility.js'

export const clerk = 'clerk'
export const second = 'second'
export const third = 'third'

/** The small utility with people who decide, and times that are ours. */
export async function arrangeQueue(t: {
  readonly teardown: (act: () => Promise<void>) => void
}): Promise<TestDatabase> {
  const database = await withDatabase(t)
  await letTimesBeVirtual(database.as('owner'), 'test')
  await plantApprovers(database.as('owner'), [clerk, second, third])
  await importSmallUtility(database)
  return database
}

/** Meters 1 to 3 read 1000 kWh on day 1; on day 2 each of `values` (hundredths of a kWh) is what its meter says, and every fall is held. */
export async function openHeld(database: TestDatabase, values: readonly number[]): Promise<Instant> {
  const meters = values.map((value, index) => ({ meterId: BigInt(index + 1), value }))
  await store(
    database,
    meters.flatMap(({ meterId, value }) => [
      { meterId, readAt: midnight(1), registers: registers(1000_00) },
      { meterId, readAt: midnight(2), registers: registers(value) },
    ]),
  )
  const mdm = database.as('mdm')
  await runValidation(mdm, { from: midnight(1), to: midnight(3), now: midnight(2) + hourMs })
  const now = midnight(2) + 2 * hourMs
  await openExceptions(mdm, { actor: 'system', now })
  return now
}

export function iso(instant: Instant): string {
  return new Date(instant).toISOString()
}
