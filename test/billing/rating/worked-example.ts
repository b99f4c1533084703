import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Bill } from '../../../billing/rating/bill.js'
import { rateUsage, type RatingProblem } from '../../../billing/rating/rate-usage.js'
import { usageDocumentSchema } from '../../../billing/rating/usage/usage-schema.js'
import { parseDocument } from '../../../billing/tariffs/components/parse-document.js'
import type { ComponentTariff } from '../../../billing/tariffs/components/tariff-schema.js'
import { formatRounded, parseRational, sum, zero } from '../../../domain/rational.js'
import { invariant, type Result } from '../../../domain/result.js'

const lineSchema = z.strictObject({
  component: z.string(),
  slot: z.string().nullable(),
  block: z.int().nullable(),
  quantity: z.string(),
  unitPrice: z.string(),
  amountExact: z.string(),
  amount: z.string(),
})

/** What an example comes to, worked out apart from the program: quantity × price as fractions, each line half up. */
const expectedSchema = z.strictObject({
  claim: z.string(),
  tariff: z.string(),
  refused: z.strictObject({ kind: z.string(), path: z.string() }).optional(),
  lines: z.array(lineSchema).optional(),
  total: z.string().optional(),
  quantities: z.record(z.string(), z.string()).optional(),
})
type Expected = z.infer<typeof expectedSchema>

export interface WorkedExample {
  readonly name: string
  readonly expected: Expected
  readonly rate: (tariff: ComponentTariff) => Result<Bill, RatingProblem>
}

/** The examples of a folder: `NAME.usage.json` and `NAME.expected.json` each. */
export function workedExamples(folder: string): readonly WorkedExample[] {
  const names = readdirSync(folder)
    .sort()
    .flatMap((file) => /^(.+)\.expected\.json$/.exec(file)?.[1] ?? [])
  return names.map((name) => {
    const read = (part: string): unknown => JSON.parse(readFileSync(join(folder, `${name}.${part}.json`), 'utf8'))
    const usage = parseDocument(usageDocumentSchema, read('usage'))
    invariant(usage.ok, `${name}: ${JSON.stringify(usage)}`)
    return { name, expected: expectedSchema.parse(read('expected')), rate: (tariff) => rateUsage(tariff, usage.value) }
  })
}

/** A bill in the words of what is expected of it: lines of all its periods, their sum, the quantities that are asked for. */
export function shownAs({ quantities }: Expected, bill: Bill): Pick<Expected, 'lines' | 'total' | 'quantities'> {
  const lines = bill.periods.flatMap((period) => period.lines).map((line) => lineSchema.strip().parse(line))
  const totals = bill.periods.map(({ totals: { amount } }) => parseRational(amount) ?? zero)
  const derived = bill.periods.flatMap((period) => period.quantities)
  const valueOf = (name: string) => derived.find((one) => one.name === name && one.slot === null)?.value ?? 'none'
  return {
    lines,
    total: formatRounded(sum(totals), 2),
    ...(quantities === undefined
      ? {}
      : { quantities: Object.fromEntries(Object.keys(quantities).map((name) => [name, valueOf(name)])) }),
  }
}
