import { unreachable } from '../../domain/result.js'
import type { Clock, Network } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import { readRequest } from '../../protocols/dlt645/message.js'
import type { LineReader } from '../acquisition/line-reader.js'
import { readFreeze } from '../acquisition/read-freeze.js'
import type { Line } from '../line-settings.js'
import { openDlt645Line } from '../sessions/dlt645-line.js'
import { type ItemOutcome, readItem } from '../sessions/read-item.js'
import { createModbusReader } from '../transports/modbus-tcp.js'

export type TalkingLine = Exclude<Line, { readonly kind: 'mqtt_concentrator' }>

/** One connection to a line, shared by the reads of the plan and those that somebody asks for; calls come one after the other. */
export interface LineSession extends LineReader {
  /** Reads an item of a meter by its identifier; null where the line's protocol has no such items. */
  readonly ask: ((communicationAddress: string, item: string) => Promise<ItemOutcome>) | null
}

export interface LineSessionOptions {
  readonly clock: Clock
  readonly network: Network
  readonly line: TalkingLine
  /** Index 1 of the freeze memory of a meter whose clock is right. */
  readonly newestMidnight: Instant
}

export function openLineSession({ clock, network, line, newestMidnight }: LineSessionOptions): LineSession {
  switch (line.kind) {
    case 'dlt645_tcp': {
      const { settings } = line
      const bus = openDlt645Line({ clock, connect: () => network.connect(settings), settings })
      return {
        ready: bus.ready,
        read: (due) => readFreeze(bus, due, newestMidnight),
        counters: bus.counters,
        close: bus.close,
        ask: (address, item) => readItem(bus, readRequest('2007', address, item)),
      }
    }
    case 'modbus_tcp':
      return { ...createModbusReader({ clock, network, settings: line.settings }), ask: null }
    default:
      return unreachable(line)
  }
}
