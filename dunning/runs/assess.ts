import type { Clock } from '../../domain/runtime.js'
import { calendarFor, daysBetween, type Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../../storage/database.js'
import { insertCases } from '../../storage/dunning/cases.js'
import { insertManualTasks, selectGridCellManagers } from '../../storage/dunning/manual-tasks.js'
import { insertNotices } from '../../storage/dunning/notices.js'
import { type ItemKey, type OverdueItem, selectOverdueItems } from '../../storage/dunning/overdue-items.js'
import { present } from '../../domain/result.js'
import { caseIdOf, manualTaskIdOf } from '../cases/case-ids.js'
import type { DunningPolicy } from '../policy/policy.js'
import { type HeldCase, heldCase, holdCases, releaseCases } from './case-work.js'
import { loadPolicies, type Policies } from './policies.js'
import { loadReach, type Reach } from './reach.js'
import { toNotice } from './to-notice.js'

const itemsPerTransaction = 1000

export interface AssessCounts {
  readonly opened: number
  readonly noticesQueued: number
  readonly tasksOpened: number
  /** Accepted notices counted as delivered because no failure came in. */
  readonly plausiblyDelivered: number
  /** Cases whose step is due but whose account cannot be addressed today on any of its channels. */
  readonly unreachable: number
}

type Tally = { -readonly [Count in keyof AssessCounts]: AssessCounts[Count] }

/**
 * The daily look at what is overdue: opens cases under the latest version of a policy, queues the notices that are due, and hands
 * cases with enough effective notices to a person. Each page of items is one transaction; a second run finds nothing left to do.
 */
export async function assess(database: Database, clock: Clock, policyCode: string): Promise<AssessCounts> {
  const policies = await loadPolicies(database, clock)
  const policy = policies.latest(policyCode)
  const tally: Tally = { opened: 0, noticesQueued: 0, tasksOpened: 0, plausiblyDelivered: 0, unreachable: 0 }
  let after: ItemKey | undefined = { segmentId: -1n, ordinal: 0 }
  while (after !== undefined) {
    const key: ItemKey = after
    after = await database.transaction((tx) => assessPage(tx, policies, policy, clock.now(), key, tally))
  }
  return tally
}

async function assessPage(
  tx: Transaction,
  policies: Policies,
  policy: DunningPolicy,
  now: Instant,
  after: ItemKey,
  tally: Tally,
): Promise<ItemKey | undefined> {
  const items = await selectOverdueItems(tx, now, after, itemsPerTransaction)
  if (items.length === 0) return undefined
  tally.opened += await insertCases(
    tx,
    items.map((item) => newCase(item, policy)),
    now,
  )
  const cases = await holdCases(tx, policies, items.map(caseIdOfItem))
  const reach = await loadReach(tx, items, now)
  const decisions = items.map((item) => assessItem(item, heldCase(cases, caseIdOfItem(item)), reach, now, tally))
  const notices = decisions.flatMap(({ notices: queued }) => queued)
  const handedOver = decisions.flatMap(({ item, person }) => (person ? [item] : []))
  await insertNotices(tx, notices, now)
  await openTasks(tx, handedOver, now)
  await releaseCases(tx, cases.values(), now)
  tally.noticesQueued += notices.length
  tally.tasksOpened += handedOver.length
  return items.at(-1)
}

function caseIdOfItem({ accountCode, bill, dueDate }: OverdueItem): string {
  return caseIdOf(accountCode, bill, dueDate)
}

function newCase(item: OverdueItem, { code, version }: DunningPolicy) {
  const { segmentId, ordinal, accountId } = item
  return { caseId: caseIdOfItem(item), segmentId, ordinal, accountId, policyCode: code, policyVersion: version }
}

function assessItem(item: OverdueItem, held: HeldCase, reach: Reach, now: Instant, tally: Tally) {
  const before = held.state()
  if (before.kind === 'accepted') {
    held.take({ kind: 'plausibly_delivered', step: before.step, attempt: before.attempt, at: now })
    if (held.state().kind === 'waiting') tally.plausiblyDelivered++
  }
  const daysOverdue = daysBetween(item.dueDate, calendarFor(item.timeZone).dateAt(now))
  const channels = reach.channels(item, held.policy)
  const effects = held.take({ kind: 'assessed', daysOverdue, channels })
  const notices = effects.flatMap((effect) =>
    effect.kind === 'queue_notice' ? [toNotice(item, held, effect, reach, now)] : [],
  )
  if (isStuck(held, daysOverdue)) tally.unreachable++
  return { item, notices, person: effects.some(({ kind }) => kind === 'open_manual_task') }
}

function isStuck(held: HeldCase, daysOverdue: number): boolean {
  const state = held.state()
  const step = held.policy.steps[state.step - 1]
  return state.kind === 'waiting' && step !== undefined && daysOverdue >= step.offsetDays
}

async function openTasks(tx: Transaction, items: readonly OverdueItem[], now: Instant): Promise<void> {
  if (items.length === 0) return
  const managers = await selectGridCellManagers(
    tx,
    items.map(({ accountId }) => accountId),
    now,
  )
  const cells = new Map(managers.map((cell) => [cell.accountId, cell]))
  const tasks = items.map((item) => {
    const { accountId, openFen, dueDate } = item
    const { gridCellId, manager } = present(cells.get(accountId), `grid cell of account ${item.accountCode}`)
    const caseId = caseIdOfItem(item)
    return { taskId: manualTaskIdOf(caseId), caseId, accountId, gridCellId, assignee: manager, openFen, dueDate }
  })
  await insertManualTasks(tx, tasks, now)
}
