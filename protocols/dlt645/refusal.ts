import type { Refusal } from '../inspection/inspected-frame.js'
import { hexOf } from '../hex.js'
import { reverseBytes } from './bcd.js'
import type { Edition } from './data-item.js'
import type { FunctionName } from './control-code.js'

/** Bits 0 to 6 of the error byte in the 2007 edition. */
const refusalReasons = [
  'other',
  'no_such_data',
  'unauthorised',
  'rate_locked',
  'too_many_year_zones',
  'too_many_day_slots',
  'too_many_tariffs',
] as const

/** The same bits in the 1997 edition. */
const olderRefusalReasons = [
  'illegal_data',
  'identifier_wrong',
  'password_wrong',
  'reserved',
  'too_many_year_zones',
  'too_many_day_slots',
  'too_many_tariffs',
] as const

/** Bits of the security error word SERR. */
const securityReasons = [
  'other',
  'repeated_recharge',
  'esam_check_failed',
  'identity_authentication_failed',
  'customer_number_mismatch',
  'recharge_count_wrong',
  'hoarding_limit_exceeded',
] as const

/** Bits of the error word that newer meters give for a relay command under ciphers, before their execution word. */
const relayReasons = [
  'authentication_suspended',
  'mac_wrong',
  'password_wrong',
  'authentication_timed_out',
  'expiry_invalid',
  'keep_power_on',
  'reclose_parameter_wrong',
  'reclose_parameter_wrong',
  'reclose_parameter_wrong',
] as const

export type RefusalReason = (typeof refusalReasons)[number]
type NamedReason = RefusalReason | (typeof olderRefusalReasons | typeof securityReasons | typeof relayReasons)[number]

const errorByte = 1
const errorWord = 2
const twoWords = 4

/** What a refused reply gives as its reasons: one error byte, the security word, or the two words of a relay command. */
export function parseRefusal(edition: Edition, name: FunctionName, payload: Buffer): Refusal {
  const code = hexOf(reverseBytes(payload))
  return { code, reasons: [...new Set(reasonsOf(edition, name, payload))] }
}

function reasonsOf(edition: Edition, name: FunctionName, payload: Buffer): readonly NamedReason[] {
  if (payload.length === errorByte)
    return namedBits(edition === '2007' ? refusalReasons : olderRefusalReasons, payload.readUInt8())
  if (payload.length === errorWord && name === 'authenticate') return namedBits(securityReasons, payload.readUInt16LE())
  if (payload.length === twoWords && name === 'control_relay') return namedBits(relayReasons, payload.readUInt16LE())
  return []
}

/** The error byte of the 2007 edition for some reasons. */
export function refusalByte(reasons: readonly RefusalReason[]): Buffer {
  return Buffer.from([reasons.reduce((sum, reason) => sum | (1 << refusalReasons.indexOf(reason)), 0)])
}

/** The reasons of an error byte of the 2007 edition. */
export function refusalReasonsOf(bits: number): readonly RefusalReason[] {
  return namedBits(refusalReasons, bits)
}

function namedBits<N extends string>(names: readonly N[], bits: number): readonly N[] {
  return names.filter((_, bit) => (bits & (1 << bit)) !== 0)
}
