import type { CollectedRelayStatus } from '../../storage/headend/collected-values.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import { askItem, type SetMeter } from './ask-item.js'
import { type SetOutcome, toProblem } from './set-outcome.js'

/** Status word 3. The 1997 edition has no such item. */
export const relayItem = '04000503'

/** Reads the relay, the command it was given, and which time-of-use tables are in use. */
export async function readRelayStatus(
  line: Dlt645Line,
  meter: SetMeter,
): Promise<SetOutcome & { readonly values: readonly CollectedRelayStatus[] }> {
  if (meter.edition === '1997')
    return { values: [], problems: [toProblem(relayItem, { kind: 'no_such_data', frame: null })] }
  const answer = await askItem(line, meter, relayItem, 'relay_state')
  if (!answer.ok) return { values: [], problems: [toProblem(relayItem, answer.error)] }
  const { value, frame } = answer.value
  const evidence = { frame, slice: null }
  const status = { kind: 'relay', meterId: meter.meterId, readAt: frame.receivedAt, ...value.state, evidence } as const
  return { values: [status], problems: [] }
}
