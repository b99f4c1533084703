import t, { type Test } from 'tap'
import { present } from '../../../domain/result.js'
import { allDataItems, findDataItem } from '../../../protocols/dlt645/catalogue/catalogue.js'
import { type DataItem, fieldsFor, formsOf, type Layout } from '../../../protocols/dlt645/data-item.js'
import { bytesOf, type FieldType, readFields, writeFields } from '../../../protocols/dlt645/field.js'
import { hexOf } from '../../../protocols/hex.js'

const fewestItems = 40_000
const items = [...allDataItems()]
/** Items of a family often share one layout; each is looked at once, and named by the first item that has it. */
const layouts = new Map<Layout, DataItem>()
for (const item of items) if (!layouts.has(item.layout)) layouts.set(item.layout, item)
const types = new Set([...layouts.keys()].flatMap((layout) => formsOf(layout).flat()).map(({ type }) => type))

t.test('has tens of thousands of items, each with an identifier of its own', async (t) => {
  t.ok(items.length >= fewestItems, `${items.length} items`)
  t.equal(new Set(items.map(({ dataIdentifier }) => dataIdentifier)).size, items.length)
})

t.test('finds every item by its identifier, and by no other edition', async (t) => {
  faultless(t, items, ({ edition, dataIdentifier, layout }) => {
    const found = findDataItem(edition, dataIdentifier)
    const elsewhere = findDataItem(edition === '2007' ? '1997' : '2007', dataIdentifier)
    return found?.dataIdentifier === dataIdentifier && found.layout.kind === layout.kind && elsewhere === null
  })
})

t.test('every item goes both ways, in each length that it may have', async (t) => {
  faultless(t, [...layouts.values()], (item) =>
    formsOf(item.layout).every((form) => {
      const texts = form.map(({ type }) => type.example)
      const payload = writeFields(form, texts)
      if (payload === null) return false
      const fields = fieldsFor(item.layout, payload.length)
      if (fields === null) return false
      const values = readFields(fields, payload)
      const isSame = values.every(({ state, value, name }, index) => {
        const { type, name: expected } = present(form[index], 'a field for each value')
        return state === 'ok' && name === expected && value === type.example
      })
      const again = writeFields(
        fields,
        values.map(({ value }) => value),
      )
      return isSame && values.length === texts.length && again !== null && again.equals(payload)
    }),
  )
})

t.test('every item of FFH only is absent, field by field, and goes back to FFH', async (t) => {
  faultless(t, [...layouts.values()], (item) =>
    formsOf(item.layout).every((form) => {
      const payload = Buffer.alloc(bytesOf(form), 0xff)
      const values = readFields(form, payload)
      const absent = form.map(({ type }) => type.absentBytes.includes(0xff))
      if (!values.every(({ state, value }, index) => !absent[index] || (state === 'absent' && value === null)))
        return false
      return (
        absent.includes(false) ||
        writeFields(
          form,
          form.map(() => null),
        )?.equals(payload) === true
      )
    }),
  )
})

t.test('a payload that is a byte longer or shorter than a length that an item has gives no values', async (t) => {
  faultless(t, [...layouts.values()], ({ layout }) => {
    const lengths = new Set(formsOf(layout).map(bytesOf))
    return [...lengths].every(
      (length) =>
        fieldsFor(layout, length) !== null &&
        [length - 1, length + 1].every((other) => lengths.has(other) || fieldsFor(layout, other) === null),
    )
  })
})

t.test('an item without fixed fields has none in any length', async (t) => {
  const loose = items.filter(({ layout }) => layout.kind === 'load_records')
  t.equal(loose.length, 21)
  faultless(t, loose, ({ layout }) =>
    Array.from({ length: 256 }).every((_, length) => fieldsFor(layout, length) === null),
  )
})

t.test('a digit over 9 makes a number, a name or a time invalid, wherever it stands', async (t) => {
  const decimals = [...types].filter(isBcd)
  t.ok(decimals.length >= 20, `${decimals.length} types of digits`)
  faultless(t, decimals, (type) => {
    const sound = present(type.write(type.example), 'the example can be written')
    for (let at = 0; at < type.bytes; at += 1)
      for (let digit = 10; digit < 16; digit += 1)
        for (const shift of [0, 4]) {
          const bytes = Buffer.from(sound)
          bytes[at] = ((bytes[at] ?? 0) & (0xf0 >> shift)) | (digit << shift)
          // The sign takes the top bit of the highest digit.
          if (isSigned(type) && shift === 4 && at === type.bytes - 1 && (digit & 7) <= 9) continue
          if (isAllFF(bytes)) continue
          const [value] = readFields([{ name: 'value', type }], bytes)
          if (value?.state !== 'invalid' || value.value !== null) return false
        }
    return true
  })
})

t.test('the top bit of a signed value makes it negative, and its highest digit goes to 7', async (t) => {
  const signed = [...types].filter(isSigned)
  t.ok(signed.length >= 4, `${signed.length} signed types`)
  faultless(t, signed, (type) => {
    const bytes = Buffer.alloc(type.bytes, 0x99)
    bytes[type.bytes - 1] = 0x79
    const positive = type.read(bytes, 0)
    bytes[type.bytes - 1] = 0xf9
    const negative = type.read(bytes, 0)
    return (
      positive !== null &&
      negative === `-${positive}` &&
      type.write(negative)?.equals(bytes) === true &&
      type.write(positive.replace('7', '8')) === null
    )
  })
  const unsigned = [...types].filter((type) => isNumber(type) && !isSigned(type))
  t.ok(unsigned.length >= 10, `${unsigned.length} unsigned types`)
  faultless(t, unsigned, (type) => {
    const bytes = Buffer.alloc(type.bytes, 0x99)
    return type.read(bytes, 0)?.startsWith('9') === true && type.write('-1') === null
  })
})

t.test('zero has no sign', async (t) => {
  faultless(t, [...types].filter(isSigned), (type) => {
    const bytes = Buffer.alloc(type.bytes)
    bytes[type.bytes - 1] = 0x80
    return type.read(bytes, 0)?.startsWith('0') === true && type.write('-0')?.equals(Buffer.alloc(type.bytes)) === true
  })
})

/** Says how many were looked at, and which did not hold. */
function faultless<T extends DataItem | FieldType>(test: Test, all: readonly T[], holds: (one: T) => boolean): void {
  test.ok(all.length > 0, `${all.length} looked at`)
  const faults = all.filter((one) => !holds(one))
  test.same(
    faults.slice(0, 20).map((one) => ('dataIdentifier' in one ? one.dataIdentifier : hexOf(Buffer.from(one.example)))),
    [],
    `${faults.length} do not hold`,
  )
}

function isSigned(type: FieldType): boolean {
  return /^-\d/.test(type.example)
}

function isNumber(type: FieldType): boolean {
  return /^-?\d+(?:\.\d+)?$/.test(type.example) && type.write('1') !== null
}

/** Digits only: numbers, names and times, but no status words and texts. */
function isBcd(type: FieldType): boolean {
  return type.read(Buffer.alloc(type.bytes, 0xaa), 0) === null && type.unit !== 'bit/s' && type.example !== 'A1'
}

function isAllFF(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0xff)
}
