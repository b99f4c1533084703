import type { Instant } from '../../domain/time.js'
import { dayMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { type GapPoint, gapPoints } from '../../storage/headend/gap-points.js'
import { type AccountSettings, defaultAccountSettings } from './account-settings.js'
import { spanAt } from './account-span.js'
import { type Standing, standingOf } from './standing.js'

export interface OpenPoint extends GapPoint, Standing {}

/** Behind which point a page begins. */
export interface PageMark {
  readonly readAt: Instant
  readonly meterId: bigint
  /** A meter may owe several things at one instant. */
  readonly template: string
}

export interface OpenPage {
  readonly points: readonly OpenPoint[]
  /** Null on the last page. */
  readonly next: PageMark | null
}

/** How far back open points are looked for: no meter's freeze memory and no billing period reaches further. */
export const openLookBackDays = 62

/** Open points as of an instant, newest first, day by day, so that a page costs no more than the days that fill it. */
export async function openPoints(
  database: Database,
  wish: {
    /** The newest midnight that is looked at. */
    readonly newest: Instant
    readonly asOf: Instant | null
    readonly now: Instant
    /** Null for all, '' for what no crew owns. */
    readonly crew: string | null
    readonly behind: PageMark | null
    readonly limit: number
    /** Instant before which nothing is looked at; `openLookBackDays` before the newest midnight where absent. */
    readonly oldest?: Instant
    readonly settings?: AccountSettings
  },
): Promise<OpenPage> {
  const settings = wish.settings ?? defaultAccountSettings
  const oldest = wish.oldest ?? wish.newest - openLookBackDays * dayMs
  const found: OpenPoint[] = []
  for (let through = newestFor(wish); through > oldest && found.length <= wish.limit; through -= dayMs) {
    const { asOf, now } = wish
    const span = await spanAt(database, settings, { after: through - dayMs, through, asOf, now })
    const page = { openOnly: true, crew: wish.crew, behind: wish.behind, limit: wish.limit + 1 - found.length }
    const points = await gapPoints(database, span, page)
    found.push(...points.map((point) => ({ ...point, ...standingOf(point, settings, wish.asOf ?? wish.now) })))
  }
  const points = found.slice(0, wish.limit)
  const last = points.at(-1)
  return {
    points,
    next:
      found.length > wish.limit && last !== undefined
        ? { readAt: last.readAt, meterId: last.meterId, template: last.template }
        : null,
  }
}

/** The midnight that closes the day in which the page begins. */
function newestFor({ newest, behind }: { readonly newest: Instant; readonly behind: PageMark | null }): Instant {
  if (behind === null || behind.readAt >= newest) return newest
  return newest - Math.floor((newest - behind.readAt) / dayMs) * dayMs
}
