import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../../domain/result.js'
import { calendarFor } from '../../../domain/time.js'
import { encodeIntervalCharges } from '../../../storage/billing/interval-charge-rows.js'
import type { ComponentTariff } from '../../tariffs/components/tariff-schema.js'
import { createIntervalKernel } from './kernel.js'
import type { KernelMemory } from './kernel-memory.js'
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

export interface IntervalWorkerData {
  readonly terms: IntervalTerms
  readonly memory: KernelMemory
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
}

const port = present(parentPort, 'the port of a worker thread')
const { terms, memory } = workerData as IntervalWorkerData
const { ratingId, timeZone, tariffs } = terms
const book = createRatesBook(calendarFor(timeZone), tariffs)
const kernel = createIntervalKernel(memory)

port.on('message', (shard: IntervalAccounts) => {
  const answer = toAnswer(rateIntervalShard(shard, book, kernel))
  const pieces = answer.charges.map(({ buffer }) => buffer as ArrayBuffer)
  port.postMessage(answer, pieces)
})

function toAnswer({ charges, parked }: RatedIntervalShard): IntervalShardAnswer {
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
