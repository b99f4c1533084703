import t from 'tap'
import { encodeMessage, type Message } from '../../../protocols/dlt645/message.js'
import { maskedHex } from '../../../protocols/dlt645/masked-hex.js'

const trip = '68611001301215681c10356a3935343333334d333333336345cc2c16'
const request = {
  edition: '2007',
  address: '000000000161',
  direction: 'request',
  outcome: 'good',
  dataIdentifier: null,
} as const

const frames: readonly [what: string, bytes: Buffer, masked: string | RegExp][] = [
  ['a read as it is', Buffer.from('68610100000000681104333334331416', 'hex'), '68610100000000681104333334331416'],
  ['a trip without its password', Buffer.from(trip, 'hex'), '68611001301215681C1035******343333334D333333336345CC2C16'],
  [
    'wake-up bytes before it',
    Buffer.from(`fefe${trip}`, 'hex'),
    'FEFE68611001301215681C1035******343333334D333333336345CC2C16',
  ],
  [
    'both passwords of a change',
    changed({
      function: 'change_password',
      dataIdentifier: '04000C03',
      payload: Buffer.from('0211111102222222', 'hex'),
    }),
    /6818 0C 36 3F 33 37 35 \*\*\*\*\*\* 35 \*\*\*\*\*\*/,
  ],
  [
    'the new password in a write',
    changed({ function: 'write', dataIdentifier: '04000C03', payload: Buffer.from('021111110000000102222222', 'hex') }),
    /35 \*{6} 33 33 33 34 35 \*{6}/,
  ],
  [
    'the password that a reply repeats',
    changed({ direction: 'reply', function: 'change_password', payload: Buffer.from('02222222', 'hex') }),
    /9804 35 \*{6}/,
  ],
  [
    'everything of a form that nobody knows',
    changed({ function: 'clear_meter', payload: Buffer.from('0211', 'hex') }),
    /1A02 \*{4}/,
  ],
  [
    'nothing of a refusal',
    changed({ direction: 'reply', outcome: 'refused', function: 'write', payload: Buffer.from([4]) }),
    /D401 37/,
  ],
]

for (const [what, bytes, masked] of frames) {
  t.test(`shows ${what}`, async (t) => {
    const shown = maskedHex(bytes)
    if (typeof masked === 'string') t.equal(shown, masked)
    else t.match(shown, new RegExp(masked.source.replaceAll(' ', '')))
    t.equal(shown.length, 2 * bytes.length)
  })
}

function changed(message: Pick<Message, 'function' | 'payload'> & Partial<Message>): Buffer {
  return encodeMessage({ ...request, ...message })
}
