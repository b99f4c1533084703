import { writeFileSync } from 'node:fs'
import t from 'tap'
import { readJsonFile } from '../../../console/cli/read-json-file.js'
import { createFakeIo } from './fake-io.js'

t.test('a file that is no JSON, or says something twice, is named with its line', (t) => {
  const folder = t.testdir()
  const long = `{"a": "${'x'.repeat(40)}",\n"b": [, 1],\n"c": "${'y'.repeat(40)}"}`
  const table: readonly (readonly [title: string, content: string | Buffer, message: RegExp])[] = [
    ['a comma too many', '{"a": 1,\n}', /^f\.json:2: 不是 JSON no JSON: /],
    ['a comma too many in the middle', long, /^f\.json:2: 不是 JSON no JSON: /],
    ['nothing', '', /^f\.json: 不是 JSON no JSON: /],
    ['another encoding', Buffer.from([0x7b, 0xb5, 0xe7, 0x7d]), /^f\.json: 不是 UTF-8 文本.* no UTF-8 text/],
    ['two bytes a letter', Buffer.from('{"a": 1}', 'utf16le'), /^f\.json: 不是 UTF-8 文本.* no UTF-8 text/],
    [
      'a key twice',
      '{"price": "5",\n"more": {"price": "5", "of": ["price", ":"]},\n"price": "6"}',
      /^f\.json:3: 键重复 key given twice: price$/,
    ],
    [
      'a key twice, written in two ways',
      '[{"a": 1}, {"a": 1, "\\u0061": 2}]',
      /^f\.json:1: 键重复 key given twice: a$/,
    ],
  ]
  for (const [title, content, message] of table) {
    writeFileSync(`${folder}/f.json`, content)
    t.throws(() => readJsonFile(createFakeIo({ cwd: folder }), 'f.json'), { code: 'bad_input', message }, title)
  }
  t.end()
})

t.test('a byte order mark, and the same key in different objects, are nothing', (t) => {
  const folder = t.testdir({ 'f.json': '\uFEFF{"a": {"a": ["a", "{", "\\"a\\":"]}, "b": {"a": 1}}' })
  t.same(readJsonFile(createFakeIo({ cwd: folder }), 'f.json'), { a: { a: ['a', '{', '"a":'] }, b: { a: 1 } })
  t.end()
})
