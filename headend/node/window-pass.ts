import { count } from '../sessions/line-counters.js'
import { templateOf } from '../plan/plan-coverage.js'
import type { PlanSchedule } from '../plan/plan-document.js'
import { collectPass, type PassOptions, type PassReport } from './collect-pass.js'
import { type SetsPassOptions, setsPass } from './sets-pass.js'

export type WindowPassOptions = PassOptions & Pick<SetsPassOptions, 'openLine'>

/** One pass of a window: the daily freezes of forward active energy, the further quantities behind them, or a reading set. */
export async function windowPass(
  schedule: PlanSchedule,
  attempt: number,
  options: WindowPassOptions,
): Promise<PassReport> {
  const template = templateOf(options.plan, schedule.template)
  const windowName = `${schedule.name}/${new Date(options.midnight).toISOString()}/`
  const sets = () => setsPass({ ...options, template, windowName, attempt })
  if (template.reads !== 'daily_freeze') return sets()
  const freezes = await collectPass(options)
  if (template.quantities === undefined || freezes.kind !== 'passed') return freezes
  const further = await sets()
  return {
    ...further,
    due: freezes.due + further.due,
    read: freezes.read + further.read,
    repaired: freezes.repaired,
    open: freezes.open + further.open,
    probeAt: freezes.probeAt ?? null,
    counters: count(freezes.counters, further.counters),
  }
}
