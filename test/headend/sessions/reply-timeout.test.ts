import t from 'tap'
import { reconnectDelayMs } from '../../../headend/sessions/reconnect-delay.js'
import { firstByteTimeoutMs, silenceMs } from '../../../headend/sessions/reply-timeout.js'

const timeouts = [
  { baud: 2400, replyTimeoutMs: 500, request: 20, first: 500 + Math.ceil((20 * 11_000) / 2400), silence: 500 },
  { baud: 9600, replyTimeoutMs: 1000, request: 20, first: 1023, silence: 1000 },
  { baud: 300, replyTimeoutMs: 100, request: 16, first: 687, silence: 500 },
]

for (const { first, silence, request, ...timing } of timeouts) {
  t.test(
    `a reply at ${timing.baud} baud begins within ${first} ms and ends with ${silence} ms of silence`,
    async (t) => {
      t.equal(firstByteTimeoutMs(timing, request), first)
      t.equal(silenceMs(timing), silence)
    },
  )
}

t.test('pauses between attempts to connect double up to five minutes', async (t) => {
  t.same(
    [1, 2, 3, 9, 10, 50].map((failures) => reconnectDelayMs(failures)),
    [1000, 2000, 4000, 256_000, 300_000, 300_000],
  )
})
