import type { CorrectionChange } from '../../domain/registry-correction.js'
import type { Instant } from '../../domain/time.js'
import { redoAfterCorrection } from '../../mdm/corrections/redo-after-correction.js'
import { redoAfterOpening } from '../../mdm/corrections/redo-after-opening.js'
import type { Redone } from '../../mdm/corrections/redo-what-rests.js'
import type { BilledDifference } from '../../storage/mdm/billed-differences.js'
import { correctionsToFollowUp } from '../../storage/registry/corrections.js'
import { openingsToFollowUp } from '../../storage/registry/openings.js'
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

/** What was frozen before a batch of the old books came into force, with the issued bills that no longer agree; null where nothing was. */
export async function redoOpening(
  io: Io,
  code: string,
  stamp: { readonly actor: string; readonly now: Instant },
): Promise<WhatFollowed | null> {
  return withDatabase(io, 'mdm', async (mdm) => {
    const redone = await redoAfterOpening(mdm, code, stamp)
    if (redone === null) return null
    const someAccount = redone.periods.flatMap(({ accounts }) => accounts)[0]?.account
    const timeZone = someAccount === undefined ? null : await findTimeZone(mdm, someAccount)
    const billed = await billedOfPeriods(mdm, redone.periods)
    return { redone, laid: null, billed, timeZone: timeZone ?? 'Asia/Shanghai' }
  })
}

/** Corrections and openings that took effect, and whoever was to do anew what rests on them was interrupted. */
export async function redoInterrupted(
  io: Io,
  stamp: { readonly actor: string; readonly now: Instant },
): Promise<readonly WhatFollowed[]> {
  const changes = await withDatabase(io, 'mdm', (mdm) => correctionsToFollowUp(mdm))
  const followed: WhatFollowed[] = []
  for (const change of changes) followed.push(await redoCorrection(io, change, stamp))
  for (const code of await withDatabase(io, 'mdm', (mdm) => openingsToFollowUp(mdm))) {
    const opened = await redoOpening(io, code, stamp)
    if (opened !== null) followed.push(opened)
  }
  return followed
}

export function codeOf({ of }: CorrectionChange): string {
  if ('usagePoint' in of) return of.usagePoint
  return of.kind === 'agreement' ? of.account : of.meter
}
