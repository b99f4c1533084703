import t from 'tap'
import { reconnectDelayMs } from '../../../headend/sessions/reconnect-delay.js'
import { replyTimeoutMs } from '../../../headend/sessions/reply-timeout.js'

// Bytes of request and reply at 11 bits each, rounded up, on top of the meter's own time.
const timeouts = [
  { baud: 2400, replyTimeoutMs: 500, request: 20, reply: 9, expected: 500 + Math.ceil((45 * 11_000) / 2400) },
  { baud: 9600, replyTimeoutMs: 1000, request: 20, reply: 24, expected: 1069 },
  { baud: 300, replyTimeoutMs: 500, request: 16, reply: 200, expected: 9007 },
]

for (const { expected, request, reply, ...timing } of timeouts) {
  t.test(`a reply of ${reply} bytes at ${timing.baud} baud is awaited ${expected} ms`, async (t) => {
    t.equal(replyTimeoutMs(timing, request, reply), expected)
  })
}

t.test('pauses between attempts to connect double up to five minutes', async (t) => {
  t.same(
    [1, 2, 3, 9, 10, 50].map((failures) => reconnectDelayMs(failures)),
    [1000, 2000, 4000, 256_000, 300_000, 300_000],
  )
})
