// A worker process of its own for the doorbell's rig test; `hang` stops for ever in mid-job, after its effect was written.
import type { Clock } from '../../../domain/runtime.js'
import { openDatabase } from '../../../storage/database.js'
import { openDoorbell } from '../../../storage/work/doorbell.js'
import { createStillClock } from '../../support/still-clock.js'

const [url, name, mode] = process.argv.slice(2)
if (url === undefined || name === undefined) throw new Error('usage: worker URL NAME [hang]')
const clock: Clock = { ...createStillClock(0), now: () => Date.now() }
const database = openDatabase({ url, clock })
const doorbell = await openDoorbell({
  url,
  role: 'mdm',
  expireSeconds: 1,
  pollSeconds: 0.5,
  onError: (error) => process.stderr.write(`${error.message}\n`),
})
await doorbell.serve({
  database,
  clock,
  leaseMs: 1000,
  handlers: {
    count: async (item, tx) => {
      await tx.execute('insert into effect (natural_key, worker) values ($1, $2)', [item.naturalKey, name])
      process.stdout.write(`${item.naturalKey}\n`)
      // The process stays alive: a hung promise alone would not keep it, its polling does.
      if (mode === 'hang') await new Promise(() => undefined)
    },
  },
})
process.stdout.write('serving\n')
process.stdin.once('end', () => void doorbell.close().then(() => database.close())).resume()
