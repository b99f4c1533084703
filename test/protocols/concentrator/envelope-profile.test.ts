import t from 'tap'
import {
  isLossFree,
  parseEnvelopeProfile,
  toEnvelopeProfile,
} from '../../../protocols/concentrator/envelope-profile.js'
import { envelopeProfiles } from '../../../protocols/concentrator/envelope-profiles.js'

const form = { kind: 'json', frame: 'items[].frame' }
const up = { topic: 'a/{concentrator}/up', forms: [form] }
const correlation = { by: 'address_function_identifier', timeoutSeconds: 10 }
const sound = { name: 'x', source: 'a test', channels: { up }, correlation }
const withForm = (one: unknown) => ({ ...sound, channels: { up: { ...up, forms: [one] } } })

t.test('the profile of the defects below is sound without them', async (t) => {
  t.match(toEnvelopeProfile(sound, 'x.json'), { ok: true })
})

const defects: readonly [what: string, document: unknown, path: string, reason: RegExp][] = [
  ['an unknown key', { ...sound, colour: 'red' }, '(top level)', /colour/],
  ['an unknown key of a form', withForm({ ...form, frmae: 'x' }), 'channels.up.forms.0', /frmae/],
  ['no source', { ...sound, source: '' }, 'source', /./],
  [
    'a topic without a name',
    { ...sound, channels: { up: { ...up, topic: 'a/up' } } },
    'channels.up.topic',
    /whole level/,
  ],
  ['an unknown kind', withForm({ kind: 'xml' }), 'channels.up.forms.0.kind', /./],
  ['a path with two lists', withForm({ kind: 'json', frame: 'a[].b[].c' }), 'channels.up.forms.0.frame', /names/],
  ['an empty path', withForm({ kind: 'json', frame: '' }), 'channels.up.forms.0.frame', /names/],
  ['nothing to find', withForm({ kind: 'json', meter: 'm' }), 'channels.up.forms.0', /at least one/],
  ['frames and values', withForm({ ...form, value: 'v', dataIdentifier: 'd' }), 'channels.up.forms.0', /not both/],
  ['a value of nothing', withForm({ kind: 'json', value: 'v' }), 'channels.up.forms.0', /data identifier/],
  ['two lists', withForm({ ...form, meter: 'meters[].name' }), 'channels.up.forms.0', /one list/],
  [
    'a list beside one frame',
    withForm({ kind: 'json', frame: 'f', meter: 'm[].n' }),
    'channels.up.forms.0',
    /goes through the list/,
  ],
  [
    'an id inside of a list',
    withForm({ ...form, messageId: { path: 'items[].id', type: 'text' } }),
    'channels.up.forms.0',
    /outside/,
  ],
  ['two channels on one topic', { ...sound, channels: { up, down: up } }, 'channels', /own topic/],
  [
    'receipts that name nothing',
    { ...sound, channels: { up, receipt: { ...up, topic: 'a/{concentrator}/r' } } },
    'channels.receipt',
    /messageId/,
  ],
  [
    'a table without its receipt',
    { ...sound, channels: { up, table: { topic: 'a/{concentrator}/t' } } },
    'channels.table',
    /together/,
  ],
  [
    'ids that no message has',
    { ...sound, correlation: { by: 'message_id', timeoutSeconds: 10 } },
    'correlation.by',
    /messageId/,
  ],
  [
    'no time to answer',
    { ...sound, correlation: { ...correlation, timeoutSeconds: 0 } },
    'correlation.timeoutSeconds',
    /./,
  ],
]

for (const [what, document, path, reason] of defects) {
  t.test(`refuses ${what}, and says where`, async (t) => {
    t.match(toEnvelopeProfile(document, 'x.json'), {
      ok: false,
      error: { kind: 'invalid_envelope_profile', file: 'x.json', path, reason },
    })
  })
}

t.test('refuses a file that is no JSON', async (t) => {
  t.match(parseEnvelopeProfile('{', 'x.json'), {
    ok: false,
    error: { kind: 'invalid_envelope_profile', file: 'x.json' },
  })
})

t.test('of the shipped profiles only ours is loss-free', async (t) => {
  t.equal(envelopeProfiles.size, 9)
  t.same(
    [...envelopeProfiles.values()].filter(isLossFree).map(({ name }) => name),
    ['shuangwu'],
  )
})
