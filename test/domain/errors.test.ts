import t from 'tap'
import { UserError } from '../../domain/errors.js'

t.test('a reason is a field for programs and the first word of the message for people', async (t) => {
  const cause = new Error('underneath')
  const cases = [
    [new UserError('refused', 'nobody may'), { message: 'nobody may', reason: undefined, cause: undefined }],
    [
      new UserError('refused', 'a reviewed it', { reason: 'four_eyes' }),
      { message: 'four_eyes: a reviewed it', reason: 'four_eyes', cause: undefined },
    ],
    [new UserError('port_taken', '8080', { cause }), { message: '8080', reason: undefined, cause }],
    [
      new UserError('refused', 'none covers July', { reason: 'tariff_gap', cause }),
      { message: 'tariff_gap: none covers July', reason: 'tariff_gap', cause },
    ],
  ] as const
  for (const [{ message, reason, cause: under }, expected] of cases)
    t.same({ message, reason, cause: under }, expected, expected.message)
})

t.test('the code decides how the command line leaves', async (t) => {
  const cases = [
    ['refused', 1],
    ['not_found', 1],
    ['bad_usage', 2],
    ['bad_config', 2],
    ['bad_input', 2],
    ['database_unreachable', 3],
    ['port_taken', 3],
  ] as const
  for (const [code, exitCode] of cases) t.equal(new UserError(code, '').exitCode, exitCode, code)
})
