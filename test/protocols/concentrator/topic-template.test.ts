import fc from 'fast-check'
import t from 'tap'
import {
  namesInTopic,
  subscriptionOf,
  topicOf,
  topicTemplateSchema,
} from '../../../protocols/concentrator/topic-template.js'

const template = 'metering/{concentrator}/up'
const both = 'thing/{concentrator}/{meter}/telemetry'

t.test('a template gives the topic of one concentrator, and of one meter', async (t) => {
  t.equal(topicOf(template, 'C001'), 'metering/C001/up')
  t.equal(topicOf(both, 'C001', '000000000012'), 'thing/C001/000000000012/telemetry')
  t.equal(subscriptionOf(both, 'C001'), 'thing/C001/+/telemetry')
})

const templates: readonly [template: string, accepted: boolean][] = [
  ['metering/{concentrator}/up', true],
  ['{concentrator}', true],
  ['ivy/v1/meters/{meter}/telemetry', true],
  [both, true],
  ['metering/up', false],
  ['metering/x{concentrator}/up', false],
  ['metering/{concentrator}/{other}', false],
  ['{concentrator}/{concentrator}', false],
  ['{meter}/{meter}', false],
  ['metering/+/{concentrator}', false],
  ['metering/{concentrator}/\0', false],
]

for (const [text, accepted] of templates) {
  t.test(`${accepted ? 'accepts' : 'refuses'} the template ${JSON.stringify(text)}`, async (t) => {
    t.equal(topicTemplateSchema.safeParse(text).success, accepted)
  })
}

const topics: readonly [template: string, topic: string, names: unknown][] = [
  [template, 'metering/C001/up', { concentrator: 'C001', meter: null }],
  [both, 'thing/C001/7/telemetry', { concentrator: 'C001', meter: '7' }],
  [template, 'metering/C001/down', null],
  [template, 'metering//up', null],
  [template, 'metering/C001/up/more', null],
]

for (const [text, topic, names] of topics) {
  t.test(`finds ${JSON.stringify(names)} in ${topic}`, async (t) => t.strictSame(namesInTopic(text, topic), names))
}

t.test('names that fit one level come back out of the topic', async () => {
  const name = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !/[/+#\0]/.test(text))
  fc.assert(
    fc.property(name, name, (concentrator, meter) => {
      const names = namesInTopic(both, topicOf(both, concentrator, meter))
      return names?.concentrator === concentrator && names.meter === meter
    }),
    { seed: 1 },
  )
})

t.test('a code that does not fit one topic level is a broken assumption', async (t) => {
  t.throws(() => topicOf(template, 'a/b'), /one topic level/)
  t.throws(() => topicOf(both, 'a'), /one topic level/)
})
