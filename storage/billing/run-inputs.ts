import { invariant } from '../../domain/result.js'
import { copyRows } from '../copy-fields.js'
import type { Transaction } from '../database.js'
import { createGathering } from '../join-chunks.js'

export async function insertRunInput(tx: Transaction, segmentId: bigint, usages: Uint8Array): Promise<void> {
  await tx.execute('insert into run_input (segment_id, usages) values ($1, $2)', [
    segmentId,
    Buffer.from(usages.buffer, usages.byteOffset, usages.length),
  ])
}

// COPY takes no parameters, so the shard goes through a setting that ends with the transaction.
const setting = `select set_config('shuangwu.segment_id', $1, true)`
const copyOfUsages = `copy (select usages from run_input where segment_id = current_setting('shuangwu.segment_id')::bigint)
  to stdout (format binary)`
/** Of 20 000 accounts, a little more. */
const usualBytes = 21 * 100 * 1024
/** Of a row of one field: the number of fields and the field's length. */
const rowHeadBytes = 2 + 4

/** The packed usages of a shard as the run froze them, in memory of their own, so that they may move to another thread. */
export async function readRunInput(tx: Transaction, segmentId: bigint): Promise<Uint8Array<ArrayBuffer>> {
  await tx.query(setting, [String(segmentId)])
  const gathering = createGathering(usualBytes)
  await tx.copyOut(copyOfUsages, gathering.take, 'passing')
  const row = copyRows(gathering.bytes())
  invariant(row.length > rowHeadBytes, `shard ${segmentId} has its inputs`)
  return Uint8Array.from(row.subarray(rowHeadBytes))
}
