import fc from 'fast-check'
import t from 'tap'
import { createEntryTally } from '../../../storage/billing/entry-tally.js'

const amount = fc
  .oneof(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.bigInt({ min: -1000n, max: 1000n }))
  .filter((fen) => fen !== 0n)
const leg = fc.tuple(fc.constantFrom(1002, 1122, 2221, 6001), amount)
const entry = fc.tuple(fc.option(fc.bigInt({ min: 1n, max: 10n ** 9n })), fc.array(leg, { minLength: 2, maxLength: 6 }))

t.test('what entries come to by account, wherever the pieces of their lines end', async (t) => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 20 }), fc.integer({ min: 1, max: 40 }), (entries, pieceBytes) => {
      const lines = entries.map(([account, legs], ordinal) => {
        const lists = [legs.map(([number]) => number), legs.map(([, fen]) => fen)]
        return `${ordinal} 2026-07-03 bill ${account ?? ''} ${lists.map((list) => list.join(',')).join(' ')}\n`
      })
      const bytes = Buffer.from(lines.join(''))
      const tally = createEntryTally()
      for (let at = 0; at < bytes.length; at += pieceBytes) tally.push(bytes.subarray(at, at + pieceBytes))
      const legs = entries.flatMap(([, own]) => own)
      const numbers = [...new Set(legs.map(([number]) => number))].toSorted((one, other) => one - other)
      const sumOf = (number: number, sign: bigint) =>
        legs.reduce((sum, [own, fen]) => (own === number && fen * sign > 0n ? sum + fen * sign : sum), 0n)
      const balances = numbers.map((number) => ({
        accountNumber: number,
        debitFen: sumOf(number, 1n),
        creditFen: sumOf(number, -1n),
      }))
      t.strictSame(tally.result(), { count: entries.length, balances })
    }),
    { seed: 20260703, numRuns: 100 },
  )
})
