import t from 'tap'
import { createSeededRandom } from '../../domain/seeded-random.js'
import { encodeDataReply } from '../../protocols/dlt645/messages-2007.js'
import { createFrameSplitter } from '../../protocols/dlt645/frame-splitter.js'
import { damage } from '../../simulators/line-noise.js'

const frame = encodeDataReply('000000000161', '05060101', Buffer.alloc(20, 0x25))

t.test('a damaged frame never reaches the reader as a frame, and comes in four shapes', async (t) => {
  const random = createSeededRandom(1)
  const lengths = new Map<string, number>()
  for (let counter = 0; counter < 2000; counter += 1) {
    const damaged = damage(frame, random, 'line', counter)
    const splitter = createFrameSplitter()
    const found = [...splitter.push(damaged), ...splitter.timeout()]
    if (found.length > 0) t.fail(`frame ${counter} is whole: ${damaged.toString('hex')}`)
    const change = damaged.length - frame.length
    const shape = change < -1 ? 'truncated' : String(change)
    lengths.set(shape, (lengths.get(shape) ?? 0) + 1)
  }
  t.same([...lengths.keys()].toSorted(), ['-1', '0', '1', 'truncated'])
  for (const count of lengths.values()) t.ok(count > 300)
})

t.test('the same frame is damaged in the same way again', async (t) => {
  const twice = [1, 1].map((seed) => damage(frame, createSeededRandom(seed), 'line', 7).toString('hex'))
  t.equal(twice[0], twice[1])
  t.not(damage(frame, createSeededRandom(2), 'line', 7).toString('hex'), twice[0])
})
