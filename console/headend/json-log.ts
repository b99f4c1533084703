import type { Clock } from '../../domain/runtime.js'
import type { LogEvent } from '../../headend/node/log.js'

/** One JSON line per event. Connection strings in a reason lose their password. */
export function createJsonLog(clock: Pick<Clock, 'now'>, node: string, write: (line: string) => void): LogEvent {
  return (level, event, details = {}) => {
    const at = new Date(clock.now()).toISOString()
    write(JSON.stringify({ at, level, node, event, ...details }, withoutSecrets))
  }
}

const passwordInUrl = /(\w+:\/\/[^\s:/@]*):[^\s@]*@/g

function withoutSecrets(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  return typeof value === 'string' ? value.replaceAll(passwordInUrl, '$1:***@') : value
}
