import t from 'tap'
import { faultNames } from '../../simulators/histories/fault-names.js'
import { createTally, describeTally, falseHoldsPpm, tallyHistories } from '../histories/tally.js'

const histories = 100_000
const mostFalseHoldsPpm = 3000
const seed = 5

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
