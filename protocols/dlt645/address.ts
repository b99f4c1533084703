import { err, ok, type Result } from '../../domain/result.js'
import type { Edition } from './data-item.js'

/** Every meter answers; for lines with one meter only. */
export const wildcardAddress = 'AAAAAAAAAAAA'
/** Every meter obeys and none answers. */
export const broadcastAddress = '999999999999'

const addressDigits = 12
const anyPair = 'AA'

/**
 * The communication address of a printed number. Short numbers are filled up at the high end: with zeros in the 2007 edition,
 * with AAH in the 1997 one, where an odd digit is completed by a zero first.
 */
export function parseAddress(printed: string, edition: Edition): Result<string, { readonly kind: 'address_invalid' }> {
  const text = printed.trim().toUpperCase()
  if (!/^(?:AA)*\d{0,12}$/.test(text) || text.length === 0 || text.length > addressDigits)
    return err({ kind: 'address_invalid' })
  const even = text.length % 2 === 0 ? text : `0${text}`
  return ok(even.padStart(addressDigits, edition === '2007' ? '0' : 'A'))
}

/** True when a request to `called` is meant for the meter: AA at the high end stands for bytes that are not compared. */
export function isCalled(called: string, meter: string): boolean {
  if (called === broadcastAddress) return true
  const compared = called.replace(/^(?:AA)+/, '')
  return !compared.includes(anyPair) && meter.endsWith(compared)
}

/** True for an address that may reach more than one meter, so that nothing irreversible may be sent to it. */
export function reachesMany(called: string): boolean {
  return called === broadcastAddress || called.startsWith(anyPair)
}

/**
 * The same number called as meters want it that are filled up with AAH at the high end: whole zero bytes there become AAH, at least
 * one byte stays. A number that has all its digits stays as it is.
 */
export function paddedWithAny(address: string): string {
  const zeros = /^(?:00){0,5}/.exec(address)?.[0].length ?? 0
  return anyPair.repeat(zeros / 2) + address.slice(zeros)
}
