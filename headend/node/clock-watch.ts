import { clockSkew, isAgreed, isSkewed, mostSkewMs } from '../../domain/clock-skew.js'
import type { ServerTime } from '../ingest/lease-keeper.js'
import type { LogEvent } from './log.js'

/** Says once that this machine's clock and the database server's differ too much, and once that they agree again. */
export function createClockWatch(log: LogEvent): (heard: ServerTime) => void {
  let wasSkewed = false
  return ({ serverTime, ...between }) => {
    const skew = clockSkew(between, serverTime)
    if (wasSkewed ? !isAgreed(skew) : !isSkewed(skew)) return
    wasSkewed = !wasSkewed
    if (wasSkewed) log('warn', 'clock_skewed', { ...skew, mostSkewMs, reason: howToMend })
    else log('info', 'clock_agrees', { ...skew })
  }
}

const howToMend = '本机与数据库服务器时钟不一致，请检查 NTP · this clock and the database server’s differ, check NTP'
