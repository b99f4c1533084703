import t from 'tap'
import type { Edition } from '../../../protocols/dlt645/data-item.js'
import { isCalled, parseAddress, reachesMany } from '../../../protocols/dlt645/address.js'

const printed: readonly [text: string, edition: Edition, address: string | null][] = [
  ['161', '2007', '000000000161'],
  ['202600000001', '2007', '202600000001'],
  ['161', '1997', 'AAAAAAAA0161'],
  ['12345', '1997', 'AAAAAA012345'],
  ['AAAAAAAAAAAA', '2007', 'AAAAAAAAAAAA'],
  ['aaaa00000012', '2007', 'AAAA00000012'],
  ['', '2007', null],
  ['1234567890123', '2007', null],
  ['12AA', '2007', null],
  ['meter', '2007', null],
]

for (const [text, edition, address] of printed) {
  t.test(`the number '${text}' is ${address ?? 'no address'} in ${edition}`, async (t) => {
    const parsed = parseAddress(text, edition)
    t.equal(parsed.ok ? parsed.value : null, address)
  })
}

const calls: readonly [called: string, meter: string, heard: boolean][] = [
  ['000000000161', '000000000161', true],
  ['000000000161', '000000000162', false],
  ['AAAAAAAAAAAA', '000000000161', true],
  ['AAAAAAAA0161', '000000000161', true],
  ['AAAAAAAA0162', '000000000161', false],
  ['00AA00000161', '000000000161', false],
  ['999999999999', '000000000161', true],
]

for (const [called, meter, heard] of calls) {
  t.test(`${meter} ${heard ? 'feels' : 'does not feel'} called by ${called}`, async (t) => {
    t.equal(isCalled(called, meter), heard)
  })
}

t.test('wildcards and broadcasts reach many', async (t) => {
  t.same(['999999999999', 'AAAAAAAAAAAA', 'AAAA00000001', '000000000001'].map(reachesMany), [true, true, true, false])
})
