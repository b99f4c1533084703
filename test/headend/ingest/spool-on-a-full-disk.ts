// Fills a spool beyond what its disk takes, goes on with smaller records, and drains: spool-on-a-full-disk.js PATH
import { statSync } from 'node:fs'
import { openSpool } from '../../../headend/ingest/spool.js'
import { openSpoolFile } from '../../../headend/ingest/spool-file.js'

const [path = ''] = process.argv.slice(2)
const file = await openSpoolFile(path)
const spool = await openSpool(file, 1_000_000)
const kept: number[] = []
const failed: number[] = []
const sizes: number[] = []

async function append(number: number, bytes: number): Promise<boolean> {
  const record = Buffer.alloc(bytes)
  record.writeUInt32BE(number)
  try {
    await spool.append(record)
    kept.push(number)
    return true
  } catch {
    failed.push(number)
    return false
  }
}

let number = 0
while (await append(number, 10_000)) number += 1
sizes.push(statSync(path).size, spool.size())
await append(number + 1, 10_000)
sizes.push(statSync(path).size, spool.size())
for (let small = number + 2; small < number + 5; small += 1) await append(small, 100)

const drained: number[] = []
await (await openSpool(file, 1_000_000)).drain(async (record) => void drained.push(record.readUInt32BE()))
await file.close()
process.stdout.write(JSON.stringify({ kept, failed, sizes, drained }))
