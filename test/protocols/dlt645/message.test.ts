import t from 'tap'
import { functions1997, functions2007 } from '../../../protocols/dlt645/control-code.js'
import type { Edition } from '../../../protocols/dlt645/data-item.js'
import { openFrame } from '../../../protocols/dlt645/frame.js'
import { encodeMessage, type Message, parseMessage } from '../../../protocols/dlt645/message.js'
import { payloadFields } from '../../../protocols/dlt645/payload-fields.js'
import { parseRefusal, refusalByte } from '../../../protocols/dlt645/refusal.js'

const address = '000000000161'
const editions: readonly Edition[] = ['2007', '1997']
const functions = { '2007': functions2007, '1997': functions1997 }
const identifiers = { '2007': '00010000', '1997': '9010' }
const directions = ['request', 'reply'] as const

for (const edition of editions) {
  t.test(`every function of ${edition} is read as it was written, both ways`, async (t) => {
    for (const name of Object.keys(functions[edition]) as Message['function'][]) {
      for (const direction of directions) {
        const message = messageOf(edition, name, direction)
        t.same(parseMessage(openFrame(encodeMessage(message)), edition), message, `${direction} ${name}`)
      }
      const refused: Message = {
        ...messageOf(edition, name, 'reply'),
        outcome: 'refused',
        dataIdentifier: null,
        payload: Buffer.from([4]),
      }
      t.same(parseMessage(openFrame(encodeMessage(refused)), edition), refused, `refused ${name}`)
    }
  })
}

const recognised: readonly [what: string, controlCode: number, data: string, edition: string | null][] = [
  ['11H', 0x11, '00000100', '2007'],
  ['B1H', 0xb1, '0000010000', '2007'],
  ['01H', 0x01, '1090', '1997'],
  ['C1H', 0xc1, '02', '1997'],
  ['90H', 0x90, '', '1997'],
  ['08H, in both editions the same', 0x08, '512210050617', '2007'],
  ['03H with an identifier of class 07', 0x03, '0000000701000000', '2007'],
  ['03H without anything', 0x03, '', '1997'],
  ['83H with two bytes of identifier', 0x83, '109026000000', '1997'],
  ['C3H with a word', 0xc3, '0800', '2007'],
  ['C3H with a byte', 0xc3, '02', '2007'],
  ['83H without anything', 0x83, '', '2007'],
  ['1EH', 0x1e, '', null],
  ['C5H', 0xc5, '00', null],
  ['a request with the bit of a refusal', 0x51, '00', null],
]

for (const [what, controlCode, data, edition] of recognised) {
  t.test(`${what} belongs to ${edition ?? 'no edition'}`, async (t) => {
    t.equal(parseMessage({ address, controlCode, data: Buffer.from(data, 'hex') })?.edition ?? null, edition)
  })
}

const layouts: readonly [what: string, message: Partial<Message>, payload: string, names: readonly string[] | null][] =
  [
    ['a read with a number of records', { function: 'read' }, '05', ['recordCount']],
    ['a read of records from a time on', { function: 'read' }, '050007150726', ['recordCount', 'from']],
    ['a freeze', { function: 'freeze' }, '99999999', ['freezeAt']],
    ['a new rate', { function: 'change_rate' }, '08', ['rate']],
    [
      'a new password',
      { function: 'change_password', dataIdentifier: '04000C03' },
      '0200000002111111',
      ['level', 'password', 'newLevel', 'newPassword'],
    ],
    [
      'an event clear',
      { function: 'clear_events' },
      '0200000001000000ffffffff',
      ['level', 'password', 'operator', 'events'],
    ],
    [
      'a write under cipher',
      { function: 'write', dataIdentifier: '04000102' },
      '98000000010000001122334455667788',
      ['level', 'password', 'operator'],
    ],
    [
      'a plain write with a MAC',
      { function: 'write', dataIdentifier: '04000102' },
      '990000000100000055081511223344',
      ['level', 'password', 'operator', 'time', 'mac'],
    ],
    [
      'a trip with automatic reclose',
      { function: 'control_relay' },
      '02000000010000001d06000000301299',
      ['level', 'password', 'operator', 'command', 'recloseAfter', 'validUntil'],
    ],
    [
      'a write of a length that the item does not have',
      { function: 'write', dataIdentifier: '04000102' },
      '02000000010000005508',
      ['level', 'password', 'operator'],
    ],
    ['a read with odd bytes behind it', { function: 'read' }, '0102', null],
  ]

for (const [what, message, payload, names] of layouts) {
  t.test(`${what} has ${names === null ? 'no fields' : `the fields ${names.join(', ')}`}`, async (t) => {
    const fields = payloadFields({
      ...messageOf('2007', 'read', 'request'),
      ...message,
      payload: Buffer.from(payload, 'hex'),
    })
    t.same(fields?.map(({ name }) => name) ?? null, names)
  })
}

const refusals: readonly [
  edition: Edition,
  name: Message['function'],
  payload: string,
  code: string,
  reasons: readonly string[],
][] = [
  ['2007', 'read', '02', '02', ['no_such_data']],
  ['2007', 'write', '05', '05', ['other', 'unauthorised']],
  ['1997', 'read', '03', '03', ['illegal_data', 'identifier_wrong']],
  ['2007', 'authenticate', '0400', '0004', ['esam_check_failed']],
  ['2007', 'control_relay', '20000400', '00040020', ['keep_power_on']],
  ['2007', 'read', '', '', []],
  ['2007', 'read', '0102', '0201', []],
]

for (const [edition, name, payload, code, reasons] of refusals) {
  t.test(
    `a refused ${name} of ${edition} with ${payload || 'nothing'} gives ${reasons.join(', ') || 'no reason'}`,
    async (t) => {
      t.same(parseRefusal(edition, name, Buffer.from(payload, 'hex')), { code, reasons })
    },
  )
}

t.test('the error byte is written from its reasons', async (t) => {
  t.same(refusalByte(['no_such_data', 'rate_locked']), Buffer.from([0x0a]))
})

function messageOf(edition: Edition, name: Message['function'], direction: Message['direction']): Message {
  const carries =
    ['read', 'read_follow_up', 'authenticate'].includes(name) ||
    (name === 'read_again' && direction === 'reply') ||
    (direction === 'request' && (name === 'write' || (name === 'change_password' && edition === '2007')))
  return {
    edition,
    address,
    direction,
    function: name,
    outcome: 'good',
    dataIdentifier: carries ? identifiers[edition] : null,
    payload: Buffer.from('0102', 'hex'),
  }
}
