import type { Instant } from '../../domain/time.js'
import type { OpenException } from '../../storage/mdm/open-exceptions.js'

/** What has to happen next with an open exception, so that none just lies there. */
export type NextAction = 'approve' | 'visit' | 'wait' | 'fill' | 'readings' | 'decide'

type Standing = Pick<OpenException, 'kind' | 'rules' | 'waitingDecision' | 'fieldOrderId' | 'holdUntil' | 'rejected'>

/** Holds of an account that go with the reading behind them, which is an exception of its own. */
const followTheReading: ReadonlySet<string> = new Set(['boundary_held', 'boundary_missing', 'boundary_estimated'])

/**
 * - `approve` 待审批: a decision waits for another person.
 * - `visit` 待补抄: a visit is ordered and nobody has made it.
 * - `wait` 暂缓: a person put it off; from that instant on it is to be decided.
 * - `readings` 先办示数: the account is held because of a reading that is in the queue itself.
 * - `fill` 待补值: the value was refused, another one is needed.
 * - `decide` 待处理: nobody has decided yet.
 */
export function nextAction(one: Standing, now: Instant): NextAction {
  if (one.waitingDecision !== null) return 'approve'
  if (one.fieldOrderId !== null) return 'visit'
  if (one.holdUntil !== null && one.holdUntil > now) return 'wait'
  if (one.kind === 'determinant_hold' && one.rules.some((rule) => followTheReading.has(rule))) return 'readings'
  return one.rejected ? 'fill' : 'decide'
}
