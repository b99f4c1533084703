import t from 'tap'
import { jsonDefect } from '../../../console/cli/json-defect.js'

t.test('finds what a parser of JSON passes over', async (t) => {
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
  const rows: readonly (readonly [string, string, number | null])[] = [
    ['keys of several objects', '{"a": {"b": 1, "c": 2}, "b": [{"a": 1}, {"a": 2}]}', null],
    ['a value that is also a key', '{"a": "a", "b": "a"}', null],
    ['texts in a list', '["a", "a"]', null],
    ['brackets and commas in a text', '{"a": "}, \\"a\\": {", "b": "[\\\\"}', null],
    ['a number alone', '1', null],
    ['a key twice', '{"end": "1", "end": "2"}', 13],
    ['a key twice after an inner object', '{"a": {"a": 1}, "b": [1, 2], "a": 3}', 29],
    ['a key twice, once with an escape', '{"end": 1, "\\u0065nd": 2}', 11],
    ['two hundred levels', deep(200), null],
    ['one more', deep(201), 200],
  ]
  for (const [what, text, position] of rows) t.equal(jsonDefect(text)?.position ?? null, position, what)
  t.match(jsonDefect('{"a": 1, "a": 2}'), { message: '键重复 key given twice: a' })
})
