import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openSpool, type Spool } from '../../../headend/ingest/spool.js'
import { openSpoolFile, type SpoolFile } from '../../../headend/ingest/spool-file.js'

const records = ['first', 'second', 'third'].map((text) => Buffer.from(text))
const roomy = 1_000_000

async function reopen(path: string, maxBytes = roomy): Promise<Spool> {
  const file = await openSpoolFile(path)
  t.teardown(file.close)
  return openSpool(file, maxBytes)
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
  const beforeLast = whole.length - 12 - 'third'.length
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
  const spool = await reopen(path, 40)
  t.equal(await spool.append(Buffer.alloc(28)), 'kept')
  t.equal(await spool.append(Buffer.alloc(1)), 'full')
  t.equal(spool.size(), 40)
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
