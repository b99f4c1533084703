import fc from 'fast-check'
import t from 'tap'
import { modbusFunctions } from '../../../protocols/modbus/pdu-limits.js'
import { decodeReplyPdu } from '../../../protocols/modbus/reply-pdu.js'
import { answerPdu, type ModbusDevice } from '../../../simulators/modbus/answer-pdu.js'
import { createRegisterBank } from '../../../simulators/modbus/register-bank.js'
import { anyBytes } from '../../protocols/modbus/arbitrary-pdu.js'

function device(functions: readonly (typeof modbusFunctions)[number][] = modbusFunctions): ModbusDevice {
  const bank = createRegisterBank(
    [
      { table: 'coils', address: 0, values: [1, 0, 1, 0, 0, 0, 0, 0, 1] },
      { table: 'discreteInputs', address: 4, values: [0, 1] },
      { table: 'holding', address: 0, values: [0x12, 2, 3] },
      { table: 'input', address: 0, values: [0xbeef] },
    ],
    [{ table: 'holding', address: 3, count: 1, bytesAt: (now) => Buffer.from([0, now]) }],
  )
  return { bank, functions: new Set(functions) }
}

const ask = (one: ModbusDevice, pdu: string) => answerPdu(one, Buffer.from(pdu, 'hex'), 9).toString('hex')

const answers: readonly (readonly [what: string, pdu: string, answer: string])[] = [
  ['coils', '0100000009', '01020501'],
  ['discrete inputs', '0200040002', '020102'],
  ['holding registers, live ones among them', '0300000004', '03080012000200030009'],
  ['input registers', '0400000001', '0402beef'],
  ['one coil written', '050001ff00', '050001ff00'],
  ['one register written', '0600010003', '0600010003'],
  ['coils written', '0f00000003010 2'.replace(' ', ''), '0f00000003'],
  ['registers written', '100000000204000a0102', '1000000002'],
  ['a mask written', '16000000f20025', '16000000f20025'],
  ['written before it is read', '1700000002000000010200ff', '170400ff0002'],
  ['a function it does not know', '2b0e0100', 'ab01'],
  ['no count', '0300000000', '8303'],
  ['more than a reply holds', '030000007e', '8303'],
  ['a byte count that contradicts', '1000000002020000', '9003'],
  ['a coil neither on nor off', '0500010001', '8503'],
  ['a register too many', '0300000005', '8302'],
  ['an address beyond the last', '03ffff0002', '8302'],
  ['a coil that is not there', '0500090000', '8502'],
  ['a register that counts by itself', '0600030000', '8602'],
  ['a mask on it', '1600030000ffff', '9602'],
  ['registers of which one is not there', '100002000204000a0102', '9002'],
]

for (const [what, pdu, answer] of answers) {
  t.test(`${what}: ${pdu} is answered with ${answer}`, async (t) => {
    t.equal(ask(device(), pdu), answer)
  })
}

t.test('a write changes what is read, a refused one changes nothing', async (t) => {
  const one = device()
  ask(one, '16000000f20025')
  t.equal(ask(one, '0300000001'), '03020017')
  t.equal(ask(one, '100002000204ffffffff'), '9002')
  t.equal(ask(one, '170009000100000001 02ffff'.replace(' ', '')), '9702')
  t.equal(ask(one, '0300000003'), '0306001700020003')
  ask(one, '0f0000000901ff'.replace('01ff', '02ff00'))
  t.equal(ask(one, '0100000009'), '0102ff00')
})

t.test('a device refuses functions that it is not given', async (t) => {
  t.equal(ask(device([3]), '0600010003'), '8601')
  t.equal(ask(device([3]), '0300000001'), '03020012')
})

t.test('any bytes are answered with a sound reply', async () => {
  const one = device()
  fc.assert(
    fc.property(fc.nat(255), anyBytes, (code, rest) => {
      const reply = answerPdu(one, Buffer.concat([Buffer.from([code]), rest]).subarray(0, 253), 9)
      return decodeReplyPdu(reply).ok
    }),
    { seed: 1, numRuns: 2000 },
  )
})
