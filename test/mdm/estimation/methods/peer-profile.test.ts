import t from 'tap'
import { peerProfile } from '../../../../mdm/estimation/methods/peer-profile.js'
import { peersOf, seriesOf } from '../../support/estimation-contexts.js'

const usual = 10_000
const days = Array.from({ length: 20 }, () => 10)
const shares = Array.from({ length: 20 }, () => usual)

t.test('follows the neighbours at the point’s own level', async (t) => {
  const cases: readonly (readonly [
    string,
    readonly (number | null)[],
    readonly number[],
    number,
    number,
    bigint | null,
  ])[] = [
    ['neighbours as ever', days, [...shares, usual, usual], 5, 2, 20_0000n],
    ['a heat wave: neighbours half as much again', days, [...shares, 15_000, 15_000], 5, 2, 30_0000n],
    [
      'own days were measured by those of the neighbours',
      days.map(() => 20),
      [...shares.map(() => 20_000), usual],
      5,
      1,
      10_0000n,
    ],
    ['too few neighbours on a missing day', days, [...shares, usual], 2, 1, null],
    ['nothing of the neighbours on a missing day', days, shares, 5, 1, null],
  ]
  for (const [title, own, ofPeers, count, ahead, expected] of cases)
    t.equal(
      peerProfile(seriesOf(own, ahead, { peers: peersOf(own.length, ofPeers, count) }), own.length, ahead),
      expected,
      title,
    )
})
