import { cutOffOf } from '../../domain/read-ladder.js'
import { beijing, datesIn, dayMs, type Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { judgedAccounts } from './account-day.js'
import { countsOf, type JudgedAccounts, type JudgedGroup } from './account-levels.js'
import { type AccountSettings, defaultAccountSettings } from './account-settings.js'
import type { DueCause } from './classify-cause.js'
import type { LadderStep } from './ladder-step.js'
import { type LaidDays, laidDays } from './laid-days.js'

/** Open and held points of a period that share a step, a cause and an owner. */
export interface Obstacle {
  readonly step: LadderStep
  readonly cause: DueCause
  readonly crew: string | null
  readonly points: number
  /** The earliest instant by which one of them has to be settled. */
  readonly deadline: Instant
}

interface Unsettled {
  readonly due: number
  readonly open: number
  /** Read, and in doubt: the exception queue has them. */
  readonly held: number
}

export interface CutOff extends Unsettled {
  /** From then on nothing of the period may be open. */
  readonly at: Instant
  /** Registers that people note at exchanges and the like, which are no points of a day. */
  readonly noted: Unsettled
  readonly obstacles: readonly Obstacle[]
  /** Without due points a day looks as if all of it had been read. */
  readonly laid: LaidDays
}

/** Whether the period may be closed: it is over, each of its days was laid down, and nothing is open or held. */
export function isReady({ due, obstacles, laid }: CutOff): boolean {
  return due > 0 && obstacles.length === 0 && laid.notOver === 0 && laid.notLaid.length === 0
}

/** What still stands between a period and its cut-off: every due point without a value, an estimate or an excuse. */
export async function standsInTheWay(
  database: Database,
  period: {
    /** Exclusive: the midnight that opens the period. */
    readonly after: Instant
    /** Inclusive: the midnight that closes it. */
    readonly through: Instant
    readonly asOf: Instant | null
    readonly now: Instant
    readonly settings?: AccountSettings
  },
): Promise<CutOff> {
  const { ladder } = period.settings ?? defaultAccountSettings
  const days: JudgedAccounts[] = []
  const events: JudgedAccounts[] = []
  for (let after = period.after; after < period.through; after += dayMs) {
    const { points, noted } = await judgedAccounts(database, { ...period, after, through: after + dayMs }, 'line')
    days.push(points)
    events.push(noted)
  }
  const dates = datesIn(beijing.dateAt(period.after), beijing.dateAt(period.through))
  return {
    at: cutOffOf(period.through, beijing, ladder),
    ...unsettledOf(days),
    noted: unsettledOf(events),
    obstacles: obstaclesOf([...days, ...events].flatMap(({ gap }) => gap)),
    laid: await laidDays(database, dates, period),
  }
}

function unsettledOf(accounts: readonly JudgedAccounts[]): Unsettled {
  const { due, open, held } = countsOf({
    due: accounts.flatMap((each) => each.due),
    gap: accounts.flatMap((each) => each.gap),
  })
  return { due, open, held }
}

function obstaclesOf(gap: readonly JudgedGroup[]): readonly Obstacle[] {
  const obstacles = new Map<string, Obstacle>()
  for (const { step, cause, crewCode, points } of gap) {
    if (step === null) continue
    const key = `${step.step} ${cause} ${crewCode ?? ''}`
    const known = obstacles.get(key)
    obstacles.set(key, {
      step: step.step,
      cause,
      crew: crewCode,
      points: points + (known?.points ?? 0),
      deadline: Math.min(step.deadline, known?.deadline ?? step.deadline),
    })
  }
  return [...obstacles.values()].sort((a, b) => b.points - a.points || a.deadline - b.deadline)
}
