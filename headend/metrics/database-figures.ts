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
  // Asked before anybody looks, so that the first look finds something.
  paper()
  fields()
  const gauge = (name: string, help: string, label: string, look: () => readonly LabelledCount[] | undefined) =>
    new Gauge({
      name: `shuangwu_headend_${name}`,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        const rows = look()
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
    () => paper()?.approvalsWaiting,
  )
  gauge(
    'orders',
    'Orders for meters that wait, ended unused within a day, or were used with a fate nobody knows yet',
    'state',
    () => paper()?.orders,
  )
  gauge('concentrators', 'Concentrators, by whether they are there', 'state', () => paper()?.concentrators)
  gauge(
    'due_points',
    'Daily freezes of the last due midnight, by whether a reading is there; excused ones are open here (ops day tells them apart)',
    'state',
    () => fields()?.duePoints,
  )
  gauge('clocks', 'Meters whose clock was checked within a day, by what it is worth', 'class', () => fields()?.clocks)
  gauge('events', 'Events that meters date within the last day', 'kind', () => fields()?.events)
}

/**
 * The last answer, never waited for: who looks gets what is known and has it asked for anew when it is old, because a question over the
 * whole company may take longer than a scrape. One question at a time, and a failed one is not repeated at once.
 */
function remembered<T>(
  ask: () => Promise<T>,
  { now, ageMs }: { readonly now: () => Instant; readonly ageMs: number },
): () => T | undefined {
  let known: T | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let isAsking = false
  return () => {
    if (!isAsking && now() - askedAt >= ageMs) {
      askedAt = now()
      isAsking = true
      void ask()
        .then(
          (answer) => void (known = answer),
          () => undefined,
        )
        .finally(() => (isAsking = false))
    }
    return known
  }
}
