import type { MeterQuirks } from '../../domain/meter-quirks.js'
import type { Line } from '../line-settings.js'
import { airtimeOf, type PlannedSet } from '../reading-sets/set-airtime.js'
import { silenceMs } from '../sessions/reply-timeout.js'
import { assumedSpeed, estimateAttempt, type LineSpeed } from './airtime.js'

/** FE bytes with which most meters begin their replies. */
const replyWakeUpBytes = 4

/** How long a set is expected to keep a bus, in milliseconds; 0 behind a concentrator, whose bus we do not see. */
export function setCostMs(
  { settings }: Pick<Line, 'settings'>,
  quirks: MeterQuirks,
  planned: PlannedSet,
  measured: Pick<LineSpeed, 'turnaroundMs' | 'lossShare'> | null,
): number {
  if (!('wakeUpBytes' in settings)) return 0
  const { baud, requestGapMs } = settings
  const replyTimeoutMs = quirks.replyTimeoutMs ?? settings.replyTimeoutMs
  const speed: LineSpeed = {
    ...(measured ?? assumedSpeed),
    baud,
    gapMs: quirks.interFrameGapMs ?? requestGapMs,
    silenceMs: silenceMs({ baud, replyTimeoutMs }),
    replyTimeoutMs,
  }
  const wakeUpBytes = quirks.wakeUpBytes ?? settings.wakeUpBytes
  const exchanges = airtimeOf(planned).map(({ requestBytes, replyBytes }) => ({
    requestBytes: wakeUpBytes + requestBytes,
    replyBytes: replyWakeUpBytes + replyBytes,
  }))
  return Math.ceil(estimateAttempt(speed, exchanges, false).attemptMs)
}
