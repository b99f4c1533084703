import t from 'tap'
import { maxHexCharacters, parseHex } from '../../../protocols/inspection/hex-text.js'

const texts: readonly [text: string, outcome: object][] = [
  ['68 AA\t68', { ok: true, value: Buffer.from('68aa68', 'hex') }],
  ['fefe68', { ok: true, value: Buffer.from('fefe68', 'hex') }],
  ['', { ok: false, error: { kind: 'input_empty' } }],
  ['  ', { ok: false, error: { kind: 'input_empty' } }],
  ['68 6', { ok: false, error: { kind: 'odd_number_of_digits', digits: 3 } }],
  ['68 xx', { ok: false, error: { kind: 'not_hexadecimal', offset: 3, found: 'x' } }],
  ['0x68,0xAA:68-', { ok: true, value: Buffer.from('68aa68', 'hex') }],
  ['6'.repeat(maxHexCharacters + 1), { ok: false, error: { kind: 'input_too_long', limit: maxHexCharacters } }],
]

for (const [text, outcome] of texts) {
  t.test(`'${text.slice(0, 12)}' is ${JSON.stringify(outcome).slice(0, 60)}`, async (t) => {
    t.same(parseHex(text), outcome)
  })
}
