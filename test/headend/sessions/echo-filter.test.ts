import t from 'tap'
import { createEchoFilter } from '../../../headend/sessions/echo-filter.js'

const sent = Buffer.from('fefe68420068110168', 'hex')
const reply = Buffer.from('fefe6842006891', 'hex')

const cases: readonly (readonly [title: string, chunks: readonly Buffer[], heard: Buffer])[] = [
  ['an echo and a reply', [Buffer.concat([sent, reply])], reply],
  ['an echo in pieces', [sent.subarray(0, 3), sent.subarray(3), reply], reply],
  ['a reply that begins like the request', [reply], reply],
  ['the same in pieces', [reply.subarray(0, 4), reply.subarray(4)], reply],
  ['half an echo and silence', [sent.subarray(0, 5)], sent.subarray(0, 5)],
]

for (const [title, chunks, heard] of cases)
  t.test(title, async (t) => {
    const filter = createEchoFilter(sent)
    const parts = chunks.map((chunk) => filter.push(chunk))
    t.same(Buffer.concat([...parts, filter.rest()]), heard)
  })
