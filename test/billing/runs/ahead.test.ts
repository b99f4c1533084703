import t from 'tap'
import { ahead } from '../../../billing/runs/ahead.js'

t.test('prepares two items ahead of the one at hand, in order', async (t) => {
  const begun: number[] = []
  const walked: string[] = []
  const prepare = (item: number) => {
    begun.push(item)
    return Promise.resolve(`prepared ${item}`)
  }
  for await (const [item, prepared] of ahead([1, 2, 3, 4], prepare)) {
    walked.push(prepared)
    t.same(begun, [1, 2, 3, 4].slice(0, item + 2))
  }
  t.same(walked, ['prepared 1', 'prepared 2', 'prepared 3', 'prepared 4'])
})

t.test('a failed preparation ends the walk when its turn comes, not before', async (t) => {
  const walked: number[] = []
  const prepare = (item: number) => (item === 2 ? Promise.reject(new Error('no inputs')) : Promise.resolve(item))
  const walk = async () => {
    for await (const [item] of ahead([1, 2, 3], prepare)) walked.push(item)
  }
  await t.rejects(walk(), { message: 'no inputs' })
  t.same(walked, [1])
})

t.test('waits for what is being prepared when the work on an item fails', async (t) => {
  let settled = false
  const prepare = async (item: number) => {
    for (let turn = 0; turn < 5 * item; turn++) await Promise.resolve()
    settled = item === 2
    return item
  }
  const walk = async () => {
    for await (const [item] of ahead([1, 2], prepare)) throw new Error(`killed at ${item}`)
  }
  await t.rejects(walk(), { message: 'killed at 1' })
  t.ok(settled)
})
