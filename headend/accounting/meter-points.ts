import { dayMs, type Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import type { DueOutcome } from '../../storage/headend/due-points.js'
import { type GapPoint, gapPoints } from '../../storage/headend/gap-points.js'
import { type MeterDuePoint, meterDuePoints, type MeterSite } from '../../storage/headend/meter-screen.js'
import type { AccountSettings } from './account-settings.js'
import { spanAt } from './account-span.js'
import type { DueCause } from './classify-cause.js'
import type { StandingStep } from './ladder-step.js'
import { standingOf } from './standing.js'

/** What became of one due point of a meter. */
export interface MeterPoint {
  readonly template: string
  readonly readAt: Instant
  readonly outcome: DueOutcome
  /** Null for what was read at the first pass. */
  readonly cause: DueCause | null
  /** Null for points that are settled. */
  readonly step: StandingStep | null
  readonly failedWindows: number
}

/**
 * The due points of a meter in (after, through], the newest first, as the account of their day has them. Days on which everything came
 * at the first pass cost no account.
 */
export async function pointsOfMeter(
  database: Database,
  { meterId, code, crewCode }: MeterSite,
  span: {
    readonly after: Instant
    readonly through: Instant
    readonly now: Instant
    readonly settings: AccountSettings
  },
): Promise<readonly MeterPoint[]> {
  const { after, settings, now } = span
  const points = await meterDuePoints(database, meterId, span)
  const gaps = new Map<string, GapPoint>()
  for (let through = span.through; through > after; through -= dayMs) {
    const day = { after: Math.max(after, through - dayMs), through, asOf: null, now }
    if (!points.some(({ plain, readAt }) => !plain && readAt > day.after && readAt <= day.through)) continue
    const page = { openOnly: false, crew: crewCode, behind: null, limit: 2 ** 31 - 1 }
    for (const gap of await gapPoints(database, await spanAt(database, settings, day), page))
      if (gap.meterCode === code) gaps.set(keyOf(gap), gap)
  }
  return points.map(({ template, readAt }) => {
    const gap = gaps.get(keyOf({ template, readAt }))
    if (gap === undefined) return { template, readAt, outcome: 'first_pass', cause: null, step: null, failedWindows: 0 }
    const { outcome, failedWindows } = gap
    return { template, readAt, outcome, failedWindows, ...standingOf(gap, settings, now) }
  })
}

function keyOf({ template, readAt }: Pick<MeterDuePoint, 'template' | 'readAt'>): string {
  return `${readAt} ${template}`
}
