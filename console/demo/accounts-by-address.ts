import type { UtilityDescription } from '../../simulators/utility/description.js'

/** Whose telephone number or mailbox an address is, the customer who moved in among them. */
export function accountsByAddress({ points, transfer }: UtilityDescription): ReadonlyMap<string, string> {
  const accounts = [...points.map(({ account }) => account), transfer.account]
  return new Map(accounts.flatMap(({ code, contacts }) => contacts.map(({ address }) => [address, code] as const)))
}
