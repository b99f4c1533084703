import t from 'tap'
import { registerTariff } from '../../../billing/tariffs/register-tariff.js'
import { signTariff } from '../../../billing/tariffs/sign-tariff.js'
import { withDatabase } from '../../support/database.js'
import { arrangeRegistry, billingClock as clock } from '../runs/billing-fixture.js'
import { shippedDocument } from './shipped-tariffs.js'

const code = 'sd-residential'

t.test('keeps the versions of a tariff without overlap and gap', async (t) => {
  const test = await withDatabase(t)
  await arrangeRegistry(test.as('owner'))
  const database = test.as('billing')
  const register = (changes: object, author = 'tariff-1') =>
    registerTariff(database, clock, { ...shippedDocument(code), ...changes }, { author })
  const refuses = (act: Promise<unknown>, message: RegExp) => t.rejects(act, { name: 'UserError', message })

  t.same(await register({}), { kind: 'created', code, version: 1 })
  t.same(await register({}), { kind: 'exists', code, version: 1 })
  await refuses(register({ province: 'Hebei' }), /on record with other content/)
  await refuses(register({ version: 2, validFrom: '2026-12-31', validTo: '2028-01-01' }), /overlap/)
  await refuses(register({ version: 2, validFrom: '2027-01-02', validTo: '2028-01-01' }), /leave a gap/)
  await refuses(register({ version: 2, validFrom: '2027-01-01', validTo: '2028-01-01' }, 'nobody'), /actor_unknown/)
  await refuses(register({ energyRounding: 'whole' }), /tariff refused: energyRounding/)
  t.match(await register({ version: 2, validFrom: '2027-01-01', validTo: '2028-01-01' }), {
    kind: 'created',
    version: 2,
  })
})

t.test('takes two signatures by persons who did not write it', async (t) => {
  const test = await withDatabase(t)
  await arrangeRegistry(test.as('owner'))
  const database = test.as('billing')
  await registerTariff(database, clock, shippedDocument(code), { author: 'tariff-1' })
  const sign = (actor: string, version = 1) => signTariff(database, clock, { code, version, actor })
  t.same(await sign('tariff-2'), { kind: 'created' })
  t.same(await sign('tariff-2'), { kind: 'exists' })
  await t.rejects(sign('tariff-1'), { name: 'UserError', message: /wrote tariff .* and may not sign it/ })
  await t.rejects(sign('system'), { name: 'UserError', message: /that is for people/ })
  await t.rejects(sign('tariff-3', 9), { name: 'UserError', message: /no tariff sd-residential version 9/ })
})
