import { defaultReadLadder, type ReadLadder } from '../../domain/read-ladder.js'
import { dayMs, hourMs, type Instant, minuteMs } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import type { CollectionPlan } from '../plan/plan-document.js'
import { type PlanInForce, planInForce } from '../plan/plan-in-force.js'
import { type AccountSettings, defaultAccountSettings } from './account-settings.js'
import { placedCauses } from './classify-cause.js'

/** What the account of an instant is told with: the plan that was in force then, as it was known then. */
export async function accountSettingsAt(queryable: Queryable, at: Instant): Promise<AccountSettings> {
  return settingsOfPlan(await planInForce(queryable, at, at))
}

/** The built-in plan gives the built-in settings. */
export function settingsOfPlan({ revision, plan }: PlanInForce): AccountSettings {
  if (revision === null) return defaultAccountSettings
  const version = `plan/${revision}`
  const behind = placedCauses.filter((cause) => !plan.causes.includes(cause))
  return {
    ...defaultAccountSettings,
    ladder: { version, ...ladderOf(plan) },
    precedence: { version, order: [...plan.causes, ...behind] },
  }
}

/** The night's passes are over with its window; the next night's window back-fills, and a person asks for the rest by name. */
function ladderOf(plan: CollectionPlan): Omit<ReadLadder, 'version'> {
  const { ladder } = plan
  const retryMs = windowMs(plan)
  const backFillMs = dayMs + retryMs
  return {
    retryMs,
    backFillMs,
    onDemandMs: backFillMs + (defaultReadLadder.onDemandMs - defaultReadLadder.backFillMs),
    fieldOrderWindows: ladder.fieldOrderAfterWindows,
    fieldOrderMs: ladder.fieldOrderHours * hourMs,
    estimateMs: ladder.estimateAfterHours * hourMs,
    cutOffMs: ladder.cutOffHours * hourMs,
  }
}

/** When the last daily window of freezes is over, after the instant that is due. */
function windowMs({ templates, schedules }: CollectionPlan): number {
  const freezes = new Set(templates.filter(({ reads }) => reads === 'daily_freeze').map(({ name }) => name))
  const daily = schedules.filter(({ template, every }) => freezes.has(template) && every.unit === 'day')
  if (daily.length === 0) return defaultReadLadder.retryMs
  return Math.max(...daily.map(({ window }) => window.closesMinutes)) * minuteMs
}
