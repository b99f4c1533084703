import type { Instant } from '../../domain/time.js'
import type { AccountSpan } from '../../storage/headend/account-span.js'
import type { Queryable } from '../../storage/database.js'
import type { DueWindows } from '../../storage/headend/due-windows.js'
import { planInForce } from '../plan/plan-in-force.js'
import { type AccountSettings, spanOf, type SpanWish } from './account-settings.js'
import { windowsOfPlan } from './settings-of-plan.js'

/** The windows of a night: those of the plan that was in force as it began. They stay what they were, whatever plan comes later. */
export async function windowsAt(queryable: Queryable, midnight: Instant): Promise<DueWindows> {
  return windowsOfPlan((await planInForce(queryable, midnight, midnight)).plan)
}

/** A span with the windows of the night that closes it. */
export async function spanAt(queryable: Queryable, settings: AccountSettings, span: SpanWish): Promise<AccountSpan> {
  return spanOf(settings, span, await windowsAt(queryable, span.through))
}
