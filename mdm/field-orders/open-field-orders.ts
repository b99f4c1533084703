import { uuidOf } from '../../domain/ids.js'
import type { Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { type FieldOrder, findExhaustedPoints, insertFieldOrders } from '../../storage/mdm/field-orders.js'
import { defaultFieldOrderPolicy, type FieldOrderPolicy } from './policy.js'

/** Orders a visit (补抄) for each due point whose remote steps are exhausted. The id follows from meter and midnight: once is enough. */
export async function openFieldOrders(
  database: Database,
  { now, policy = defaultFieldOrderPolicy }: { readonly now: Instant; readonly policy?: FieldOrderPolicy },
): Promise<{ readonly opened: readonly FieldOrder[] }> {
  return database.transaction(async (tx) => {
    const points = await findExhaustedPoints(tx, { ...policy, from: now - policy.lookBackMs, now })
    const opened = points.map((point) => ({
      ...point,
      fieldOrderId: fieldOrderId(point.meterCode, point.readAt),
      dueAt: now + policy.dueWithinMs,
    }))
    await insertFieldOrders(tx, opened, now)
    return { opened }
  })
}

/** Natural key of a field order: the meter's code and the midnight that is wanted. */
export function fieldOrderId(meterCode: string, readAt: Instant): string {
  return uuidOf('field_order', meterCode, new Date(readAt).toISOString())
}
