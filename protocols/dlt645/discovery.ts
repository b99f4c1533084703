import { wildcardAddress } from './address.js'
import type { Edition } from './data-item.js'
import type { Frame } from './frame.js'
import { parseMessage, type ReadMessage, readRequest } from './message.js'

/** One question to an unknown meter: in which edition, at which rate (8E1). */
export interface DiscoveryProbe {
  readonly edition: Edition
  readonly baud: number
  readonly request: ReadMessage
}

export type ProbeOutcome =
  | { readonly kind: 'frame'; readonly frame: Frame }
  /** Bytes came that were no frame: another rate or parity, or several meters at once. */
  | { readonly kind: 'noise' }
  | { readonly kind: 'silence' }

export type DiscoveryStep =
  | { readonly kind: 'probe'; readonly probe: DiscoveryProbe }
  | { readonly kind: 'found'; readonly edition: Edition; readonly baud: number; readonly address: string }
  /** All probes are through; `heardNoise` says that somebody is there whom no probe suited. */
  | { readonly kind: 'not_found'; readonly heardNoise: boolean }

export interface DiscoveryOptions {
  /** The meter's number where it is known; without it the line must have one meter only. */
  readonly address?: string
  /** Rates to try, the likely ones first. */
  readonly bauds?: Readonly<Record<Edition, readonly number[]>>
}

/** RS-485 ports usually leave the factory at 2400 (2007) and 1200 (1997); panel meters and gateways often use 9600. */
const usualBauds: Readonly<Record<Edition, readonly number[]>> = { '2007': [2400, 9600], '1997': [1200, 2400] }
const nothing = Buffer.alloc(0)

/** The questions in the order in which they are asked: the newer edition first, since most meters are. */
export function discoveryProbes({
  address = wildcardAddress,
  bauds = usualBauds,
}: DiscoveryOptions): readonly DiscoveryProbe[] {
  return [
    ...bauds['2007'].map((baud) => ({ edition: '2007' as const, baud, request: firstQuestion2007(address) })),
    ...bauds['1997'].map((baud) => ({ edition: '1997' as const, baud, request: readRequest('1997', address, '9010') })),
  ]
}

/** Only a wildcard may ask for the address itself; a known meter is asked for its register. */
function firstQuestion2007(address: string): ReadMessage {
  if (address !== wildcardAddress) return readRequest('2007', address, '00010000')
  return {
    edition: '2007',
    address,
    direction: 'request',
    function: 'read_address',
    outcome: 'good',
    dataIdentifier: null,
    payload: nothing,
  }
}

/**
 * What to do after the outcomes so far, one for each probe that was asked. A refusal finds a meter as well as a value does: it
 * speaks the edition, whatever it thinks of the item.
 */
export function nextDiscoveryStep(options: DiscoveryOptions, outcomes: readonly ProbeOutcome[]): DiscoveryStep {
  const probes = discoveryProbes(options)
  for (const [index, outcome] of outcomes.entries()) {
    const probe = probes[index]
    const address = probe === undefined || outcome.kind !== 'frame' ? null : answeredBy(probe, outcome.frame)
    if (probe !== undefined && address !== null)
      return { kind: 'found', edition: probe.edition, baud: probe.baud, address }
  }
  const next = probes[outcomes.length]
  if (next !== undefined) return { kind: 'probe', probe: next }
  return { kind: 'not_found', heardNoise: outcomes.some(({ kind }) => kind !== 'silence') }
}

/** Address of the meter whose answer to the probe a frame is; null for an echo or another's talk. */
function answeredBy({ edition, request }: DiscoveryProbe, frame: Frame): string | null {
  const reply = parseMessage(frame, edition)
  if (reply === null || reply.direction === 'request' || reply.function !== request.function) return null
  return request.address === wildcardAddress || reply.address === request.address ? reply.address : null
}
