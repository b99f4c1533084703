import t from 'tap'
import { truthFileOf } from '../../../simulators/truth/write-truth.js'
import { describeUtility } from '../../../simulators/utility/describe-utility.js'

const small = { meters: 16 }

t.test('the same seed gives the same bytes, another seed others', async (t) => {
  const text = truthFileOf(describeUtility({ seed: 1, ...small }))
  t.equal(truthFileOf(describeUtility({ seed: 1, ...small })), text)
  t.not(truthFileOf(describeUtility({ seed: 2, ...small })), text)
})

t.test('there is one due point for each midnight at which a meter is installed', async (t) => {
  const description = describeUtility({ seed: 1, ...small })
  const lines = entriesOf(truthFileOf(description))
  const due = lines.filter((line) => line.kind === 'registers' && line.due === true)
  t.equal(due.length, 16 * 32)
  const ofNewMeter = due.filter(({ meter }) => meter === description.exchange.newMeter.entry.code)
  t.equal(ofNewMeter.length, 16)
})

t.test('an exchange leaves two segments, a transfer two settlements', async (t) => {
  const { exchange, transfer, points } = describeUtility({ seed: 1, ...small })
  const settlements = entriesOf(truthFileOf(describeUtility({ seed: 1, ...small }))).filter(
    ({ kind }) => kind === 'settlement',
  )
  const accountAt = (usagePoint: string) => points.find((point) => point.usagePoint === usagePoint)?.account.code
  const segmentsOf = (account: string | undefined) =>
    settlements.filter((settlement) => settlement.account === account).map(({ segments }) => segments?.length)
  t.equal(settlements.length, 17)
  t.same(segmentsOf(accountAt(exchange.usagePoint)), [2])
  const old = settlements.find(({ account }) => account === accountAt(transfer.usagePoint))
  const taken = settlements.find(({ account }) => account === transfer.account.code)
  t.match(old, { settlement: 'transfer', periodEnd: transfer.at, ladderFrom: '2026-01-01' })
  t.match(taken, { settlement: 'regular', periodStart: transfer.at, ladderFrom: '2026-07-18', openingLadderE4: '0' })
})

interface Entry {
  readonly kind: string
  readonly due?: boolean
  readonly meter?: string
  readonly account?: string
  readonly segments?: readonly unknown[]
}

function entriesOf(text: string): readonly Entry[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Entry => JSON.parse(line))
}
