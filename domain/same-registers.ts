import type { RegisterSet } from './reading.js'

export function sameRegisters(a: RegisterSet, b: RegisterSet): boolean {
  return a.totalE4 === b.totalE4 && a.touE4.every((value, index) => value === b.touE4[index])
}
