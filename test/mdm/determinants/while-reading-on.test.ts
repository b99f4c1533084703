import t from 'tap'
import { whileReadingOn } from '../../../mdm/determinants/while-reading-on.js'

/** Hands on some numbers, and keeps what happened. */
function readerOf(items: readonly number[], events: string[]) {
  return async (take: (item: number) => Promise<void>) => {
    for (const item of items) {
      events.push(`read ${item}`)
      await take(item)
    }
  }
}

t.test('works on one item while the next one is read, and on no two at once', async (t) => {
  const events: string[] = []
  const work = async (item: number) => {
    events.push(`begin ${item}`)
    for (let turn = 0; turn < 10; turn++) await Promise.resolve()
    events.push(`end ${item}`)
  }
  await whileReadingOn(work, readerOf([1, 2, 3], events))
  t.same(events, ['read 1', 'begin 1', 'read 2', 'end 1', 'begin 2', 'read 3', 'end 2', 'begin 3', 'end 3'])
})

t.test('a failure of the work ends the reading, also when nothing more comes', async (t) => {
  for (const items of [[1, 2, 3], [1]]) {
    const events: string[] = []
    const work = () => Promise.reject(new Error('no room'))
    await t.rejects(whileReadingOn(work, readerOf(items, events)), { message: 'no room' })
    t.same(events, ['read 1', 'read 2'].slice(0, items.length))
  }
})

t.test('waits for the work at hand when the reading fails', async (t) => {
  let done = false
  const work = async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve()
    done = true
  }
  const read = async (take: (item: number) => Promise<void>) => {
    await take(1)
    throw new Error('cut off')
  }
  await t.rejects(whileReadingOn(work, read), { message: 'cut off' })
  t.ok(done)
})
