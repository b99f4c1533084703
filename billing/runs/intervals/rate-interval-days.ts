import { createHash } from 'node:crypto'
import { UserError } from '../../../domain/errors.js'
import { type Clock, holding } from '../../../domain/runtime.js'
import {
  copyIntervalCharges,
  insertIntervalExceptions,
  insertIntervalShard,
  type IntervalRatingTotals,
  intervalRatingTotals,
  openIntervalRating,
  planIntervalShards,
  timeZoneOfSet,
} from '../../../storage/billing/interval-charges.js'
import type { AccountSpan } from '../../../storage/billing/read-bytes.js'
import type { Database, Transaction } from '../../../storage/database.js'
import { createIntervalThread, type IntervalThread } from '../../engine/intervals/interval-thread.js'
import type { IntervalShardAnswer, IntervalTerms } from '../../engine/intervals/interval-worker.js'
import { requireActor } from '../../require-actor.js'
import type { ComponentTariff } from '../../tariffs/components/tariff-schema.js'
import { readIntervalAccounts } from './read-interval-accounts.js'

export interface IntervalRatingOrder {
  /** A closed determinant set. */
  readonly setId: bigint
  /** All versions of the tariffs by which accounts with interval days are rated. */
  readonly tariffs: readonly ComponentTariff[]
  readonly actor: string
  readonly accountsPerShard?: number
}

/** A month of quarters of an hour of so many accounts is 25 MB. */
const usualAccountsPerShard = 2000
/** While a shard is read or written, another one is rated. */
const lanes = 2

/**
 * Rates the accounts of a set that have interval days and stores their lines; shards that are stored already are left as they are, so it
 * may be killed anywhere and begun again. Memory holds a shard for each lane, whatever the population. accounts in = charged + parked.
 */
export async function rateIntervalDays(
  database: Database,
  clock: Clock,
  { setId, tariffs, actor, accountsPerShard = usualAccountsPerShard }: IntervalRatingOrder,
): Promise<IntervalRatingTotals & { readonly ratingId: bigint }> {
  return holding(clock, async () => {
    await requireActor(database, actor)
    const timeZone = await timeZoneOfSet(database, setId)
    if (timeZone === null) throw new UserError('not_found', `无此计费量集 there is no determinant set ${setId}`)
    const described = tariffs.map(describe)
    const tariffsSha256 = sha256(JSON.stringify(described))
    const ratingId = await openIntervalRating(database, {
      setId,
      tariffsSha256,
      tariffs: described.flat(),
      actorId: actor,
      at: clock.now(),
    })
    const shards = [...(await planIntervalShards(database, ratingId, accountsPerShard))]
    const work = { database, clock, setId, ratingId, shards }
    const terms = { ratingId, timeZone, tariffs }
    const ways = Array.from({ length: Math.min(lanes, shards.length) }, () => runLane(work, terms))
    const failed = (await Promise.allSettled(ways)).find((lane) => lane.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    return { ratingId, ...(await intervalRatingTotals(database, ratingId)) }
  })
}

/** The versions of a tariff, with the names behind the numbers of lines. */
function describe(tariff: ComponentTariff) {
  const documentSha256 = sha256(JSON.stringify(tariff)).toString('hex')
  return tariff.versions.map(({ version, calendars, components }) => ({
    code: tariff.code,
    version,
    documentSha256,
    components: components.map((component) => {
      const calendar = component.kind === 'usage' ? component.slots?.calendar : undefined
      const slots = calendars.find(({ name }) => name === calendar)?.slots ?? []
      return { code: component.code, slots: slots.map(({ name }) => name) }
    }),
  }))
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

interface Work {
  readonly database: Database
  readonly clock: Clock
  readonly setId: bigint
  readonly ratingId: bigint
  /** What no lane has taken yet. */
  readonly shards: AccountSpan[]
}

/** Where a lane fails, no other one takes a further shard. */
async function runLane(work: Work, terms: IntervalTerms): Promise<void> {
  const thread = createIntervalThread(work.clock, terms)
  try {
    await workOff(work, thread)
  } finally {
    work.shards.length = 0
    await thread.close()
  }
}

async function workOff({ database, clock, setId, ratingId, shards }: Work, thread: IntervalThread): Promise<void> {
  for (let shard = shards.shift(); shard !== undefined; shard = shards.shift()) {
    const own = shard
    const accounts = await database.transaction((tx) => readIntervalAccounts(tx, setId, own, thread.room))
    const answer = await thread.rate(accounts)
    await database.transaction((tx) => storeShard(tx, clock, ratingId, own, answer))
  }
}

async function storeShard(
  tx: Transaction,
  clock: Clock,
  ratingId: bigint,
  { first, last }: AccountSpan,
  { accounts, parked, energyE4, amountFen, resultSha256, charges }: IntervalShardAnswer,
): Promise<void> {
  const result = {
    firstAccountId: first,
    lastAccountId: last,
    accounts,
    parked: parked.length,
    energyE4,
    amountFen,
    resultSha256,
  }
  if (!(await insertIntervalShard(tx, ratingId, result, clock.now()))) return
  await copyIntervalCharges(tx, charges)
  const exceptions = parked.map((one) => ({ ...one, accountId: BigInt(one.accountId) }))
  await insertIntervalExceptions(tx, ratingId, exceptions)
}
