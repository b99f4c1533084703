import { schedule } from 'node-cron'

/** Calls at the begin of each minute until `stop`. What a blocked loop or a suspended machine missed is not made up for. */
export function everyMinute(act: () => Promise<void>): { readonly stop: () => void } {
  const task = schedule('* * * * *', act, { noOverlap: true, suppressMissedWarning: true })
  return { stop: () => void task.stop() }
}
