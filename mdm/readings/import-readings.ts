import type { Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../../storage/database.js'
import {
  findStagedFaults,
  goodSpan,
  insertStagedReadings,
  judgeStage,
  type RegisterFields,
} from '../../storage/mdm/judge-staged-readings.js'
import {
  countOutcomes,
  createStage,
  type JudgedLine,
  type OutcomeCount,
  readJudgedLines,
  readSheetFaults,
  stageBatch,
  type StagedBatch,
  type StagedFault,
  stagedWeeks,
} from '../../storage/mdm/staged-readings.js'
import { ensureTimePartitions } from '../../storage/time-series.js'
import { runValidation, type ValidationReport } from '../validation/run-validation.js'

export interface ReadingsImport {
  /** What the file says, piece by piece; nothing of it is kept in memory. */
  readonly batches: AsyncIterable<StagedBatch>
  /** Which column holds which register, for what is said of them. */
  readonly fields: RegisterFields
  readonly actor: string
  readonly now: Instant
  /** Takes what is right although something else is wrong. */
  readonly acceptGoodRows: boolean
  /** Checks everything and writes nothing. */
  readonly dryRun: boolean
  /** Told every line with what becomes of it, in the order of the file, before anything is final. */
  readonly onLines: (lines: readonly JudgedLine[]) => void
  readonly onShard?: (done: number, shards: number) => void
}
export interface ReadingsImported {
  /** Whether anything may go in: no sheet is wrong as a whole, and no line unless the good ones are wanted. */
  readonly isAccepted: boolean
  readonly sheetFaults: readonly StagedFault[]
  readonly counts: readonly OutcomeCount[]
  /** Claims that are new; 0 in a dry run. */
  readonly added: number
  /** Null where nothing went in. */
  readonly validation: ValidationReport | null
}

/**
 * Takes readings that somebody has in another system or on paper as claims with source `imported`: all or none, or the good ones. A value
 * that is there already is known; another one for its key is a further claim, which validation holds for a person to decide, whatever came
 * first. Then the rules judge them as they judge any claim. A file of any size takes the memory of one batch; killed anywhere and given
 * again it comes to the same.
 */
export async function importReadings(database: Database, input: ReadingsImport): Promise<ReadingsImported> {
  const { span, ...done } = await database.transaction((tx) => take(tx, database, input))
  const isDecided = span !== null && done.isAccepted && !input.dryRun
  const { now, onShard } = input
  const validation = isDecided
    ? await runValidation(database, { ...span, now, ...(onShard === undefined ? {} : { onShard }) })
    : null
  return { ...done, validation }
}

async function take(tx: Transaction, database: Database, input: ReadingsImport) {
  await createStage(tx)
  for await (const batch of input.batches) await stageBatch(tx, batch)
  // By sessions of their own: years of old weeks would be more locks than one transaction may hold.
  if (!input.dryRun) for (const at of await stagedWeeks(tx, input.now)) await ensureTimePartitions(database, at, at + 1)
  await findStagedFaults(tx, input.now, input.fields)
  const isAccepted = await judgeStage(tx, input.acceptGoodRows)
  for await (const lines of readJudgedLines(tx)) input.onLines(lines)
  const isTaken = isAccepted && !input.dryRun
  const added = isTaken ? await insertStagedReadings(tx, { actor: input.actor, recordedAt: input.now }) : 0
  const [sheetFaults, counts, span] = [await readSheetFaults(tx), await countOutcomes(tx), await goodSpan(tx)]
  return { isAccepted, sheetFaults, counts, added, span }
}
