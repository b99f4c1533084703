import { execFileSync } from 'node:child_process'
import t from 'tap'
import { z } from 'zod'
import { rateUsage } from '../../billing/rating/rate-usage.js'
import { usageDocumentSchema } from '../../billing/rating/usage/usage-schema.js'
import { parseComponentTariff, parseDocument } from '../../billing/tariffs/components/parse-document.js'
import { parseRational, subtract } from '../../domain/rational.js'
import { present } from '../../domain/result.js'
import { type RatingCase, ratingCase } from './rating-cases.js'
import { requireTool, sourceOf } from './tools.js'

/** SHUANGWU_RATING_CASES=20000 for a long run, SHUANGWU_RATING_SEED for another one. */
const count = Number(process.env['SHUANGWU_RATING_CASES'] ?? 600)
const seed = Number(process.env['SHUANGWU_RATING_SEED'] ?? 6)
const batchSize = 200
const python = requireTool('python3', 'python3')

const answerSchema = z.array(
  z.array(
    z.strictObject({
      exact: z.string(),
      amount: z.string(),
      byComponent: z.record(z.string(), z.tuple([z.string(), z.string()])),
    }),
  ),
)
type Answer = z.infer<typeof answerSchema>[number]

function askOracle(cases: readonly RatingCase[]): readonly Answer[] {
  const answer = execFileSync(python, [sourceOf('rating-oracle.py')], {
    input: JSON.stringify(cases),
    maxBuffer: 1 << 28,
  })
  return answerSchema.parse(JSON.parse(answer.toString()))
}

/** What rating says, or why not. */
function rate({ tariff, usage }: RatingCase): Answer | string {
  const [parsedTariff, parsedUsage] = [parseComponentTariff(tariff), parseDocument(usageDocumentSchema, usage)]
  if (!parsedTariff.ok) return JSON.stringify(parsedTariff.error)
  if (!parsedUsage.ok) return JSON.stringify(parsedUsage.error)
  const bill = rateUsage(parsedTariff.value, parsedUsage.value)
  if (!bill.ok) return JSON.stringify(bill.error)
  return bill.value.periods.map(({ totals }) => ({
    exact: totals.exact,
    amount: totals.amount,
    byComponent: Object.fromEntries(
      totals.byComponent.map(({ component, exact, amount }): [string, [string, string]] => [
        component,
        [exact, amount],
      ]),
    ),
  }))
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => present(parseRational(text), text))
  return left !== undefined && right !== undefined && subtract(left, right).n === 0n
}

/** Components that charge nothing in sum may be listed or not. */
function differs(ours: Answer | string, theirs: Answer): boolean {
  if (typeof ours === 'string' || ours.length !== theirs.length) return true
  return ours.some((period, index) => {
    const other = present(theirs[index], 'a period')
    const codes = new Set([...Object.keys(period.byComponent), ...Object.keys(other.byComponent)])
    const [ourOf, theirOf] = [period, other].map(
      ({ byComponent }) =>
        (code: string) =>
          byComponent[code] ?? ['0', '0'],
    )
    return (
      !isEqual(period.exact, other.exact) ||
      !isEqual(period.amount, other.amount) ||
      [...codes].some((code) => {
        const [[exact, amount], [otherExact, otherAmount]] = [
          present(ourOf, 'ours')(code),
          present(theirOf, 'theirs')(code),
        ]
        return !isEqual(exact, otherExact) || !isEqual(amount, otherAmount)
      })
    )
  })
}

t.test(`${count} random bills of seed ${seed} are those of a second program in Python's fractions`, async (t) => {
  const differing: { readonly index: number; readonly ours: unknown; readonly theirs: unknown }[] = []
  let periods = 0
  for (let first = 0; first < count; first += batchSize) {
    const cases = Array.from({ length: Math.min(batchSize, count - first) }, (_, index) =>
      ratingCase(seed, first + index),
    )
    const answers = askOracle(cases)
    for (const [index, one] of cases.entries()) {
      const [ours, theirs] = [rate(one), present(answers[index], 'an answer')]
      periods += theirs.length
      if (differs(ours, theirs)) differing.push({ index: first + index, ours, theirs })
    }
  }
  t.comment(`${periods} periods`)
  t.ok(periods > count, 'some cases have several periods')
  t.equal(differing.length, 0, `${differing.length} of ${count} differ`)
  t.same(differing.slice(0, 3), [])
})
