import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ruleText } from '../../storage/rule-words.js'
import { checkoutRoot } from '../architecture/source-files.js'

const folder = join(checkoutRoot, 'storage', 'migrations')
const fewestRules = 40

t.test('whatever a trigger of the database refuses is told in Chinese as well', async (t) => {
  const migrations = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
  const texts = migrations.flatMap((sql) =>
    [...sql.matchAll(/\brefuse\(\s*(?:format\(\s*)?'((?:[^']|'')*)'/g)].map(([, text = '']) =>
      text.replaceAll("''", "'").replaceAll('%s', '7'),
    ),
  )
  t.ok(texts.length >= fewestRules, `${texts.length} texts`)
  t.same(
    texts.filter((text) => ruleText(text) === text),
    [],
  )
  t.equal(
    ruleText('crew-1 may not approve order 7: nobody has given them the right to approve'),
    '没有审批权 crew-1 may not approve order 7: nobody has given them the right to approve',
  )
  t.equal(ruleText('something else'), 'something else')
})
