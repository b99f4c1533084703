import { defaultReadLadder, type ReadLadder } from '../../domain/read-ladder.js'
import { dayMs, hourMs, type Instant, minuteMs } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { type DueWindows, usualWindows } from '../../storage/headend/due-windows.js'
import type { CollectionPlan, PlanTemplate } from '../plan/plan-document.js'
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
  const { daily_freeze: retryMs } = windowsOfPlan(plan)
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

/** When the last windows are over, after the instant that is due. */
export function windowsOfPlan(plan: CollectionPlan): DueWindows {
  const freezes = windowMs(plan, ({ reads }) => reads === 'daily_freeze') ?? usualWindows.daily_freeze
  return {
    daily_freeze: freezes,
    noted_registers: freezes,
    monthly_set: windowMs(plan, ({ reads }) => reads === 'monthly_set') ?? usualWindows.monthly_set,
    curve_day:
      windowMs(plan, (template) => template.reads === 'curve' && template.curve === 'load_energy') ??
      usualWindows.curve_day,
  }
}

/** Null where no schedule reads such a template. */
function windowMs({ templates, schedules }: CollectionPlan, reads: (template: PlanTemplate) => boolean): number | null {
  const wanted = new Set(templates.filter(reads).map(({ name }) => name))
  const closes = schedules.filter(({ template }) => wanted.has(template)).map(({ window }) => window.closesMinutes)
  return closes.length === 0 ? null : Math.max(...closes) * minuteMs
}
