import { memoryLimitPages } from './wasm-assembler.js'

/** Memory of a kernel, shared with the thread that reads days into it: nothing is handed over, nothing is copied. It grows in place. */
export type KernelMemory = WebAssemblyMemory

const pageBytes = 65_536

export function createKernelMemory(): KernelMemory {
  return new WebAssembly.Memory({ initial: 1, maximum: memoryLimitPages, shared: true })
}

/** So many bytes from the beginning. What a view taken before shows stays what it was. */
export function reserve(memory: KernelMemory, bytes: number): void {
  const lacking = bytes - memory.buffer.byteLength
  if (lacking > 0) memory.grow(Math.ceil(lacking / pageBytes))
}

/** Energies of days that come by COPY, each row with as many bytes before and behind them, then begin at whole numbers of 16 bytes. */
const daysAt = 1

/** Room at the beginning of a memory for the bytes of a COPY of interval days. */
export function roomForDays(memory: KernelMemory): (bytes: number) => Uint8Array {
  return (bytes) => {
    reserve(memory, daysAt + bytes)
    return new Uint8Array(memory.buffer, daysAt)
  }
}
