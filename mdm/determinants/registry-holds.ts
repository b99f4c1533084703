import type { RegistryFault } from '../../storage/mdm/registry-faults.js'
import type { Hold } from './hold.js'

const details: Readonly<Record<RegistryFault['code'], (object: string) => string>> = {
  no_contract_capacity: (tariff) => `large industry under tariff ${tariff} without a contract capacity`,
  parent_without_meter: (point) => `usage point ${point} has parts and no meter`,
  address_twice: (meter) => `another meter on the line answers to the address of meter ${meter}`,
}

/** What the master-data audit calls blocking, as holds: the first fault of each account. Others show when its segments are gone through. */
export function registryHolds(faults: readonly RegistryFault[]): ReadonlyMap<bigint, Hold> {
  const holds = new Map<bigint, Hold>()
  for (const { accountId, code, object } of faults)
    if (!holds.has(accountId)) holds.set(accountId, { kind: code, detail: details[code](object) })
  return holds
}

/** Whether a fault throws doubt on what was measured, so that whoever depends on it waits, too. Else it holds the one account alone. */
export function doubtsQuantity({ kind }: Hold): boolean {
  return kind !== 'no_contract_capacity'
}
