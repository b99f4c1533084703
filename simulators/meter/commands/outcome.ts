import type { RefusalReason } from '../../../protocols/dlt645/refusal.js'

/** What a command came to: data of the good reply, or why not; `ignored` gets no reply at all. */
export type CommandOutcome =
  | { readonly kind: 'done'; readonly payload: Buffer }
  | { readonly kind: 'refused'; readonly reasons: readonly RefusalReason[] }
  | { readonly kind: 'ignored' }

/** Done, with nothing to say about it. */
export const done: CommandOutcome = { kind: 'done', payload: Buffer.alloc(0) }
export const ignored: CommandOutcome = { kind: 'ignored' }

export function refused(...reasons: readonly RefusalReason[]): CommandOutcome {
  return { kind: 'refused', reasons }
}
