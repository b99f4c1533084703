import { invariant } from '../../domain/result.js'
import { holding } from '../../domain/runtime.js'
import { addDays, beijing, datesIn, type LocalDate } from '../../domain/time.js'
import { startHeadEnd } from '../../headend/head-end.js'
import { estimateMissing } from '../../mdm/estimation/estimate-missing.js'
import { openFieldOrders } from '../../mdm/field-orders/open-field-orders.js'
import { recordFieldResult } from '../../mdm/field-orders/record-field-result.js'
import { applyRegistryChange } from '../../mdm/registry/apply-registry-change.js'
import { runValidation } from '../../mdm/validation/run-validation.js'
import { crewResults, type FieldOrder } from '../../simulators/utility/field-crew.js'
import { notedRegisters, registryChangesOf } from '../../simulators/utility/registry-changes.js'
import { at, monthEnd, monthStart } from '../../simulators/utility/story-calendar.js'
import type { StageProgress } from '../progress.js'
import { demoNode } from './demo-database.js'
import type { DemoWorld } from './demo-world.js'
import { sleepUntil } from './sleep-until.js'

/** Two windows more than the month has midnights: what the last night missed is still asked for, and then visited. */
const nights: readonly LocalDate[] = datesIn(monthStart, addDays(monthEnd, 3))
export const nightCount = nights.length

const windowOpensHour = 0
const morningHour = 8

/** Reads the daily freezes of the whole month, night by night; what is missed is asked for again, visited, or estimated. */
export async function collectMonth(world: DemoWorld, stage: StageProgress): Promise<void> {
  const { clock, network, databases, field } = world
  const headEnd = await startHeadEnd({ database: databases.headend, clock, network, node: demoNode })
  field.add(headEnd.close)
  let ordered: readonly FieldOrder[] = []
  for (const night of nights) {
    await sleepUntil(clock, at(night, windowOpensHour))
    await headEnd.collectWindow(clock.now())
    await headEnd.uploadsCommitted()
    await sleepUntil(clock, Math.max(clock.now(), at(night, morningHour)))
    ordered = await holding(clock, () => morningOf(world, ordered))
    await recordChanges(world, night)
    stage.advance()
  }
  await field.run()
}

/** The shift at eight: decide what came, book what the crew brought, send the crew where no remote step helps, estimate the rest. */
async function morningOf(world: DemoWorld, ordered: readonly FieldOrder[]): Promise<readonly FieldOrder[]> {
  const { clock, databases, description } = world
  const now = clock.now()
  await runValidation(databases.mdm, { from: at(monthStart), to: now, now })
  for (const visited of crewResults(description, ordered)) {
    const { fieldOrderId, evidence } = visited
    const result =
      visited.outcome === 'read'
        ? ({ outcome: 'read', registers: notedRegisters(visited.registers) } as const)
        : ({ outcome: visited.outcome } as const)
    const recorded = await recordFieldResult(databases.mdm, {
      fieldOrderId,
      result,
      evidence,
      actor: 'crew-1',
      recordedAt: now,
    })
    invariant(recorded.ok, `the result of field order ${fieldOrderId} is taken`)
  }
  await estimateMissing(databases.mdm, { from: at(monthStart), to: now, now })
  return (await openFieldOrders(databases.mdm, { now })).opened
}

/** Master data changes are written down during the day on which the utility learns of them. */
async function recordChanges({ clock, databases, description }: DemoWorld, day: LocalDate): Promise<void> {
  for (const { recordedAt, change } of registryChangesOf(description)) {
    if (beijing.dateAt(recordedAt) !== day) continue
    await sleepUntil(clock, recordedAt)
    const applied = await applyRegistryChange(databases.mdm, change, { actor: 'accountant-1', recordedAt })
    invariant(applied.ok, `the ${change.kind} is taken`)
  }
}
