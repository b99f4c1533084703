import t from 'tap'
import { decisionActions } from '../../../domain/exception-policy.js'
import { isAllowed } from '../../../mdm/exceptions/allowed-actions.js'

const policy = { releasableHolds: ['usage_unlike_history'] }
const reading = { rules: ['decrease'], meterId: 1n, readAt: 0 }
const account = { meterId: null, readAt: null }

const table = [
  [{ ...reading, kind: 'held_reading' }, 'accept correct estimate hold field_order reject'],
  [{ ...reading, kind: 'missing_reading' }, 'correct estimate hold field_order'],
  [{ ...account, kind: 'determinant_hold', rules: ['usage_unlike_history'] }, 'accept hold'],
  [{ ...account, kind: 'determinant_hold', rules: ['boundary_missing'] }, 'hold'],
  [{ ...account, kind: 'area_loss', rules: ['area_loss'] }, 'accept hold reject'],
  [{ ...reading, kind: 'doubtful_reading' }, 'accept correct hold field_order reject'],
] as const

for (const [subject, expected] of table)
  t.test(`${subject.kind} (${subject.rules.join()}): ${expected}`, async (t) => {
    t.equal(decisionActions.filter((action) => isAllowed(action, subject, policy)).join(' '), expected)
  })
