import type { Endpoint } from '../../domain/runtime.js'
import { type ConcentratorProfile, topicOf } from '../../protocols/concentrator/topic-template.js'

/** Where the utility's devices can be reached. */
export interface UtilityEndpoints {
  /** Of each serial line and each Modbus gateway, by line code. */
  readonly lines: ReadonlyMap<string, Endpoint>
  readonly broker: Endpoint
}

/** Rate of the RS-485 lines, 8E1. */
export const serialBaud = 2400

export const concentratorProfile: ConcentratorProfile = {
  name: 'demo',
  topics: { up: 'metering/{concentrator}/up', receipt: 'metering/{concentrator}/receipt' },
}

/** Topics of one concentrator: it publishes uploads on `upload` and hears receipts on `receipt`. */
export function topicsOf(concentrator: string): { readonly upload: string; readonly receipt: string } {
  const { up, receipt } = concentratorProfile.topics
  return { upload: topicOf(up, concentrator), receipt: topicOf(receipt, concentrator) }
}

export function brokerUrlOf({ host, port }: Endpoint): string {
  return `mqtt://${host}:${port}`
}
