import t from 'tap'
import { compileEntry } from '../../../billing/engine/entry-program.js'
import { compileProgram } from '../../../billing/engine/compile-program.js'
import { encodeShard } from '../../../billing/engine/encode-shard.js'
import { rateShard, type Shard } from '../../../billing/engine/rate-shard.js'
import { createRatingWorker } from '../../../billing/engine/rating-worker.js'
import { CopyWriter } from '../../../storage/copy-writer.js'
import type { BilledUsage } from '../../../domain/bill.js'
import { createStillClock } from '../../support/still-clock.js'
import { shippedTariff } from '../tariffs/shipped-tariffs.js'
import { packedUsages } from './packed-usages.js'

const code = 'sd-residential'
const usage: BilledUsage = {
  energyE4: 12_345_600n,
  touE4: [0n, 0n, 0n, 0n],
  settlementKind: 'regular',
  ladderFrom: '2026-01-01',
  periodFrom: '2026-07-01',
  periodTo: '2026-08-01',
  ladderOpeningE4: 20_000_000n,
}

function shard(): Shard {
  const tariff = shippedTariff(code)
  const program = compileProgram(tariff)
  if (!program.ok) throw new Error(program.error.kind)
  const usages = [0n, 1n, 2n].map((more) => ({ ...usage, tariffCode: code, energyE4: usage.energyE4 + more }))
  const tariffs = [{ code, version: 1, program: program.value, entry: compileEntry(tariff) }]
  return { usages: packedUsages(usages), timeZone: 'Asia/Shanghai', tariffs, accounts: null }
}

const terms = { segmentId: 5n, dueDate: '2026-08-18', accountingDate: '2026-08-03' } as const

t.test('rates and encodes in its thread what is rated and encoded here, shard after shard', async (t) => {
  const clock = createStillClock(0)
  const worker = createRatingWorker(clock)
  t.teardown(() => worker.close())
  const expected = rateShard(shard(), null)
  t.equal(expected.rated.totals.bills, 3)
  for (let number = 0; number < 2; number++) {
    const rating = worker.rateAndEncode(shard(), terms)
    t.equal(clock.held(), 1, 'virtual time stands still meanwhile')
    const [rated, rows, letGo] = await rating
    t.same([rated, rows], [expected.rated, encodeShard(new CopyWriter(), expected, terms)])
    letGo()
    t.equal(clock.held(), 0)
    t.same(await worker.rate(shard()), expected.rated)
  }
})

t.test('a defect in the thread reaches the caller', async (t) => {
  const clock = createStillClock(0)
  const worker = createRatingWorker(clock)
  t.teardown(() => worker.close())
  const cut = shard().usages.slice(0, -1)
  await t.rejects(worker.rate({ ...shard(), usages: cut }), {
    message: 'packed usages of 3 accounts have their length',
  })
  t.equal(clock.held(), 0)
})
