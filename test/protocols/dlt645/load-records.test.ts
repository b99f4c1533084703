import t from 'tap'
import { encodeLoadRecord, loadClasses, parseLoadRecords } from '../../../protocols/dlt645/load-records.js'
import { bytesOf } from '../../../protocols/dlt645/field.js'

const time = Buffer.from('0008150726', 'hex')
/** AA behind the first byte of a class must not be taken for its end. */
const energies = Buffer.from('11aa0000aa000000aaaa0000000000aa', 'hex')
const onlyEnergies = encodeLoadRecord(time, [null, null, null, energies, null, null])
const all = encodeLoadRecord(
  time,
  loadClasses.map((fields) => Buffer.alloc(bytesOf(fields), 0x11)),
)

t.test('a record is cut into its classes, absent ones are none', async (t) => {
  const [record, ...others] = parseLoadRecords(onlyEnergies) ?? []
  t.equal(others.length, 0)
  t.match(record?.time, { value: '2026-07-15T08:00', state: 'ok' })
  t.same(
    record?.classes.map((each) => each?.length ?? null),
    [null, null, null, 4, null, null],
  )
  t.match(record?.classes[3]?.[0], { name: 'forwardActiveEnergyTotal', state: 'invalid', value: null })
})

t.test('several records stand one after the other', async (t) => {
  const records = parseLoadRecords(Buffer.concat([all, onlyEnergies, all])) ?? []
  t.same(
    records.map(({ classes }) => classes.filter((each) => each !== null).length),
    [6, 1, 6],
  )
  t.same(parseLoadRecords(Buffer.alloc(0)), [])
})

t.test('a record that the meter marked as bad is not sound', async (t) => {
  const bad = Buffer.from(onlyEnergies)
  bad.fill(0xe0, 0, 2)
  bad.writeUInt8((bad.readUInt8(bad.length - 2) + 0x80) & 0xff, bad.length - 2)
  t.match(parseLoadRecords(bad), [{ isSound: false }])
})

t.test('bytes that are not a whole number of records are none', async (t) => {
  const wrongSum = Buffer.from(onlyEnergies).fill(0, onlyEnergies.length - 2, onlyEnergies.length - 1)
  for (const bytes of [all.subarray(1), all.subarray(0, -1), Buffer.concat([all, Buffer.from([0])]), wrongSum])
    t.equal(parseLoadRecords(bytes), null)
})
