import type { Endpoint } from '../../domain/runtime.js'
import { present } from '../../domain/result.js'
import { ownEnvelope } from '../../protocols/concentrator/envelope-profiles.js'
import { topicOf } from '../../protocols/concentrator/topic-template.js'

/** Where the utility's devices can be reached. */
export interface UtilityEndpoints {
  /** Of each serial line and each Modbus gateway, by line code. */
  readonly lines: ReadonlyMap<string, Endpoint>
  readonly broker: Endpoint
}

/** Rate of the RS-485 lines, 8E1. */
export const serialBaud = 2400

/** Topics of one concentrator: it publishes uploads on `upload` and hears receipts on `receipt`. */
export function topicsOf(concentrator: string): { readonly upload: string; readonly receipt: string } {
  const { up, receipt } = ownEnvelope.channels
  return {
    upload: topicOf(up.topic, concentrator),
    receipt: topicOf(present(receipt, 'a channel of receipts').topic, concentrator),
  }
}

export function brokerUrlOf({ host, port }: Endpoint): string {
  return `mqtt://${host}:${port}`
}
