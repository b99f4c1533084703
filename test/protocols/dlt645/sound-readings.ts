import { invariant, unreachable } from '../../../domain/result.js'
import { itemFamilies } from '../../../protocols/dlt645/catalogue/catalogue.js'
import type { DataItem, Layout } from '../../../protocols/dlt645/data-item.js'
import { bytesOf, type Field, type FieldType } from '../../../protocols/dlt645/field.js'
import { encodeFrame } from '../../../protocols/dlt645/frame.js'
import { identifiersOf, itemOf } from '../../../protocols/dlt645/item-family.js'
import { encodeLoadRecord, loadClasses } from '../../../protocols/dlt645/load-records.js'
import { encodeMessage } from '../../../protocols/dlt645/message.js'
import { minuteStampField } from '../../../protocols/dlt645/time-fields.js'
import type { FuzzRandom } from '../../fuzz/fuzz-random.js'

/** Bytes that a reply has room for behind the identifier. */
const mostPayloadBytes = 200
const mostTries = 3

/** Items by family, so that a seeded choice meets each kind as often. */
const families: readonly (readonly DataItem[])[] = itemFamilies.map((family) =>
  [...identifiersOf(family)].map((bytes) => itemOf(family, bytes)),
)

/** A reply with values that the item may hold, for any item of either edition, from a meter of any number. */
export function anyReading(random: FuzzRandom): Buffer {
  return readingOf(random, random.pick(random.pick(families)))
}

export function readingOf(random: FuzzRandom, item: DataItem): Buffer {
  const address = `${random.below(1_000_000)}`.padStart(6, '0') + `${random.below(1_000_000)}`.padStart(6, '0')
  const { edition, dataIdentifier, layout } = item
  const payload = soundPayload(random, layout)
  return encodeMessage({
    edition,
    address,
    direction: 'reply',
    function: 'read',
    outcome: 'good',
    dataIdentifier,
    payload,
  })
}

/** What may stand behind a frame on a line: nothing, frames with or without wake-up bytes, noise, a run of 16H. */
export function anyTrailer(random: FuzzRandom): Buffer {
  switch (random.below(6)) {
    case 0:
      return Buffer.alloc(0)
    case 1:
      return Buffer.concat(Array.from({ length: 12 }, () => anyReading(random)))
    case 2:
      return Buffer.concat(Array.from({ length: 12 }, () => [Buffer.alloc(4, 0xfe), anyReading(random)]).flat())
    case 3:
      return Buffer.alloc(280, 0x16)
    case 4:
      return encodeFrame({ address: 'AAAAAAAAAAAA', controlCode: 0x93, data: randomBytes(random, 250) })
    default:
      return randomBytes(random, 280)
  }
}

function soundPayload(random: FuzzRandom, layout: Layout): Buffer {
  if (layout.kind === 'load_records') return loadRecords(random)
  return Buffer.concat(fieldsIn(random, layout).map(({ type }) => soundValue(random, type)))
}

function fieldsIn(random: FuzzRandom, layout: Exclude<Layout, { readonly kind: 'load_records' }>): readonly Field[] {
  switch (layout.kind) {
    case 'fixed':
      return layout.fields
    case 'variants':
      return random.pick(layout.variants.filter((fields) => bytesOf(fields) <= mostPayloadBytes))
    case 'block': {
      const most = layout.groups.findLastIndex(
        (_, index) => bytesOf(layout.groups.slice(0, index + 1).flat()) <= mostPayloadBytes,
      )
      const count = layout.least + random.below(Math.max(1, Math.min(most, 15) + 2 - layout.least))
      return layout.groups.slice(0, count).flat()
    }
    default:
      return unreachable(layout)
  }
}

/** Any digits that the type takes, or else its example. */
function soundValue(random: FuzzRandom, type: FieldType): Buffer {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const bytes = Buffer.alloc(type.bytes)
    for (const at of bytes.keys()) bytes[at] = random.below(10) * 16 + random.below(10)
    const text = type.read(bytes, 0)
    const isAbsent = type.absentBytes.some((absent) => bytes.every((byte) => byte === absent))
    if (text !== null && !isAbsent && type.write(text)?.equals(bytes) === true) return bytes
  }
  const example = type.write(type.example)
  invariant(example !== null, 'a type can hold its example')
  return example
}

function loadRecords(random: FuzzRandom): Buffer {
  const record = () =>
    encodeLoadRecord(
      soundValue(random, minuteStampField),
      loadClasses.map((fields) =>
        random.oneIn(2) ? null : Buffer.concat(fields.map(({ type }) => soundValue(random, type))),
      ),
    )
  return Buffer.concat(Array.from({ length: 1 + random.below(2) }, record)).subarray(0, 251)
}

function randomBytes(random: FuzzRandom, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => random.below(256)))
}
