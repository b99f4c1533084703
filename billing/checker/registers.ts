import { child, type Cursor, decimal, isAbsent } from './cursor.js'
import { Fault, requireEqual } from './fault.js'
import type { Rational } from './rational.js'

/** Names of the registers of a proof, total first. */
export const registerNames = ['total', 'tou1', 'tou2', 'tou3', 'tou4'] as const

/** kWh before the multiplier; null where the meter has no such register. */
export type Registers = readonly (Rational | null)[]

export function readRegisters(cursor: Cursor): Registers {
  return registerNames.map((name) => {
    const register = child(cursor, name)
    return isAbsent(register) ? null : decimal(register)
  })
}

export function requireSameRegisters(node: string, expected: Registers, found: Registers): void {
  for (const [index, name] of registerNames.entries()) {
    const [one, other] = [expected[index] ?? null, found[index] ?? null]
    if (one !== null && other !== null) requireEqual(`${node}.${name}`, one, other)
    else if (one !== other)
      throw new Fault(`${node}.${name}`, one === null ? 'no register' : 'a register', 'the opposite')
  }
}
