import t from 'tap'
import { concentratorProfileSchema, topicOf } from '../../../protocols/concentrator/topic-template.js'

const template = 'metering/{concentrator}/up'

t.test('a template gives the topic of one concentrator', async (t) => {
  t.equal(topicOf(template, 'C001'), 'metering/C001/up')
})

const templates: readonly [template: string, accepted: boolean][] = [
  ['metering/{concentrator}/up', true],
  ['{concentrator}', true],
  ['metering/up', false],
  ['metering/x{concentrator}/up', false],
  ['{concentrator}/{concentrator}', false],
  ['metering/+/{concentrator}', false],
]

for (const [up, accepted] of templates) {
  t.test(`${accepted ? 'accepts' : 'refuses'} the template ${up}`, async (t) => {
    const profile = { name: 'demo', topics: { up, receipt: template } }
    t.equal(concentratorProfileSchema.safeParse(profile).success, accepted)
  })
}

t.test('a code that does not fit one topic level is a broken assumption', async (t) => {
  t.throws(() => topicOf(template, 'a/b'), /one topic level/)
})
