import t from 'tap'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { packageRoot } from '../../console/package-root.js'
import { faultNames } from '../../simulators/histories/fault-names.js'
import { createTally, describeTally, falseHoldsPpm, tallyHistories } from '../histories/tally.js'

const histories = 100_000
const mostFalseHoldsPpm = 3000
const seed = 5

// One test that computes for a minute, for several on a busy machine.
t.setTimeout(900_000)

t.test('given a hundred thousand meter histories with known truth', async (t) => {
  const tally = createTally()
  tallyHistories(tally, seed, 0, histories)
  t.comment(`seed ${seed}\n${describeTally(tally)}`)
  const wrong = tally.examples.filter(({ verdict }) => verdict === 'wrong')
  t.same(wrong, [], 'no wrong value is released')
  t.ok(falseHoldsPpm(tally) <= mostFalseHoldsPpm, `${tally.verdicts.false_hold} of ${tally.blameless} held for nothing`)
  const outcomes = (name: string) => Object.values(tally.rows[name] ?? {}).reduce((sum, times) => sum + times, 0)
  t.same(
    faultNames.filter((name) => outcomes(name) < 500),
    [],
    'every fault was planted often',
  )
})

const regressionsSchema = z.array(z.strictObject({ seed: z.int(), number: z.int(), story: z.string() }))

t.test('given the histories that were once answered wrongly', async (t) => {
  const text = readFileSync(join(packageRoot, 'build', 'test', 'histories', 'regressions.json'), 'utf8')
  for (const { seed: found, number, story } of regressionsSchema.parse(JSON.parse(text))) {
    const tally = createTally()
    tallyHistories(tally, found, number, number + 1)
    t.same(tally.examples, [], story)
  }
})
