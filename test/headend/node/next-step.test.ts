import t from 'tap'
import { minuteMs, secondMs } from '../../../domain/time.js'
import { type NextStep, nextStep, type PassOutcome } from '../../../headend/node/next-step.js'

const minute = (number: number) => number * minuteMs
const span = { start: minute(5), end: minute(360), passStarts: [5, 15, 45, 330].map(minute) }
/** A last look that lies on the end itself. */
const looks = { start: minute(5), end: minute(360), passStarts: [30, 360].map(minute) }
const retry = { firstDelaySeconds: 30, longestDelaySeconds: 900, yieldsEvery: 2 }

t.test('what becomes of a window after a pass', async (t) => {
  const cases: readonly (readonly [
    string,
    PassOutcome['kind'],
    number,
    number,
    typeof span,
    number,
    Partial<NextStep>,
  ])[] = [
    ['all read', 'passed', 0, minute(6), span, 1, { kind: 'complete', detail: 'all read' }],
    ['some open', 'passed', 2, minute(6), span, 1, { kind: 'put_off', dueAt: minute(15) }],
    ['a pass that ran into the next', 'passed', 2, minute(16), span, 2, { kind: 'put_off', dueAt: minute(45) }],
    ['after the last pass', 'passed', 2, minute(331), span, 4, { kind: 'complete', detail: 'window over, 2 open' }],
    ['a line that is down', 'line_down', 9, minute(6), span, 1, { kind: 'put_off', dueAt: minute(6) + 30 * secondMs }],
    ['down again', 'line_down', 9, minute(8), span, 3, { kind: 'put_off', dueAt: minute(10) }],
    ['down for long', 'line_down', 9, minute(50), span, 12, { kind: 'put_off', dueAt: minute(65) }],
    ['down until the end', 'line_down', 9, minute(350), span, 12, { kind: 'complete', detail: 'window over, 9 open' }],
    ['the node ends', 'interrupted', 3, minute(7), span, 1, { kind: 'put_off', dueAt: minute(7) }],
    ['uploads not yet there', 'passed', 5, minute(30), looks, 1, { kind: 'put_off', dueAt: minute(360) }],
    ['nor at the last look', 'passed', 5, minute(360), looks, 2, { kind: 'complete', detail: 'window over, 5 open' }],
  ]
  for (const [name, kind, open, now, window, attempt, expected] of cases)
    t.match(nextStep({ kind, open }, { now, span: window, attempt, retry }), expected, name)
})
