import { Gauge, type Registry } from 'prom-client'
import { minuteMs, type Instant } from '../../domain/time.js'
import type { FieldFigures, LabelledCount, PaperFigures } from '../../storage/headend/head-end-figures.js'

/** Asks the database. A failure leaves what was known. */
export interface FigureSources {
  readonly now: () => Instant
  readonly papers: () => Promise<PaperFigures>
  readonly field: () => Promise<FieldFigures>
}

/** Looks at papers cost little; the field is a row for every meter. */
const paperAgeMs = 15_000
const fieldAgeMs = 5 * minuteMs

/** Figures of the whole utility as the database has them, the same from every node. Alert on `max` over nodes. */
export function registerDatabaseFigures(registry: Registry, { now, papers, field }: FigureSources): void {
  const paper = remembered(papers, { now, ageMs: paperAgeMs })
  const fields = remembered(field, { now, ageMs: fieldAgeMs })
  const gauge = (
    name: string,
    help: string,
    label: string,
    look: () => Promise<readonly LabelledCount[] | undefined>,
  ) =>
    new Gauge({
      name: `shuangwu_headend_${name}`,
      help,
      labelNames: [label],
      registers: [registry],
      async collect() {
        const rows = await look()
        if (rows === undefined) return
        // A state in which nothing is any more would stand there for ever.
        this.reset()
        for (const row of rows) this.set({ [label]: row.label }, row.count)
      },
    })
  gauge(
    'approvals_waiting',
    'Proposals that another person has not approved yet',
    'what',
    async () => (await paper())?.approvalsWaiting,
  )
  gauge(
    'orders',
    'Orders for meters that wait, ended unused within a day, or were used with a fate nobody knows yet',
    'state',
    async () => (await paper())?.orders,
  )
  gauge(
    'concentrators',
    'Concentrators, by whether they are there',
    'state',
    async () => (await paper())?.concentrators,
  )
  gauge(
    'due_points',
    'Daily freezes of the last due midnight, by whether a value is there',
    'state',
    async () => (await fields())?.duePoints,
  )
  gauge(
    'clocks',
    'Meters whose clock was checked within a day, by what it is worth',
    'class',
    async () => (await fields())?.clocks,
  )
  gauge('events', 'Events that meters date within the last day', 'kind', async () => (await fields())?.events)
}

/** The last answer, asked for anew when it is old; one question at a time, and a failed one is not repeated at once. */
function remembered<T>(
  ask: () => Promise<T>,
  { now, ageMs }: { readonly now: () => Instant; readonly ageMs: number },
): () => Promise<T | undefined> {
  let known: T | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | null = null
  return async () => {
    if (asking === null && now() - askedAt >= ageMs) {
      askedAt = now()
      asking = ask()
        .then(
          (answer) => void (known = answer),
          () => undefined,
        )
        .finally(() => (asking = null))
    }
    await asking
    return known
  }
}
