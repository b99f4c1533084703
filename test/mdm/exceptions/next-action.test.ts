import t from 'tap'
import { nextAction } from '../../../mdm/exceptions/next-action.js'

const plain = {
  kind: 'held_reading',
  rules: ['decrease'],
  waitingDecision: null,
  fieldOrderId: null,
  holdUntil: null,
  rejected: false,
}
const now = 1000
const table = [
  ['nobody decided', {}, 'decide'],
  ['a decision waits', { waitingDecision: 'd', fieldOrderId: 'f' }, 'approve'],
  ['a visit is ordered', { fieldOrderId: 'f', holdUntil: 2000 }, 'visit'],
  ['put off', { holdUntil: 2000 }, 'wait'],
  ['put off until now', { holdUntil: 1000 }, 'decide'],
  ['refused', { rejected: true }, 'fill'],
  ['an account held for a reading', { kind: 'determinant_hold', rules: ['boundary_held'] }, 'readings'],
  ['an account held for its look', { kind: 'determinant_hold', rules: ['usage_unlike_history'] }, 'decide'],
] as const

for (const [why, more, expected] of table)
  t.test(`${why}: ${expected}`, async (t) => {
    t.equal(nextAction({ ...plain, ...more }, now), expected)
  })
