import type { Field } from './field.js'
import { digits, hex } from './text-fields.js'

/** PA: the lower, the more rights. 96 and 98 carry cipher text, 97 and 99 plain data with a MAC. */
export const level: Field = { name: 'level', type: digits(1) }
export const password: Field = { name: 'password', type: digits(3) }
/** C0 to C3: who writes, kept by the meter in its records. */
export const operator: Field = { name: 'operator', type: digits(4) }
export const mac: Field = { name: 'mac', type: hex(4) }

/** What a write of the 2007 edition begins with. */
export const credentials: readonly Field[] = [level, password, operator]

const cipherLevels: ReadonlySet<number> = new Set([0x96, 0x98])
const macLevels: ReadonlySet<number> = new Set([0x97, 0x99])

/** How the data behind the credentials are protected, by their first byte, the level. */
export function protectionOf(payload: Buffer): 'none' | 'cipher' | 'mac' {
  const first = payload[0] ?? 0
  if (cipherLevels.has(first)) return 'cipher'
  return macLevels.has(first) ? 'mac' : 'none'
}
