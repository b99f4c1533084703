// SHUANGWU_RIG_KILLS and SHUANGWU_RIG_SEED make it longer or another one: npm run test:rig kills 500 times.
import t from 'tap'
import { withDatabase } from '../support/database.js'
import { runKillLoop } from './kill-loop.js'

const kills = Number(process.env['SHUANGWU_RIG_KILLS'] ?? 20)
const seed = Number(process.env['SHUANGWU_RIG_SEED'] ?? 20_261_126)
const sayEvery = 25

await t.test(
  'whatever is killed while concentrators upload, what was acknowledged is stored, once and right',
  async (t) => {
    const outcome = await runKillLoop({
      database: await withDatabase(t),
      folder: t.testdir({}),
      seed,
      kills,
      brokerEvery: 5,
      databaseEvery: 7,
      uploadsPerSecond: 40,
      say: (turn) => turn % sayEvery === 0 && t.comment(`${turn} of ${kills}`),
    })
    const { sent, acked, stored, faults, unconfirmed } = outcome
    t.comment(`seed ${seed}, ${kills} kills: readings sent ${sent}, acknowledged ${acked}, stored ${stored}`)
    t.same(faults, [], `seed ${seed}`)
    t.equal(unconfirmed, false, 'every upload has its receipt in the end')
    t.ok(acked > 10 * kills, `${acked} readings were acknowledged`)
  },
)
