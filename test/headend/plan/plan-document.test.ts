import t from 'tap'
import { stringify } from 'yaml'
import { documentErrorText } from '../../../domain/yaml-document.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'
import { type CollectionPlan, parsePlan, planDigest } from '../../../headend/plan/plan-document.js'

const [freezes, live] = defaultPlan.schedules
const withSchedule = (changes: object) => ({ ...defaultPlan, schedules: [{ ...freezes, ...changes }] })
const withWindow = (changes: object) => withSchedule({ window: { ...freezes?.window, ...changes } })

t.test('the built-in plan is a plan, from YAML and from JSON', async (t) => {
  for (const text of [stringify(defaultPlan), JSON.stringify(defaultPlan)])
    t.same(parsePlan(text), { ok: true, value: defaultPlan })
})

t.test('a mistake is told with its line, its key and what was expected', async (t) => {
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [{ ...defaultPlan, format: 2 }, /^plan:1: format: 应为 expected 1$/],
    [{ ...defaultPlan, limts: {} }, /limts/],
    [withSchedule({ group: 'nobody' }), /schedules\.0\.group: 应为 expected one of the groups, not nobody/],
    [withSchedule({ template: 'load' }), /schedules\.0\.template: 应为 expected one of the templates, not load/],
    [
      withSchedule({ every: { unit: 'week' } }),
      /schedules\.0\.every.*: 应为 expected unit day, reading_day, month or minutes/,
    ],
    [withSchedule({ every: { unit: 'month', onDay: 32 } }), /onDay: 应为 expected a day of the month from 1 to 31/],
    [
      withSchedule({ every: { unit: 'reading_day' } }),
      /every\.unit: 应为 expected reading_day for monthly sets, and for them only/,
    ],
    [
      {
        ...withSchedule({ template: 'months', every: { unit: 'month', onDay: 25 } }),
        templates: [{ name: 'months', reads: 'monthly_set' }],
      },
      /every\.unit: 应为 expected reading_day for monthly sets/,
    ],
    [withSchedule({ every: { unit: 'minutes', minutes: 7 } }), /minutes: 应为 expected 5, 10, 15, 20, 30 or 60/],
    [withWindow({ opensMinutes: 'soon' }), /opensMinutes: 应为 expected whole minutes from 0 to 2880/],
    [withWindow({ closesMinutes: 5 }), /closesMinutes: 应为 expected a close after the opening/],
    [withWindow({ closesMinutes: 1446 }), /closesMinutes: 应为 expected a window that ends before the next one begins/],
    [withWindow({ passesMinutes: [] }), /passesMinutes: 应为 expected at least one pass/],
    [withWindow({ passesMinutes: [15, 5] }), /passesMinutes: 应为 expected passes in ascending order/],
    [withWindow({ passesMinutes: [0, 5] }), /passesMinutes: 应为 expected passes between the opening and the close/],
    [{ ...defaultPlan, schedules: [freezes, live, freezes] }, /schedules\.2\.name: 应为 expected a name of its own/],
    [
      { ...defaultPlan, limits: { ...defaultPlan.limits, carriers: [{ name: 'a', group: 'x', lines: 1 }] } },
      /limits\.carriers\.0\.group: 应为 expected one of the groups, not x/,
    ],
    [
      {
        ...defaultPlan,
        ladder: { ...defaultPlan.ladder, retry: { firstDelaySeconds: 9, longestDelaySeconds: 1, yieldsEvery: 1 } },
      },
      /longestDelaySeconds: 应为 expected no less than firstDelaySeconds/,
    ],
    [{ ...defaultPlan, causes: ['no_reply'] }, /causes\.0: 应为 expected one of window_running, /],
    [{ ...defaultPlan, causes: ['line_down', 'line_down'] }, /causes\.1: 应为 expected each cause once/],
    [{ ...defaultPlan, models: { m: { parity: 'mark' } } }, /models\.m\.parity/],
  ]
  for (const [document, says] of cases) {
    const parsed = parsePlan(stringify(document))
    t.match(parsed.ok ? 'accepted' : documentErrorText('plan', parsed.error), says)
  }
})

t.test('equal plans have one digest, however they are written; a changed one has another', async (t) => {
  const models: CollectionPlan['models'] = { a: { echo: true }, b: { wakeUpBytes: 8, echo: false } }
  const plan = { ...defaultPlan, models }
  const shuffled = {
    ...Object.fromEntries(Object.entries(plan).toReversed()),
    models: { b: { echo: false, wakeUpBytes: 8 }, a: models['a'] },
  }
  const reread = parsePlan(JSON.stringify(shuffled))
  t.same(reread.ok && planDigest(reread.value), planDigest(plan))
  t.not(planDigest(defaultPlan).toString('hex'), planDigest(plan).toString('hex'))
})
