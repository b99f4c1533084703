/** Function code and what follows it, at most. Source: Modbus Application Protocol V1.1b3, section 4.1. */
export const maxPduBytes = 253

/** Largest counts of one message, by function (sections 6.1 to 6.17). */
export const maxBitsPerRead = 2000
export const maxRegistersPerRead = 125
export const maxBitsPerWrite = 1968
export const maxRegistersPerWrite = 123
export const maxRegistersPerReadWrite = 121

/** Addresses are 0 to 65535 on the wire. */
export const addressSpace = 0x1_0000

/** Functions that we understand: those that read and write bits and registers. */
export const modbusFunctions = [1, 2, 3, 4, 5, 6, 15, 16, 22, 23] as const
export type ModbusFunction = (typeof modbusFunctions)[number]

export function isModbusFunction(code: number): code is ModbusFunction {
  return (modbusFunctions as readonly number[]).includes(code)
}
