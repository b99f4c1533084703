import type { CorrectionChange } from '../../domain/registry-correction.js'
import type { Instant } from '../../domain/time.js'
import { redoAfterCorrection } from '../../mdm/corrections/redo-after-correction.js'
import type { Redone } from '../../mdm/corrections/redo-what-rests.js'
import type { BilledDifference } from '../../storage/mdm/billed-differences.js'
import { correctionsToFollowUp } from '../../storage/registry/corrections.js'
import { findTimeZone } from '../../storage/registry/as-of.js'
import type { Io } from '../cli/io.js'
import { withDatabase } from '../cli/session.js'
import { billedOfPeriods } from '../determinants/billed-of-periods.js'
import { layLatePoints } from './lay-late-points.js'

export interface WhatFollowed {
  readonly redone: Redone
  /** Due points that it made; null: it makes none. */
  readonly laid: number | null
  readonly timeZone: string
  /** Issued bills that the freezes after it no longer agree with. */
  readonly billed: readonly BilledDifference[]
}

/** Everything that follows from a correction in effect; a repetition makes up for a crash in between. */
export async function redoCorrection(
  io: Io,
  change: CorrectionChange,
  stamp: { readonly actor: string; readonly now: Instant },
): Promise<WhatFollowed> {
  const laid = await layLatePoints(io)
  return withDatabase(io, 'mdm', async (mdm) => {
    const redone = await redoAfterCorrection(mdm, change, stamp)
    const billed = await billedOfPeriods(mdm, redone.periods)
    return { redone, laid, billed, timeZone: (await findTimeZone(mdm, codeOf(change))) ?? 'Asia/Shanghai' }
  })
}

/** Corrections that took effect, and whoever was to do anew what rests on them was interrupted. */
export async function redoInterrupted(
  io: Io,
  stamp: { readonly actor: string; readonly now: Instant },
): Promise<readonly WhatFollowed[]> {
  const changes = await withDatabase(io, 'mdm', (mdm) => correctionsToFollowUp(mdm))
  const followed: WhatFollowed[] = []
  for (const change of changes) followed.push(await redoCorrection(io, change, stamp))
  return followed
}

export function codeOf({ of }: CorrectionChange): string {
  if ('usagePoint' in of) return of.usagePoint
  return of.kind === 'agreement' ? of.account : of.meter
}
