import { type Instant, secondMs } from './time.js'

/** How far a machine's clock is behind (−) or ahead (+) of another's; the truth lies within ± uncertaintyMs. */
export interface ClockSkew {
  readonly offsetMs: number
  readonly uncertaintyMs: number
}

/** From here on two machines of one head-end do not agree what time it is: meters are set by whichever of them has the line. */
export const mostSkewMs = secondMs

/** Our clock against one that was read somewhere between two moments of ours. */
export function clockSkew(
  { askedAt, answeredAt }: { readonly askedAt: Instant; readonly answeredAt: Instant },
  shown: Instant,
): ClockSkew {
  return {
    offsetMs: Math.round((askedAt + answeredAt) / 2 - shown),
    uncertaintyMs: Math.ceil((answeredAt - askedAt) / 2) + 1,
  }
}

/** Whether the clocks certainly differ by more than they may. */
export function isSkewed({ offsetMs, uncertaintyMs }: ClockSkew): boolean {
  return Math.abs(offsetMs) - uncertaintyMs > mostSkewMs
}

/** Whether they certainly do not. A slow answer may tell neither. */
export function isAgreed({ offsetMs, uncertaintyMs }: ClockSkew): boolean {
  return Math.abs(offsetMs) + uncertaintyMs <= mostSkewMs
}
