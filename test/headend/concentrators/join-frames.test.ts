import t from 'tap'
import { present } from '../../../domain/result.js'
import { minuteMs } from '../../../domain/time.js'
import { createFrameJoiner, type HeldUpload } from '../../../headend/concentrators/join-frames.js'
import { identifierOf } from '../../../protocols/dlt645/data-items.js'
import { openFrame } from '../../../protocols/dlt645/frame.js'
import { encodeReadRequest } from '../../../protocols/dlt645/messages-2007.js'
import { frameStart } from '../../../protocols/stream-splitter.js'
import { createVirtualClock } from '../../../simulators/virtual-clock.js'
import { firstMidnight, simulatedMeter, worldStart } from '../../support/field-world.js'

type Item = 'daily_freeze_stamp' | 'daily_freeze_forward_active'

function frameOf(ordinal: number, item: Item, index = 1): Buffer {
  const meter = simulatedMeter(ordinal)
  const request = openFrame(encodeReadRequest(meter.address(), identifierOf(item, index)))
  const reply = present(meter.answer(request, firstMidnight + minuteMs), 'an answer')
  return reply.subarray(reply.indexOf(frameStart))
}

function createScene() {
  const clock = createVirtualClock(worldStart)
  const joiner = createFrameJoiner(clock)
  const passed: string[] = []
  const acknowledged: string[] = []
  const push = (name: string, frame: Buffer, line = 'c1') =>
    joiner.push(line, {
      upload: { batch: null, frames: [frame], values: [] },
      acknowledge: () => acknowledged.push(name),
      pass(held: HeldUpload) {
        passed.push(`${name} ${held.upload.frames.length}`)
        held.acknowledge()
      },
    })
  return { clock, joiner, passed, acknowledged, push }
}

t.test('a stamp waits for the registers of its meter, and both are acknowledged together', async (t) => {
  const { clock, passed, acknowledged, push } = createScene()
  push('stamp 1', frameOf(1, 'daily_freeze_stamp'))
  push('stamp 2', frameOf(2, 'daily_freeze_stamp'))
  t.same([passed, acknowledged], [[], []])
  push('registers 2', frameOf(2, 'daily_freeze_forward_active'))
  t.same(passed, ['registers 2 2'])
  t.same(acknowledged, ['stamp 2', 'registers 2'])
  push('registers 1', frameOf(1, 'daily_freeze_forward_active'))
  t.same(passed, ['registers 2 2', 'registers 1 2'])
  clock.close()
})

t.test('what has no partner goes through alone', async (t) => {
  const { clock, passed, push } = createScene()
  push('registers', frameOf(1, 'daily_freeze_forward_active'))
  push('noise', Buffer.from('6816', 'hex'))
  push('stamp', frameOf(1, 'daily_freeze_stamp'))
  push('another day', frameOf(1, 'daily_freeze_forward_active', 2))
  t.same(passed, ['registers 1', 'noise 1', 'stamp 1', 'another day 1'])
  push('first', frameOf(1, 'daily_freeze_stamp'))
  push('elsewhere', frameOf(1, 'daily_freeze_forward_active'), 'c2')
  t.same(passed.slice(4), ['elsewhere 1'], 'another line has meters of its own')
  await clock.sleep(3 * minuteMs)
  t.same(passed.slice(5), ['first 1'], 'the registers did not come in time')
  clock.close()
})

t.test('closing leaves what waits with the broker', async (t) => {
  const { clock, joiner, passed, acknowledged, push } = createScene()
  push('stamp', frameOf(1, 'daily_freeze_stamp'))
  joiner.close()
  await clock.sleep(0)
  t.same([passed, acknowledged], [[], []])
  clock.close()
})
