import { err, ok } from '../../domain/result.js'
import { isAbsent } from './bcd.js'
import type { ItemFormat } from './item-format.js'

/** Sixteen bits, low byte first. */
export const statusWord: ItemFormat<number> = {
  decode(payload) {
    if (payload.length !== 2) return err({ kind: 'length_mismatch' })
    return isAbsent(payload) ? err({ kind: 'value_absent' }) : ok(payload.readUInt16LE())
  },
  encode(bits) {
    const payload = Buffer.alloc(2)
    payload.writeUInt16LE(bits)
    return payload
  },
}
