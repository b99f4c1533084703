import { spawnSync } from 'node:child_process'
import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { openSpool, type Spool, type SpoolDamage } from '../../../headend/ingest/spool.js'
import { openSpoolFile, type SpoolFile } from '../../../headend/ingest/spool-file.js'

const records = ['first', 'second', 'third'].map((text) => Buffer.from(text))
const roomy = 1_000_000
/** In front of each record. */
const headerBytes = 24

async function reopen(path: string, maxBytes = roomy, damage: SpoolDamage[] = []): Promise<Spool> {
  const file = await openSpoolFile(path)
  t.teardown(file.close)
  return openSpool(file, maxBytes, (found) => void damage.push(found))
}

async function drainAll(spool: Spool): Promise<readonly string[]> {
  const taken: string[] = []
  await spool.drain(async (record) => void taken.push(record.toString()))
  return taken
}

await t.test('what is kept comes back in order, once, after a restart, too', async (t) => {
  const path = join(t.testdir({}), 'spool')
  const spool = await reopen(path)
  for (const record of records) t.equal(await spool.append(record), 'kept')
  t.same(await drainAll(await reopen(path)), ['first', 'second', 'third'])
  t.equal(readFileSync(path).length, 0)
  t.same(await drainAll(await reopen(path)), [])
})

await t.test('however the last append was torn, all before it are there and the spool goes on', async (t) => {
  const path = join(t.testdir({}), 'spool')
  const spool = await reopen(path)
  for (const record of records) await spool.append(record)
  const whole = readFileSync(path)
  const beforeLast = whole.length - headerBytes - 'third'.length
  for (let length = beforeLast; length < whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length))
    const torn = await reopen(path)
    await torn.append(Buffer.from('later'))
    t.same(await drainAll(torn), ['first', 'second', 'later'], `${length} of ${whole.length} bytes`)
  }
  writeFileSync(path, whole)
  truncateSync(path, beforeLast)
  appendFileSync(path, Buffer.alloc(17))
  t.same(await drainAll(await reopen(path)), ['first', 'second'], 'zeros where the disk had no time to write')
})

await t.test('a full spool says so and keeps what it has', async (t) => {
  const path = join(t.testdir({}), 'spool')
  const spool = await reopen(path, headerBytes + 28)
  t.equal(await spool.append(Buffer.alloc(28)), 'kept')
  t.equal(await spool.append(Buffer.alloc(1)), 'full')
  t.equal(spool.size(), headerBytes + 28)
  await drainAll(spool)
  t.equal(await spool.append(Buffer.alloc(1)), 'kept', 'there is room again')
})

await t.test('a drain that fails goes on with the record that failed', async (t) => {
  const path = join(t.testdir({}), 'spool')
  const spool = await reopen(path)
  for (const record of records) await spool.append(record)
  const taken: string[] = []
  const failing = spool.drain(async (record) => {
    if (record.toString() === 'second') throw new Error('away again')
    taken.push(record.toString())
  })
  await t.rejects(failing, /away again/)
  await spool.append(Buffer.from('fourth'))
  t.same([...taken, ...(await drainAll(spool))], ['first', 'second', 'third', 'fourth'])
  t.ok(spool.isEmpty())
})

await t.test('an append that the disk refuses is not kept, and does not spoil the next one', async (t) => {
  const path = join(t.testdir({}), 'spool')
  const file = await openSpoolFile(path)
  t.teardown(file.close)
  let refuse = false
  const failing: SpoolFile = {
    ...file,
    async append(bytes) {
      await file.append(refuse ? bytes.subarray(0, 9) : bytes)
      if (refuse) throw new Error('no space left on device')
    },
  }
  const spool = await openSpool(failing, roomy)
  await spool.append(Buffer.from('first'))
  refuse = true
  await t.rejects(spool.append(Buffer.from('lost')), /no space/)
  refuse = false
  await spool.append(Buffer.from('second'))
  t.same(await drainAll(spool), ['first', 'second'])
})

const ten = Array.from({ length: 10 }, (_, index) => `record${index}`)

function flip(path: string, offset: number): void {
  const bytes = readFileSync(path)
  bytes[offset] = (bytes[offset] ?? 0) ^ 1
  writeFileSync(path, bytes)
}

const recordBytes = headerBytes + 'record0'.length
const flips: readonly [where: string, offset: number][] = [
  ['in the marker', 0],
  ['in the length', 9],
  ['in the digest of the header', 13],
  ['in the digest of the record', 17],
  ['in the record', headerBytes + 3],
]

for (const [where, offset] of flips) {
  for (const restarts of [true, false]) {
    const when = restarts ? 'found after a restart' : 'found in a running process'
    await t.test(`a bit that flips ${where} costs that record alone, ${when}, and its bytes are kept`, async (t) => {
      for (const hit of [0, 1, 9]) {
        const path = join(t.testdir({}), 'spool')
        const damage: SpoolDamage[] = []
        const spool = await reopen(path, roomy, damage)
        for (const record of ten) await spool.append(Buffer.from(record))
        const begin = hit * recordBytes
        flip(path, begin + offset)
        const damagedBytes = readFileSync(path).subarray(begin, begin + recordBytes)
        const found = restarts ? await reopen(path, roomy, damage) : spool
        t.same(await drainAll(found), ten.toSpliced(hit, 1))
        const keptIn = damage[0]?.keptIn ?? null
        t.same(damage, [{ offset: begin, bytes: recordBytes, keptIn }])
        t.equal(found.damaged(), 1)
        t.same(readFileSync(keptIn ?? ''), damagedBytes)
        t.ok(found.isEmpty())
        await found.append(Buffer.from('later'))
        t.same(await drainAll(found), ['later'])
      }
    })
  }
}

await t.test(
  'damage that there is no room to set aside stays in the spool, and the records behind it go on',
  async (t) => {
    const path = join(t.testdir({}), 'spool')
    const file = await openSpoolFile(path)
    t.teardown(file.close)
    let isFull = true
    const full: SpoolFile = {
      ...file,
      setAside: async (bytes) => (isFull ? Promise.reject(new Error('full')) : file.setAside(bytes)),
    }
    const spool = await openSpool(full, roomy)
    for (const record of ten) await spool.append(Buffer.from(record))
    flip(path, recordBytes + headerBytes)
    t.same(await drainAll(spool), ten.toSpliced(1, 1))
    t.equal(spool.size(), ten.length * recordBytes)
    t.ok(spool.isEmpty(), 'nothing waits any more')
    await spool.append(Buffer.from('later'))
    isFull = false
    t.same(await drainAll(spool), ['later'])
    t.equal(spool.size(), 0)
    t.equal(readdirSync(dirname(path)).filter((name) => name.startsWith('spool.damaged-')).length, 1)
  },
)

await t.test('records of any bytes come back, those of a spool inside a record, too', async (t) => {
  const path = join(t.testdir({}), 'spool')
  const inner = await reopen(path)
  await inner.append(Buffer.from('inner'))
  const nested = [readFileSync(path), Buffer.alloc(0), Buffer.alloc(200_000, readFileSync(path).subarray(0, 8))]
  await drainAll(inner)
  for (const record of nested) await inner.append(record)
  const taken: Buffer[] = []
  await (await reopen(path)).drain(async (record) => void taken.push(record))
  t.same(taken, nested)
})

await t.test(
  'a disk that takes only a part of a record takes nothing: what it keeps afterwards comes back',
  async (t) => {
    const script = join(dirname(fileURLToPath(import.meta.url)), 'spool-on-a-full-disk.js')
    const path = join(t.testdir({}), 'spool')
    // The system cuts a file off at the limit in the middle of a write, as a full disk does.
    // What the test runner would write beside it in that process must not meet the limit, so nothing of its environment goes along.
    const ran = spawnSync('bash', ['-c', 'ulimit -f 64 && exec env -i "$@"', 'bash', process.execPath, script, path], {
      encoding: 'utf8',
    })
    t.equal(ran.status, 0, ran.stderr)
    const { kept, failed, sizes, drained } = JSON.parse(ran.stdout) as Record<string, readonly unknown[]>
    t.ok((failed ?? []).length > 0)
    t.same(drained, kept)
    t.same(
      sizes,
      sizes?.map(() => sizes[0]),
      'a failed append leaves nothing behind',
    )
  },
)
