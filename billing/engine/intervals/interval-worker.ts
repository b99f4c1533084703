import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../../domain/result.js'
import { calendarFor } from '../../../domain/time.js'
import { encodeIntervalCharges } from '../../../storage/billing/interval-charge-rows.js'
import type { ComponentTariff } from '../../tariffs/components/tariff-schema.js'
import { createKernelRoom } from './kernel-room.js'
import {
  type IntervalAccounts,
  type ParkedAccount,
  type RatedIntervalShard,
  rateIntervalShard,
} from './rate-interval-shard.js'
import { createRatesBook } from './rates-book.js'

/** What a thread rates by. */
export interface IntervalTerms {
  readonly ratingId: bigint
  readonly timeZone: string
  readonly tariffs: readonly ComponentTariff[]
}

/** What a shard came to, with its rows to store. */
export interface IntervalShardAnswer {
  readonly accounts: number
  readonly parked: readonly ParkedAccount[]
  readonly energyE4: bigint
  readonly amountFen: bigint
  /** SHA-256 over the digests of the lines, account by account. */
  readonly resultSha256: Uint8Array
  readonly charges: readonly Uint8Array[]
  /** The memory of the days, for the next ones. */
  readonly room: ArrayBuffer
}

const port = present(parentPort, 'the port of a worker thread')
const { ratingId, timeZone, tariffs } = workerData as IntervalTerms
const book = createRatesBook(calendarFor(timeZone), tariffs)
const room = createKernelRoom()

port.on('message', (shard: IntervalAccounts) => {
  const answer = { ...toAnswer(rateIntervalShard(shard, book, room)), room: shard.days.buffer }
  const pieces = answer.charges.map(({ buffer }) => buffer as ArrayBuffer)
  port.postMessage(answer satisfies IntervalShardAnswer, [...pieces, answer.room])
})

function toAnswer({ charges, parked }: RatedIntervalShard): Omit<IntervalShardAnswer, 'room'> {
  let [energyE4, amountFen] = [0n, 0n]
  for (let row = 0; row < charges.count; row++) {
    if (charges.hold[row] !== 0) continue
    energyE4 += BigInt(charges.energyE4[row] ?? 0)
    amountFen += BigInt(charges.amountFen[row] ?? 0)
  }
  return {
    accounts: charges.count,
    parked,
    energyE4,
    amountFen,
    resultSha256: createHash('sha256').update(charges.linesSha256).digest(),
    charges: encodeIntervalCharges(ratingId, charges),
  }
}
