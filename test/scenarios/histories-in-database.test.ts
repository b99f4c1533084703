import t from 'tap'
import { generateHistory } from '../../simulators/histories/generate-history.js'
import { runInDatabase } from '../histories/run-in-database.js'
import { runInMemory } from '../histories/run-in-memory.js'
import { withDatabase } from '../support/database.js'

const histories = Array.from({ length: 400 }, (_, number) => generateHistory(11, number))

t.test(
  'given 400 histories whose claims arrive in portions, the database answers as the run in memory does',
  async (t) => {
    const database = await withDatabase(t)
    const answers = await runInDatabase(database, histories)
    let released = 0
    for (const [index, history] of histories.entries()) {
      const expected = runInMemory(history).map((result) =>
        result.ok ? { released: [...result.value.energiesE4] } : { held: result.error.kind },
      )
      released += expected.filter((answer) => 'released' in answer).length
      t.same(answers[index], expected, `seed ${history.seed} history ${history.number}`)
    }
    t.ok(released > 200 && released < 350, `${released} points of 400 histories are released`)
  },
)
