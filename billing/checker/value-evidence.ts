import { bytes, child, type Cursor, decimal, isAbsent, text } from './cursor.js'
import { Fault, requireSame } from './fault.js'
import type { Registers } from './registers.js'
import type { Counted } from './counted.js'

/** Total, then tou1 to tou4. */
const rates = ['00', '01', '02', '03', '04'] as const

/** Registers that a concentrator decoded itself, as JSON of one meter; there are no bytes of the meter behind them. */
export function decodeValues(
  frame: Cursor,
  address: string,
  { byte }: Counted,
): { readonly at: Cursor; readonly registers: Registers } {
  const response = child(frame, 'response')
  const said: Cursor = { value: parse(response), path: response.path }
  requireSame(`${response.path}.meter`, address, text(child(said, 'meter')))
  const kwh = child(said, 'kwh')
  const registers = rates.map((rate) => {
    const register = child(kwh, `00${byte ?? '??'}${rate}00`)
    return isAbsent(register) ? null : decimal(register)
  })
  return { at: child(said, 'at'), registers }
}

function parse(response: Cursor): unknown {
  const words = bytes(response).toString('utf8')
  try {
    return JSON.parse(words)
  } catch {
    throw new Fault(response.path, 'JSON of one meter', words)
  }
}
