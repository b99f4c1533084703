import { groupBy } from '../../domain/group-by.js'
import type { LineId, RegisterSet } from '../../domain/reading.js'
import { err, ok, type Result } from '../../domain/result.js'
import { parseScaled } from '../../domain/scaled.js'
import type { Instant } from '../../domain/time.js'
import type { EnvelopeReading } from '../../protocols/concentrator/envelope-content.js'
import { parseAddress } from '../../protocols/dlt645/address.js'
import type { CollectedFrame, FrameReading } from '../../storage/headend/collected.js'
import type { InstalledMeter } from '../../storage/headend/lines.js'
import { isPlausibleStamp } from '../../storage/headend/store-collected.js'
import { hundredthE4, type ShownRegisters, tariffsContradict } from '../acquisition/contradicting-tariffs.js'
import { fitsRegisters, isInstalledAt } from '../ingest/upload-readings.js'

/** Registers of one meter at one moment, as a concentrator decoded them. */
export interface UploadedRegisters {
  readonly communicationAddress: string
  readonly readAt: Instant
  readonly registers: RegisterSet
  /** Decimal texts by data identifier, as they came. */
  readonly said: readonly (readonly [dataIdentifier: string, kwh: string])[]
}

export interface UploadedValues {
  readonly sets: readonly UploadedRegisters[]
  readonly problems: readonly ValueProblem[]
}

/** Why values of an upload become no reading. */
export type ValueProblem =
  | 'unknown_meter'
  | 'unknown_item'
  | 'value_absent'
  | 'value_invalid'
  | 'value_without_time'
  | 'total_missing'
  | 'stamp_out_of_range'
  | 'register_too_wide'
  | 'tariffs_contradict_total'

const totalIdentifier = '00010000'
const touIdentifiers = ['00010100', '00010200', '00010300', '00010400'] as const
const energyIdentifiers: ReadonlySet<string> = new Set([totalIdentifier, ...touIdentifiers])
const energyUnit = 'KWH'

/**
 * The register sets in the values of one message. A value stands for the moment that the message gives it: without one it could be
 * of any age, because brokers keep messages for days. What else concentrators measure is not read here.
 */
export function readValues(values: readonly EnvelopeReading[]): UploadedValues {
  const sets: UploadedRegisters[] = []
  const problems = new Set<ValueProblem>()
  for (const group of groupBy(values, ({ meter, time }) => `${meter} ${time}`).values()) {
    const energies = group.filter(({ dataIdentifier }) => energyIdentifiers.has(dataIdentifier))
    if (energies.length < group.length) problems.add('unknown_item')
    if (energies.length === 0) continue
    const set = toRegisters(energies)
    if (set.ok) sets.push(set.value)
    else problems.add(set.error.kind)
  }
  return { sets, problems: [...problems] }
}

function toRegisters(values: readonly EnvelopeReading[]): Result<UploadedRegisters, { readonly kind: ValueProblem }> {
  const [first] = values
  const { meter = null, time = null } = first ?? {}
  const address = meter === null ? null : parseAddress(meter, '2007')
  if (address === null || !address.ok) return err({ kind: 'unknown_meter' })
  if (time === null) return err({ kind: 'value_without_time' })
  const energies = new Map<string, bigint>()
  for (const { dataIdentifier, value, unit } of values) {
    if (value === null) return err({ kind: 'value_absent' })
    const energyE4 = unit === null || unit.toUpperCase() === energyUnit ? parseScaled(value, 4) : null
    if (energyE4 === null || energyE4 < 0n || energies.has(dataIdentifier)) return err({ kind: 'value_invalid' })
    energies.set(dataIdentifier, energyE4)
  }
  const totalE4 = energies.get(totalIdentifier)
  if (totalE4 === undefined) return err({ kind: 'total_missing' })
  const [tou1 = null, tou2 = null, tou3 = null, tou4 = null] = touIdentifiers.map((each) => energies.get(each) ?? null)
  return ok({
    communicationAddress: address.value,
    readAt: time,
    registers: { totalE4, touE4: [tou1, tou2, tou3, tou4] },
    said: values.map(({ dataIdentifier, value }) => [dataIdentifier, value ?? '']),
  })
}

/** A set whose meter is known. */
export interface PlacedValues extends Omit<FrameReading, 'slice'> {
  readonly set: UploadedRegisters
}

/** Gives each set to the meter that hung on the line at that moment. */
export function placeValues(
  sets: readonly UploadedRegisters[],
  metersAt: (communicationAddress: string) => readonly InstalledMeter[],
  receivedAt: Instant,
): { readonly placed: readonly PlacedValues[]; readonly problems: readonly ValueProblem[] } {
  const placed: PlacedValues[] = []
  const problems = new Set<ValueProblem>()
  for (const set of sets) {
    const { readAt, registers, communicationAddress } = set
    const meter = metersAt(communicationAddress).find((each) => isInstalledAt(each, readAt))
    if (!isPlausibleStamp(readAt, receivedAt)) problems.add('stamp_out_of_range')
    else if (meter === undefined) problems.add('unknown_meter')
    else if (!fitsRegisters(registers, meter)) problems.add('register_too_wide')
    else if (tariffsContradict(registers, shownIn(set, meter))) problems.add('tariffs_contradict_total')
    else {
      const { meterId } = meter
      placed.push({ meterId, quantity: 'forward_active_energy', readAt, registers, source: 'live', set })
    }
  }
  return { placed, problems: [...problems] }
}

/** A gateway may round to fewer decimals, and numbers lose their last zeros: what the finest register shows, all of them may. */
function shownIn({ said, registers }: UploadedRegisters, { registerDigits }: InstalledMeter): ShownRegisters {
  const decimals = Math.max(...said.map(([, kwh]) => kwh.split('.')[1]?.length ?? 0))
  const stepE4 = 10n ** BigInt(Math.max(0, 4 - decimals))
  const isComplete = registers.touE4.every((each) => each !== null)
  return { registerDigits, stepE4: stepE4 > hundredthE4 ? stepE4 : hundredthE4, isComplete }
}

/** One frame for all sets of an upload, meter by meter as JSON, so that a slice holds one meter's alone. Null when there is none. */
export function packValues(
  lineId: LineId,
  placed: readonly PlacedValues[],
  receivedAt: Instant,
): CollectedFrame | null {
  const [first] = placed
  if (first === undefined) return null
  let offset = 0
  const texts = placed.map(({ set }) => Buffer.from(wordsOf(set)))
  const readings = placed.map(({ meterId, quantity, readAt, registers, source }, index): FrameReading => {
    const slice = { offset, length: texts[index]?.length ?? 0 }
    offset += slice.length
    return { meterId, quantity, readAt, registers, source, slice }
  })
  const meterId = placed.length === 1 ? first.meterId : null
  const response = Buffer.concat(texts)
  return { lineId, meterId, protocol: 'mqtt_values', request: null, response, receivedAt, readings }
}

/** Digits as the message wrote them. */
function wordsOf({ communicationAddress: meter, readAt, said }: UploadedRegisters): string {
  return JSON.stringify({ meter, at: new Date(readAt).toISOString(), kwh: Object.fromEntries(said) })
}
