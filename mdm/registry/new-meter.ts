import type { MeterEntry } from '../../domain/meter-entries.js'
import type { Instant } from '../../domain/time.js'
import type { Transaction } from '../../storage/database.js'
import * as registry from '../../storage/registry/changes.js'
import { insertRegistryRows } from '../../storage/registry/tables.js'

/** The id of the meter to install: a new one, or one in stock that is described the same. Null when it contradicts. */
export async function takeNewMeter(tx: Transaction, entry: MeterEntry, at: Instant): Promise<bigint | null> {
  const there = await registry.findMeter(tx, entry.code)
  if (there !== null) {
    const usable = isDescribedAs(there, entry) && !(await registry.isInstalledFrom(tx, there.meterId, at))
    return usable ? there.meterId : null
  }
  const meterId = await registry.nextMeterId(tx)
  await insertRegistryRows(tx, 'meter', [
    {
      meter_id: meterId,
      code: entry.code,
      protocol: entry.protocol,
      communication_address: entry.communicationAddress,
      model: entry.model,
      register_digits: entry.registerDigits,
      register_decimals: entry.registerDecimals,
    },
  ])
  return meterId
}

/** Whether the registry describes the meter as the change does. */
export function isDescribedAs(
  there: Omit<MeterEntry, 'code' | 'protocol'> & { readonly protocol: string },
  entry: MeterEntry,
): boolean {
  return (
    there.protocol === entry.protocol &&
    there.communicationAddress === entry.communicationAddress &&
    there.model === entry.model &&
    there.registerDigits === entry.registerDigits &&
    there.registerDecimals === entry.registerDecimals
  )
}
