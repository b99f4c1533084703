import t from 'tap'
import { type BenchName, benchSizes, parseBenchArguments, usageOf } from '../../bench/bench-sizes.js'
import { benches } from '../../console/cli/commands/bench.js'

t.test('sizes have their usual values, and are whole numbers that leave something to measure', async (t) => {
  for (const [name, args, expected] of [
    ['frames', [], { sizes: { frames: 2_000_000 }, binaries: 'any' }],
    ['field', ['2000', '50', '20'], { sizes: { meters: 2000, perSecond: 50, seconds: 20 } }],
    ['ops-day', ['5000', 'plain'], { sizes: { meters: 5000 }, binaries: 'plain' }],
    ['close', ['--keep'], { sizes: { accounts: 900_000 }, keep: true, curves: false }],
    ['close-components', ['--curves', '5000'], { sizes: { accounts: 5000 }, keep: false, curves: true }],
    ['close', ['--curves'], 'accounts --curves: expected a whole number, at least 1000'],
    ['field', ['2000', '50', '5'], 'seconds 5: expected a whole number, at least 20'],
    ['field', ['abc'], 'meters abc: expected a whole number, at least 200'],
    ['line', ['5', '-1'], 'lines -1: expected a whole number, at least 1'],
    ['frames', ['2000', 'plain'], 'plain: expected frames=2000000 (≥1000)'],
    ['ops-day', ['5000', 'oracle'], 'oracle: expected meters=1000000 (≥1000) plain|timescale'],
    ['ops-day', ['5000', 'plain', '7'], '7: expected meters=1000000 (≥1000) plain|timescale'],
  ] as const) {
    const parsed = parseBenchArguments(name, args)
    t.match(parsed.ok ? parsed.value : parsed.error.reason, expected, `${name} ${args.join(' ')}`)
  }
})

t.test('the command line lists every bench with the arguments that it takes', async (t) => {
  const names = Object.keys(benchSizes) as BenchName[]
  t.same(
    Object.entries(benches).map(([name, { sizes }]) => [name, sizes]),
    names.map((name) => [name, usageOf(name)]),
  )
})
