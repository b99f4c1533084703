import t from 'tap'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkoutRoot } from './source-files.js'

const folder = join(checkoutRoot, 'storage', 'migrations')
const sql = readdirSync(folder)
  .sort()
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .join('\n')
const tables = [...sql.matchAll(/(?:create table (\w+)|call create_time_series\('(\w+)')/g)].map(
  (match) => match[1] ?? match[2] ?? '',
)
const kinds = new Map(
  [...sql.matchAll(/comment on table (\w+) is '(fact|state|projection):/g)].map((match) => [
    match[1] ?? '',
    match[2] ?? '',
  ]),
)

t.test('every table says whether it is fact, state or projection', async (t) => {
  t.ok(tables.length > 40, `${tables.length} tables`)
  t.same(
    tables.filter((table) => !kinds.has(table)),
    [],
  )
})

t.test('no migration grants update or delete on a fact', async (t) => {
  const granted = [...sql.matchAll(/grant ([^;]*?)\bon ([^;]*?)\bto\b/g)]
    .filter((match) => /update|delete|truncate/.test(match[1] ?? ''))
    .flatMap((match) => (match[2] ?? '').split(',').map((table) => table.trim()))
  t.ok(granted.length > 0)
  t.same(
    granted.filter((table) => kinds.get(table) === 'fact'),
    [],
  )
})
