/** Exceptions by which a device or gateway refuses. Source: Modbus Application Protocol V1.1b3, section 7. */
export const exceptionCodes = {
  illegal_function: 1,
  illegal_data_address: 2,
  illegal_data_value: 3,
  server_device_failure: 4,
  acknowledge: 5,
  server_device_busy: 6,
  memory_parity_error: 8,
  gateway_path_unavailable: 10,
  gateway_target_silent: 11,
} as const

export type ExceptionName = keyof typeof exceptionCodes

/** Set in the function code of a reply that refuses. */
export const exceptionBit = 0x80

const names = new Map<number, string>(Object.entries(exceptionCodes).map(([name, code]) => [code, name]))

/** Name of an exception code; null for one that the specification does not define. */
export function exceptionNameOf(code: number): ExceptionName | null {
  return (names.get(code) as ExceptionName | undefined) ?? null
}

/** An exception to the function that was asked. */
export function encodeException(functionCode: number, exception: ExceptionName): Buffer {
  return Buffer.from([functionCode | exceptionBit, exceptionCodes[exception]])
}
