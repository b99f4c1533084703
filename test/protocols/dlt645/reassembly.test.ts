import t from 'tap'
import type { Message } from '../../../protocols/dlt645/message.js'
import { addPart, type Assembly, startAssembly } from '../../../protocols/dlt645/reassembly.js'

const head = { address: '000000000161', direction: 'reply', dataIdentifier: '0506FF01' } as const
const first: Message = {
  ...head,
  edition: '2007',
  function: 'read',
  outcome: 'more',
  payload: Buffer.from('0102', 'hex'),
}
const part = (bytes: string, outcome: Message['outcome'] = 'more'): Message => ({
  ...head,
  edition: '2007',
  function: 'read_follow_up',
  outcome,
  payload: Buffer.from(bytes, 'hex'),
})

function started(message: Message = first): Assembly {
  const assembly = startAssembly(message)
  if (!assembly.ok) throw new Error(assembly.error.kind)
  return assembly.value
}

function added(assembly: Assembly, message: Message): Assembly {
  const next = addPart(assembly, message)
  if (!next.ok) throw new Error(next.error.kind)
  return next.value
}

t.test('parts are put together in the order of their numbers, without them', async (t) => {
  const second = added(started(), part('030401'))
  t.match(second, { state: 'collecting', nextSequence: 2 })
  t.match(added(second, part('0502', 'good')), { state: 'complete', payload: Buffer.from('0102030405', 'hex') })
})

t.test('a short answer is complete at once', async (t) => {
  t.match(started({ ...first, outcome: 'good' }), { state: 'complete', payload: Buffer.from('0102', 'hex') })
})

const refused: readonly [what: string, message: Message, error: object][] = [
  ['another number', part('030402'), { kind: 'wrong_sequence', expected: 1, actual: 2 }],
  ['another item', { ...part('030401'), dataIdentifier: '0506FF02' }, { kind: 'wrong_identifier' }],
  ['a repetition of the first answer', first, { kind: 'not_a_part' }],
  ['a refusal', part('02', 'refused'), { kind: 'not_a_part' }],
  ['a part without its number', part(''), { kind: 'not_a_part' }],
]

for (const [what, message, error] of refused) {
  t.test(`${what} is ${JSON.stringify(error)} and changes nothing`, async (t) => {
    t.same(addPart(started(), message), { ok: false, error })
  })
}

t.test('the 1997 edition does not number its parts', async (t) => {
  const assembly = started({ ...first, edition: '1997' })
  t.match(added(assembly, { ...part('0304', 'good'), edition: '1997' }), { payload: Buffer.from('01020304', 'hex') })
})

t.test('what is no answer to a read begins nothing', async (t) => {
  for (const message of [
    part('01'),
    { ...first, direction: 'request' as const },
    { ...first, outcome: 'refused' as const },
  ])
    t.same(startAssembly(message), { ok: false, error: { kind: 'not_a_part' } })
})
