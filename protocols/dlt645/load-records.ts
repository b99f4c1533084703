import { bytesOf, type Field, type FieldValue, readFields } from './field.js'
import { kvarh, kWh, signedKvarh } from './catalogue/energies-2007.js'
import {
  activePower,
  ampere,
  hertz,
  phaseLetters,
  powerFactor,
  reactivePower,
  volt,
} from './catalogue/variables-2007.js'
import { minuteStampField } from './time-fields.js'

/*
 * Load records (负荷记录), DI3 = 06: A0 A0, a length, the time, six classes each closed by AA, a sum, E5. A class that the meter
 * does not keep leaves its AA only. E0 E0 in front marks a record that the meter itself does not trust.
 */

export interface LoadRecord {
  /** End of the interval, as the meter's clock has it. */
  readonly time: FieldValue
  /** Values of classes 1 to 6; null for a class that is not kept. */
  readonly classes: readonly (readonly FieldValue[] | null)[]
  /** False when the meter marked the record as bad. */
  readonly isSound: boolean
}

const goodStart = 0xa0
const badStart = 0xe0
const separator = 0xaa
const recordEnd = 0xe5
const timeField: Field = { name: 'recordTime', type: minuteStampField }
/** Start twice, length. */
const headBytes = 3
/** Sum and end. */
const tailBytes = 2

const totalAndPhases = ['Total', ...phaseLetters] as const

/** Fields of the classes 1 to 6. */
export const loadClasses: readonly (readonly Field[])[] = [
  [
    ...phaseLetters.map((phase): Field => ({ name: `voltage${phase}`, type: volt })),
    ...phaseLetters.map((phase): Field => ({ name: `current${phase}`, type: ampere })),
    { name: 'frequency', type: hertz },
  ],
  [
    ...totalAndPhases.map((phase): Field => ({ name: `activePower${phase}`, type: activePower })),
    ...totalAndPhases.map((phase): Field => ({ name: `reactivePower${phase}`, type: reactivePower })),
  ],
  totalAndPhases.map((phase): Field => ({ name: `powerFactor${phase}`, type: powerFactor })),
  [
    { name: 'forwardActiveEnergyTotal', type: kWh },
    { name: 'reverseActiveEnergyTotal', type: kWh },
    { name: 'combinedReactive1EnergyTotal', type: signedKvarh },
    { name: 'combinedReactive2EnergyTotal', type: signedKvarh },
  ],
  [1, 2, 3, 4].map((quadrant): Field => ({ name: `reactiveQuadrant${quadrant}EnergyTotal`, type: kvarh })),
  [
    { name: 'runningActiveDemand', type: activePower },
    { name: 'runningReactiveDemand', type: reactivePower },
  ],
]

/** Records one after the other; null when the bytes are not a whole number of them. */
export function parseLoadRecords(payload: Buffer): readonly LoadRecord[] | null {
  const records: LoadRecord[] = []
  for (let at = 0; at < payload.length; ) {
    const taken = takeRecord(payload, at)
    if (taken === null) return null
    records.push(taken.record)
    at = taken.end
  }
  return records
}

/**
 * One record at `start`. Sizes are tried in the order of the classes, because meters count the length byte differently and values
 * may hold AA: the reading whose sum and end byte are right is taken.
 */
function takeRecord(payload: Buffer, start: number): { readonly record: LoadRecord; readonly end: number } | null {
  const first = payload[start]
  if ((first !== goodStart && first !== badStart) || payload[start + 1] !== first) return null
  const classesAt = start + headBytes + timeField.type.bytes
  const cut = cutClasses(payload, classesAt, 0, start)
  if (cut === null) return null
  const [time] = readFields([timeField], payload.subarray(start + headBytes, classesAt))
  if (time === undefined) return null
  let at = classesAt
  const classes = cut.map((size, index) => {
    const bytes = payload.subarray(at, at + size)
    at += size + 1
    return size === 0 ? null : readFields(loadClasses[index] ?? [], bytes)
  })
  return { record: { time, classes, isSound: first === goodStart }, end: at + tailBytes }
}

/** Sizes of the classes from `index` on, each 0 or full, such that separators, sum and end byte stand where they must. */
function cutClasses(payload: Buffer, at: number, index: number, start: number): readonly number[] | null {
  const fields = loadClasses[index]
  if (fields === undefined) return endsHere(payload, start, at) ? [] : null
  for (const size of [0, bytesOf(fields)]) {
    if (payload[at + size] !== separator) continue
    const rest = cutClasses(payload, at + size + 1, index + 1, start)
    if (rest !== null) return [size, ...rest]
  }
  return null
}

function endsHere(payload: Buffer, start: number, at: number): boolean {
  return payload[at + 1] === recordEnd && payload[at] === sumOf(payload.subarray(start, at))
}

/** Bytes of a record: the time and each class as its fields' bytes, null for a class that is not kept. */
export function encodeLoadRecord(time: Buffer, classes: readonly (Buffer | null)[]): Buffer {
  const body = Buffer.concat([
    time,
    ...loadClasses.flatMap((_, index) => [classes[index] ?? Buffer.alloc(0), Buffer.from([separator])]),
  ])
  const record = Buffer.concat([Buffer.from([goodStart, goodStart, body.length]), body])
  return Buffer.concat([record, Buffer.from([sumOf(record), recordEnd])])
}

function sumOf(bytes: Buffer): number {
  return bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0)
}
