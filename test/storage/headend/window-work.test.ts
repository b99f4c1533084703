import t from 'tap'
import { claimWindow, countWindows, type NewWindow, scheduleWindows } from '../../../storage/headend/window-work.js'
import { putOffWork } from '../../../storage/work/long-work.js'
import { withDatabase } from '../../support/database.js'

const now = Date.UTC(2026, 2, 1)
const limits = { device: 2, carriers: { mobile: 1 }, yieldsEvery: 2 }
const window = (line: string, more: Partial<NewWindow> = {}): NewWindow => ({
  schedule: 's',
  line,
  device: line,
  carrier: null,
  dueAt: now,
  start: now,
  ...more,
})

async function planned(t: Parameters<typeof withDatabase>[0], windows: readonly NewWindow[]) {
  const database = (await withDatabase(t)).as('headend')
  await scheduleWindows(database, windows, now)
  const take = async (at = now) => {
    const item = await claimWindow(database, { now: at, leaseMs: 1000, limits })
    return item === null ? null : { ...item, line: item.naturalKey.split('/')[1] }
  }
  return { database, take }
}

t.test('windows behind one device are taken up to its limit, others go by', async (t) => {
  const { take } = await planned(t, [
    window('a', { device: 'host' }),
    window('b', { device: 'host' }),
    window('c', { device: 'host' }),
    window('d'),
  ])
  t.same([(await take())?.line, (await take())?.line, (await take())?.line, await take()], ['a', 'b', 'd', null])
  t.equal((await take(now + 1000))?.line, 'a', 'the dead leave their places')
})

t.test('a carrier has its limit over all devices', async (t) => {
  const { take } = await planned(t, [
    window('a', { carrier: 'mobile' }),
    window('b', { carrier: 'mobile' }),
    window('c'),
  ])
  t.same([(await take())?.line, (await take())?.line, await take()], ['a', 'c', null])
})

t.test('a line has one window at a time, whatever the schedule', async (t) => {
  const { take, database } = await planned(t, [window('a'), window('a', { schedule: 'z' })])
  const first = await take()
  t.equal(await take(), null)
  if (first !== null) await putOffWork(database, first, { now, dueAt: now + 9999, detail: 'open' })
  t.match(await take(), { naturalKey: /^z\/a\// })
})

t.test('windows that were tried often let those go first that were not', async (t) => {
  const { take, database } = await planned(t, [window('a'), window('b', { start: now + 5 })])
  for (let tries = 0; tries < 2; tries += 1) {
    const item = await take(now + tries)
    if (item?.line === 'a') await putOffWork(database, item, { now, dueAt: now + tries + 1, detail: 'line down' })
  }
  t.equal((await take(now + 10))?.line, 'b', 'two tries cost a rank')
  t.equal((await take(now + 10))?.line, 'a')
})

t.test('nodes that claim at once never take one place twice', async (t) => {
  const { take } = await planned(
    t,
    ['a', 'b', 'c', 'd', 'e'].map((line) => window(line, { device: 'host' })),
  )
  const taken = await Promise.all(Array.from({ length: 4 }, () => take()))
  t.equal(taken.filter((item) => item !== null).length, limits.device)
})

t.test('what runs, waits and is late can be counted; putting windows on the list again changes nothing', async (t) => {
  const { take, database } = await planned(t, [window('a'), window('b'), window('c', { start: now + 100 })])
  await take()
  t.equal(await scheduleWindows(database, [window('a')], now), 0)
  t.same(await countWindows(database, now, 10), { running: 1, waiting: 1, late: 0 })
  t.same(await countWindows(database, now + 500, 450), { running: 1, waiting: 2, late: 1 })
})
