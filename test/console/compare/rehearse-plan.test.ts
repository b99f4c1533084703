import t from 'tap'
import { rehearsePlan } from '../../../console/compare/rehearse-plan.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'

const night = { seed: 7, meters: 60, night: '2026-07-12' }

t.test('one night under one plan is the same every time', async (t) => {
  const first = await rehearsePlan(defaultPlan, night)
  t.match(first, { lines: 4, due: first.read + 6 }, 'a line that is down all night costs its meters')
  t.same(await rehearsePlan(defaultPlan, night), first)
})

t.test(
  'plans differ in what they take: one line at a time reads the same later, fewer tries cost less airtime',
  async (t) => {
    const usual = await rehearsePlan(defaultPlan, night)
    const oneByOne = await rehearsePlan({ ...defaultPlan, limits: { ...defaultPlan.limits, node: 1 } }, night)
    t.equal(oneByOne.read, usual.read)
    t.ok((oneByOne.halfMs ?? 0) > (usual.halfMs ?? 0))
    const { retry } = defaultPlan.ladder
    const patient = { ...retry, firstDelaySeconds: 900, longestDelaySeconds: 3600 }
    const fewTries = await rehearsePlan({ ...defaultPlan, ladder: { ...defaultPlan.ladder, retry: patient } }, night)
    t.equal(fewTries.read, usual.read)
    t.ok(fewTries.airtimeMs < usual.airtimeMs)
  },
)
