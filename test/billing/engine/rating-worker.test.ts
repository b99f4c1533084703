import t from 'tap'
import { createUsageColumns, setUsage } from '../../../billing/engine/columns.js'
import { compileProgram } from '../../../billing/engine/compile-program.js'
import { rateColumns } from '../../../billing/engine/rate-columns.js'
import { createRatingWorker } from '../../../billing/engine/rating-worker.js'
import type { BilledUsage } from '../../../domain/bill.js'
import { createStillClock } from '../../support/still-clock.js'
import { shippedTariff } from '../tariffs/shipped-tariffs.js'

const compiled = compileProgram(shippedTariff('sd-residential'))
const usage: BilledUsage = {
  energyE4: 12_345_600n,
  touE4: [0n, 0n, 0n, 0n],
  settlementKind: 'regular',
  ladderFrom: '2026-01-01',
  periodFrom: '2026-07-01',
  periodTo: '2026-08-01',
  ladderOpeningE4: 20_000_000n,
}

function usages(program: number) {
  const columns = createUsageColumns(3)
  for (let row = 0; row < 3; row++)
    setUsage(columns, row, program, { ...usage, energyE4: usage.energyE4 + BigInt(row) })
  return columns
}

t.test('rates in its thread what the kernel rates here, shard after shard', async (t) => {
  if (!compiled.ok) throw new Error(compiled.error.kind)
  const clock = createStillClock(0)
  const worker = createRatingWorker(clock)
  t.teardown(() => worker.close())
  const expected = rateColumns([compiled.value], usages(0))
  for (let shard = 0; shard < 2; shard++) {
    const rating = worker.rate([compiled.value], usages(0))
    t.equal(clock.held(), 1, 'virtual time stands still meanwhile')
    t.same(await rating, expected)
    t.equal(clock.held(), 0)
  }
})

t.test('a defect in the thread reaches the caller', async (t) => {
  const clock = createStillClock(0)
  const worker = createRatingWorker(clock)
  t.teardown(() => worker.close())
  await t.rejects(worker.rate([], usages(0)), { message: 'missing: rate program of row 0' })
  t.equal(clock.held(), 0)
})
