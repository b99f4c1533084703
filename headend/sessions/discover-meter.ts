import { unreachable } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import {
  type DiscoveryOptions,
  type DiscoveryStep,
  nextDiscoveryStep,
  type ProbeOutcome,
} from '../../protocols/dlt645/discovery.js'
import { decodeFrame } from '../../protocols/dlt645/frame.js'
import type { ExchangeOutcome } from './dlt645-exchange.js'
import type { Dlt645Line } from './dlt645-line.js'

export type Discovered =
  | Exclude<DiscoveryStep, { kind: 'probe' }>
  /** `reason`: what the attempt to open it met. */
  | { readonly kind: 'line_down'; readonly reason: unknown }

/**
 * Asks an unknown meter in both editions and at several rates which it is. `openAt` opens the line at a rate; it is closed again
 * after each probe, because rate and parity of an open port cannot change.
 */
export async function discoverMeter(
  openAt: (baud: number) => Dlt645Line,
  options: DiscoveryOptions,
  deadline: Instant,
): Promise<Discovered> {
  const outcomes: ProbeOutcome[] = []
  for (;;) {
    const step = nextDiscoveryStep(options, outcomes)
    if (step.kind !== 'probe') return step
    const line = openAt(step.probe.baud)
    try {
      if (!(await line.ready(deadline))) return { kind: 'line_down', reason: line.failure() }
      const { outcome } = await line.exchange(step.probe.request)
      if (outcome.kind === 'line_down' || outcome.kind === 'line_lost') return { kind: 'line_down', reason: null }
      outcomes.push(probeOutcome(outcome))
    } finally {
      line.close()
    }
  }
}

function probeOutcome(outcome: Exclude<ExchangeOutcome, { kind: 'line_down' | 'line_lost' }>): ProbeOutcome {
  switch (outcome.kind) {
    case 'no_reply':
      return { kind: 'silence' }
    case 'damaged':
    case 'wrong_answer':
      return { kind: 'noise' }
    case 'data':
    case 'refused': {
      const decoded = decodeFrame(outcome.bytes)
      return decoded.ok ? { kind: 'frame', frame: decoded.value } : { kind: 'noise' }
    }
    default:
      return unreachable(outcome)
  }
}
