import type { Database } from '../../storage/database.js'
import { changeApprovalRight, confirmApprovalRight } from '../../storage/rights.js'

/** People who may approve, the way a utility makes them: the first two vouch for each other, they confirm the others. */
export async function plantApprovers(owner: Database, people: readonly string[]): Promise<void> {
  for (const person of people)
    await owner.execute(`insert into actor values ($1, $1, 'person', 'epoch') on conflict do nothing`, [person])
  const [first = '', second = ''] = people
  for (const person of people) {
    const author = person === first ? second : first
    const change = { actor: person, granted: true, loginName: null, author, reason: 'test', recordedAt: 0 }
    const { inForce } = await changeApprovalRight(owner, change)
    if (!inForce) await confirmApprovalRight(owner, { actor: person, approver: second, confirmedAt: 0 })
  }
}
