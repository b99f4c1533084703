import t from 'tap'
import { dayStrip, slotLines } from '../../../console/tou/day-strip.js'

const registers = [null, 'peak', null, 'valley'] as const
const valley = { fromMinute: 0, value: 'valley' } as const
const tariff = [valley, { fromMinute: 480, value: 'peak' as const }, { fromMinute: 1320, value: 'valley' as const }]
const meter = [
  { fromMinute: 0, value: 4 },
  { fromMinute: 480, value: 2 },
  { fromMinute: 1210, value: 4 },
]

t.test('a day is a strip of registers, and what differs is marked below it', async (t) => {
  t.same(dayStrip({ meter, tariff, registers }), [
    '时 hour    0     3     6     9     12    15    18    21',
    '表 meter   444444444444444422222222222222222222222224444444',
    '价 tariff  444444444444444422222222222222222222222222224444',
    `异 differs ${' '.repeat(40)}^^^^`,
  ])
})

t.test('what nobody knows is a question mark, and a tariff without hours has no line', async (t) => {
  t.same(dayStrip({ meter: null, tariff: null, registers: [] }).slice(1), [`表 meter   ${'?'.repeat(48)}`])
})

t.test('the slots of a day are listed to the minute', async (t) => {
  t.same(slotLines(meter, registers), [
    '  00:00–08:00  tou4  谷 valley',
    '  08:00–20:10  tou2  峰 peak',
    '  20:10–24:00  tou4  谷 valley',
  ])
})
