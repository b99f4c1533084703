import { createIntervalKernel, type IntervalKernel } from './kernel.js'

/** A kernel with at least so many bytes; the one before is not used any more then. */
export type KernelRoom = (bytes: number) => IntervalKernel

/** Makes a kernel anew only where one with more memory is asked for. */
export function createKernelRoom(): KernelRoom {
  let kernel: IntervalKernel | null = null
  return (bytes) => {
    if (kernel === null || kernel.memory.byteLength < bytes) kernel = createIntervalKernel(bytes)
    return kernel
  }
}
