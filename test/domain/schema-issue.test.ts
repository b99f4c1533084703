import t from 'tap'
import { z } from 'zod'
import { issueText } from '../../domain/schema-issue.js'

t.test('says what a schema expected, Chinese first', (t) => {
  const kinds = z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('a') })])
  const cases: readonly [title: string, schema: z.ZodType, value: unknown, text: string][] = [
    ['absent', z.strictObject({ a: z.string() }), {}, '必填 required: 文本 text'],
    ['of another type', z.int(), 'x', '应为 expected 数 a number'],
    ['no whole number', z.int(), 1.5, '应为 expected 整数 a whole number'],
    ['too small', z.number().min(3), 2, '应 expected ≥ 3'],
    ['too large', z.number().lt(3), 3, '应 expected < 3'],
    ['too short', z.string().min(1), '', '字数 characters ≥ 1'],
    ['an empty list', z.array(z.string()).min(1), [], '条数 entries ≥ 1'],
    ['an unknown key', z.strictObject({}), { b: 1 }, '无此项 no such key: b'],
    ['no choice', z.enum(['a', 'b']), 'c', '应为 expected a, b'],
    [
      'no instant',
      z.iso.datetime(),
      'x',
      '应为带时区的时刻，如 2026-07-15T10:00:00+08:00 expected an instant with its zone, such as 2026-07-15T10:00:00+08:00',
    ],
    ['a kind that is none', kinds, { kind: 'z' }, '无此种类 no such kind'],
    ['a rule of ours', z.string().refine(() => false, 'expected more'), 'x', '应为 expected more'],
    ['a rule that says it', z.string().refine(() => false, '须更多 expected more'), 'x', '须更多 expected more'],
  ]
  for (const [title, schema, value, text] of cases) {
    const parsed = schema.safeParse(value)
    t.equal(parsed.success ? '' : parsed.error.issues.map(issueText).join(), text, title)
  }
  t.end()
})
