import type { NotCompiled } from './not-compiled.js'

/** Thrown anywhere inside the compiler and caught by `compileVersion` alone, as refusals are by `rateUsage`. */
export class NotCompiledError extends Error {
  override readonly name = 'NotCompiledError'
  readonly reason: NotCompiled

  constructor(reason: NotCompiled) {
    super(reason)
    this.reason = reason
  }
}

/** @throws NotCompiledError always. */
export function notCompiled(reason: NotCompiled): never {
  throw new NotCompiledError(reason)
}
