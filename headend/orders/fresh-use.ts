import type { LineId } from '../../domain/reading.js'

declare const fresh: unique symbol

/** Proof that a use was committed just now by this process; it is spent once. */
export interface FreshUse {
  readonly [fresh]: true
}

/** What a use was committed for. */
export type UseOf =
  | { readonly kind: 'order'; readonly orderId: string; readonly lineId: LineId }
  | { readonly kind: 'standing'; readonly code: string; readonly version: number; readonly lineId: LineId }

const unspent = new WeakMap<FreshUse, UseOf>()

/** For `use-order.ts` alone, after COMMIT (test/architecture/write-frames.test.ts). */
export function mintUse(of: UseOf): FreshUse {
  const use = Object.freeze({}) as FreshUse
  unspent.set(use, of)
  return use
}

/** What the use was committed for, the first time; null for a use that was spent, or that is none. */
export function spend(use: FreshUse): UseOf | null {
  const of = unspent.get(use) ?? null
  unspent.delete(use)
  return of
}
