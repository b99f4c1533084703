import t from 'tap'
import { dayMs } from '../../../domain/time.js'
import type { OpenRead } from '../../../headend/acquisition/line-reader.js'
import { inOrderOfTrying } from '../../../headend/acquisition/order-of-trying.js'

function due(meterId: number, day: number, more: Partial<OpenRead> = {}): OpenRead {
  return { meterId: BigInt(meterId), readAt: day * dayMs, communicationAddress: '', model: '', ...more }
}
const names = (all: readonly OpenRead[]) => all.map(({ meterId, readAt }) => `${meterId}@${readAt / dayMs}`).join(' ')

t.test('the newest midnight of all meters comes before anybody’s backlog, newest first', async (t) => {
  t.equal(names(inOrderOfTrying([due(1, -2), due(2, 0), due(1, 0), due(1, -1)])), '1@0 2@0 1@-1 1@-2')
})

t.test('what bills wait for goes first', async (t) => {
  t.equal(names(inOrderOfTrying([due(1, 0), due(2, -3, { rank: -1 }), due(2, 0)])), '2@-3 1@0 2@0')
})

t.test('a pass changes the parity of the port once, and ends where the next one begins', async (t) => {
  const all = [due(1, 0), due(2, 0), due(1, -1), due(2, -1), due(3, -1), due(3, 0)]
  const parityOf = ({ meterId }: OpenRead) => (meterId === 2n ? 'none' : 'even')
  t.equal(names(inOrderOfTrying(all, parityOf)), '1@0 3@0 2@0 2@-1 1@-1 3@-1')
})
