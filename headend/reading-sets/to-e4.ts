import { present } from '../../domain/result.js'
import { parseScaled } from '../../domain/scaled.js'

/** A field's text at scale e4; null where it is absent. Registers, demands and powers have at most four decimals, so nothing is rounded. */
export function toE4(text: string | null): bigint | null {
  return text === null ? null : present(parseScaled(text, 4), 'a value of at most four decimals')
}
