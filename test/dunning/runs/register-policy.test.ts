import t from 'tap'
import { policySchema } from '../../../dunning/policy/policy.js'
import { registerPolicy } from '../../../dunning/runs/register-policy.js'
import { readStandardPolicy } from '../../../dunning/runs/standard-policy.js'
import { clockAt, openDunningTown } from '../../support/dunning-town.js'

const standard = policySchema.parse(readStandardPolicy())
const approval = { author: 'dunning-1', approver: 'dunning-2' }
const now = clockAt('02T09:00')

t.test('a policy version is registered once and never changes', async (t) => {
  const { dunning } = await openDunningTown(t)
  const cases: readonly (readonly [string, unknown, typeof approval, object])[] = [
    ['the same again', standard, approval, { ok: true, value: { kind: 'exists' } }],
    ['a new version', { ...standard, version: 2 }, approval, { ok: true, value: { kind: 'created', version: 2 } }],
    [
      'another text',
      { ...standard, attemptsPerStep: 2 },
      approval,
      { error: { kind: 'exists_with_different_document' } },
    ],
    [
      'approved by its author',
      { ...standard, version: 3 },
      { author: 'dunning-1', approver: 'dunning-1' },
      { error: { kind: 'author_is_approver' } },
    ],
    [
      'unlawful',
      { ...standard, version: 3, plausibleDeliveryHours: 1 },
      approval,
      { error: { kind: 'policy_unlawful' } },
    ],
    ['no policy at all', 'standard', approval, { error: { kind: 'policy_malformed' } }],
  ]
  for (const [title, document, by, expected] of cases)
    t.match(await registerPolicy(dunning, now, document, by), expected, title)
  t.same(await dunning.query('select version from dunning_policy_version order by version'), [
    { version: 1 },
    { version: 2 },
  ])
})

t.test('collection reads what is owed and nothing else of billing, and changes no fact', async (t) => {
  const { dunning, reader } = await openDunningTown(t)
  t.equal((await dunning.query('select from open_item')).length, 1)
  const forbidden = [
    'select from receivable',
    'select from bill',
    'select from payment',
    'select from journal_entry',
    'update notice set step = 2',
    'delete from outbox_event',
    'update contact_timeline set verified = true',
  ]
  for (const sql of forbidden) await t.rejects(dunning.execute(sql), { code: '42501' }, sql)
  await t.rejects(reader.execute('update dunning_case set step = 0'), { code: '42501' })
})
