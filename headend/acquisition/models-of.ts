import { type MeterQuirks, quirksOf } from '../../domain/meter-quirks.js'
import type { CollectionPlan } from '../plan/plan-document.js'

/** How meters of a model are spoken to, as the plan says. */
export function modelsOf({ models }: Pick<CollectionPlan, 'models'>): (model: string) => MeterQuirks {
  return (model) => quirksOf(models, model)
}
