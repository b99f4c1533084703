import { err, ok, present, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { insertFindings } from '../../storage/mdm/exceptions.js'
import { findOpenExceptions, type OpenException } from '../../storage/mdm/open-exceptions.js'
import { findDecidedReading } from '../../storage/mdm/questioned-reading.js'
import { openExceptions } from './open-exceptions.js'

export interface QuestionInput {
  readonly meter: string
  readonly readAt: Instant
  readonly quantity: number
  /** Why the reading is doubted. */
  readonly reason: string
  readonly actor: string
  readonly now: Instant
}
export interface QuestionRefused {
  /** `no_decision`: nothing is decided of such a reading; `held_already`: it is in the queue as it is. */
  readonly kind: 'no_decision' | 'held_already' | 'hangs_nowhere' | 'answered_already'
}
export interface Questioned {
  readonly outcome: 'opened' | 'exists'
  readonly exception: OpenException
}

/**
 * A person doubts a reading that every rule let pass. It becomes an exception like others, so that a correction of it takes evidence and a
 * second person and can be undone. The same reading as it was decided is doubted once.
 */
export async function questionReading(
  database: Database,
  input: QuestionInput,
): Promise<Result<Questioned, QuestionRefused>> {
  const { meter, readAt, quantity, reason, actor, now } = input
  const decided = await findDecidedReading(database, input)
  if (decided === null) return err({ kind: 'no_decision' })
  if (decided.verdict === 'held') return err({ kind: 'held_already' })
  if (decided.usagePointId === null) return err({ kind: 'hangs_nowhere' })
  const key = `${questionedReading}/${meter}/${new Date(readAt).toISOString()}/${quantity}/${decided.revision}`
  const finding = {
    findingKey: key,
    kind: questionedReading,
    usagePointId: decided.usagePointId,
    transformerAreaId: null,
    meterId: decided.meterId,
    quantity,
    accountId: null,
    readAt,
    periodStart: null,
    periodEnd: null,
    detail: reason,
    evidence: { questionedBy: actor, revision: decided.revision },
  }
  const isNew = (await insertFindings(database, [finding], now)) === 1
  await openExceptions(database, { now, actor })
  const open = await findOpenExceptions(database, now, { keys: [`finding/${key}`] })
  if (open.length === 0) return err({ kind: 'answered_already' })
  return ok({ outcome: isNew ? 'opened' : 'exists', exception: present(open[0], 'the exception') })
}

const questionedReading = 'questioned_reading'
