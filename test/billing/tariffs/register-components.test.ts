import t from 'tap'
import { registerComponents } from '../../../billing/tariffs/register-components.js'
import { withDatabase } from '../../support/database.js'
import { arrangeRegistry } from '../runs/billing-fixture.js'
import { componentClock as clock, ownTariff } from '../runs/component-fixture.js'

interface File {
  readonly versions: readonly object[]
}

t.test('keeps each version of a file by itself, without overlap and gap', async (t) => {
  const test = await withDatabase(t)
  await arrangeRegistry(test.as('owner'))
  const database = test.as('billing')
  const file = ownTariff('own', {}) as File
  const [first, second] = file.versions
  const register = (changes: object, author = 'tariff-1') =>
    registerComponents(database, clock, { ...file, ...changes }, { author })
  const refuses = (act: Promise<unknown>, message: RegExp) => t.rejects(act, { name: 'UserError', message })

  t.same(await register({ versions: [first] }), [{ kind: 'created', code: 'own', version: 1 }])
  t.same(await register({}), [
    { kind: 'exists', code: 'own', version: 1 },
    { kind: 'created', code: 'own', version: 2 },
  ])
  await refuses(register({ versions: [{ ...first, unread: 'by_days' }] }), /version 1 is on record with other content/)
  await refuses(register({ versions: [{ ...second, version: 3, validFrom: '2026-02-01' }] }), /overlap/)
  const ended = { ...first, version: 3, validFrom: '2025-01-01', validTo: '2025-12-31' }
  await refuses(register({ versions: [ended] }), /leave a gap/)
  await refuses(register({ currency: { code: 'USD', decimals: 2 } }), /currency .*is another one/)
  await refuses(register({}, 'nobody'), /actor_unknown/)
  await refuses(register({ versions: [{ ...first, posting: undefined }] }), /versions\.0\.posting: posting_missing/)
  await refuses(register({ format: 'tariff/3' }), /tariff refused: .*format: malformed/)
  const stored = await database.query(
    `select version, document -> 'versions' -> 0 ->> 'version' as own, jsonb_array_length(document -> 'versions') as versions
       from tariff_version order by version`,
  )
  t.same(stored, [
    { version: 1, own: '1', versions: 1 },
    { version: 2, own: '2', versions: 1 },
  ])
})
