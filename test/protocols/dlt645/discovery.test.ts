import t from 'tap'
import { discoveryProbes, nextDiscoveryStep, type ProbeOutcome } from '../../../protocols/dlt645/discovery.js'
import { openFrame } from '../../../protocols/dlt645/frame.js'
import { encodeMessage } from '../../../protocols/dlt645/message.js'

const frame = (hex: string): ProbeOutcome => ({ kind: 'frame', frame: openFrame(Buffer.from(hex, 'hex')) })
const silence: ProbeOutcome = { kind: 'silence' }
const address2007 = frame('680100000000006893063433333333339d16')
const register1997 = frame('6834691708172068810643c3363333331f16')
const refused1997 = frame('6834691708172068c10135ba16')

t.test('asks for the address first, then for the register of the older edition, at the usual rates', async (t) => {
  const asked = discoveryProbes({}).map(
    ({ edition, baud, request }) => `${edition} ${baud} ${encodeMessage(request).toString('hex')}`,
  )
  t.same(asked, [
    '2007 2400 68aaaaaaaaaaaa681300df16',
    '2007 9600 68aaaaaaaaaaaa681300df16',
    '1997 1200 68aaaaaaaaaaaa68010243c3d516',
    '1997 2400 68aaaaaaaaaaaa68010243c3d516',
  ])
})

const outcomes: readonly [what: string, outcomes: readonly ProbeOutcome[], step: object][] = [
  [
    'an address at the second rate',
    [silence, address2007],
    { kind: 'found', edition: '2007', baud: 9600, address: '000000000001' },
  ],
  [
    'a register of 1997',
    [silence, silence, register1997],
    { kind: 'found', edition: '1997', baud: 1200, address: '201708176934' },
  ],
  ['a refusal of 1997', [silence, silence, silence, refused1997], { kind: 'found', edition: '1997', baud: 2400 }],
  ['an echo of the question', [frame('68aaaaaaaaaaaa681300df16')], { kind: 'probe', probe: { baud: 9600 } }],
  ['silence everywhere', [silence, silence, silence, silence], { kind: 'not_found', heardNoise: false }],
  ['noise at one rate', [silence, { kind: 'noise' }, silence, silence], { kind: 'not_found', heardNoise: true }],
]

for (const [what, heard, step] of outcomes) {
  t.test(`${what} leads to ${JSON.stringify(step)}`, async (t) => {
    t.match(nextDiscoveryStep({}, heard), step)
  })
}

t.test('a meter whose number is known is asked by it, and nobody else is believed', async (t) => {
  const options = { address: '000000000161', bauds: { '2007': [2400], '1997': [] } }
  const [probe, ...others] = discoveryProbes(options)
  t.equal(others.length, 0)
  t.match(probe?.request, { function: 'read', address: '000000000161', dataIdentifier: '00010000' })
  const own = frame('6861010000000068910833333433593333338a16')
  t.match(nextDiscoveryStep(options, [own]), { kind: 'found', edition: '2007', address: '000000000161' })
  t.match(nextDiscoveryStep({ ...options, address: '000000000162' }, [own]), { kind: 'not_found' })
})
