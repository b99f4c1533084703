import t from 'tap'
import { renderTemplate } from '../../../dunning/notices/render-template.js'

const values = { name: '示例供电公司', account: '3700012345', amount: 123_405n, due_date: '2026-08-18' }

t.test('fills names by their formats', async (t) => {
  const cases = [
    ['{{name|text}}：', '示例供电公司：'],
    ['{{amount|yuan}}元', '1234.05元'],
    ['{{account|masked}}', '******2345'],
    ['{{account|tail}}', '2345'],
    ['{{due_date|date}}到期', '2026年8月18日到期'],
    ['no placeholder', 'no placeholder'],
    ['{{amount|yuan}}{{amount|yuan}}', '1234.051234.05'],
  ] as const
  for (const [template, text] of cases) t.same(renderTemplate(template, values), { ok: true, value: text }, template)
})

t.test('refuses whatever a customer should never read', async (t) => {
  const cases = [
    ['{{nobody|text}}', 'unknown_name'],
    ['{{constructor|text}}', 'unknown_name'],
    ['{{amount|dollar}}', 'unknown_format'],
    ['{{amount|constructor}}', 'unknown_format'],
    ['{{amount|text}}', 'format_mismatch'],
    ['{{account|yuan}}', 'format_mismatch'],
    ['{{account|date}}', 'format_mismatch'],
    ['{{amount}}', 'broken_placeholder'],
    ['{{ amount|yuan }}', 'broken_placeholder'],
    ['{amount|yuan}', 'broken_placeholder'],
    ['{{amount|yuan', 'broken_placeholder'],
    ['{{{amount|yuan}}}', 'broken_placeholder'],
    ['{', 'broken_placeholder'],
  ] as const
  for (const [template, kind] of cases)
    t.match(renderTemplate(template, values), { ok: false, error: { kind } }, template)
})

t.test('a value is never read as a template', async (t) => {
  const tricky = { ...values, name: '{{amount|yuan}}' }
  t.same(renderTemplate('{{name|text}}', tricky), { ok: true, value: '{{amount|yuan}}' })
})

t.test('a short account keeps its digits', async (t) => {
  t.same(renderTemplate('{{account|masked}}', { account: '12' }), { ok: true, value: '12' })
})
