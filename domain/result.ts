/** An expected outcome: either a value or a named error. Noise on a line is an outcome, not an exception. */
export type Result<T, E extends { readonly kind: string }> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E }

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value }
}

export function err<E extends { readonly kind: string }>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error }
}

/** A broken assumption of ours: thrown, never handled as an outcome. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}

export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message)
}

/** For the default branch of a switch over a closed union. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable: ${JSON.stringify(value)}`)
}

/** Narrows an indexed access whose presence an earlier check has proved. */
export function present<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new InvariantError(`missing: ${what}`)
  return value
}
