import t from 'tap'
import { addDays } from '../../../domain/time.js'
import { peerProfileOf } from '../../../mdm/estimation/peer-profile-of.js'

/** A home whose days are all alike but the last. */
function home(daily: number, last: number, days = 15) {
  let total = 0n
  const usages = Array.from({ length: days }, (_, day) => (day === days - 1 ? last : daily))
  return { firstMidnight: '2026-06-01', totalsE4: [0n, ...usages.map((usage) => (total += BigInt(usage)))] }
}

t.test('the middle one of the peers speaks, each at its own level', async (t) => {
  const profile = peerProfileOf([home(100, 150), home(900, 1350), home(10, 90)])
  t.same(profile.get('2026-06-01'), { shareE4: 10_000n, peers: 3 })
  t.same(profile.get('2026-06-15'), { shareE4: 15_000n, peers: 3 })
})

t.test('empty homes and short histories say nothing, unknown days are left out', async (t) => {
  t.equal(peerProfileOf([home(0, 50), home(100, 100, 13)]).size, 0)
  const { firstMidnight, totalsE4 } = home(100, 150, 20)
  const holed = { firstMidnight, totalsE4: totalsE4.map((total, day) => (day === 19 ? null : total)) }
  const profile = peerProfileOf([holed])
  t.equal(profile.get(addDays(firstMidnight, 18)), undefined)
  t.same(profile.get(addDays(firstMidnight, 17)), { shareE4: 10_000n, peers: 1 })
})
