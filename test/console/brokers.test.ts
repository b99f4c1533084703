import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { brokerSchema, brokersFrom } from '../../console/brokers.js'

const url = 'mqtts://broker.example:8883'

t.test('a broker’s secrets are files, read when a connection is made', (t) => {
  const cwd = t.testdir({ ca: 'CA', certificate: 'CERT', key: 'KEY 1', password: 'secret\n' })
  const files = { caFile: 'ca', certificateFile: 'certificate', keyFile: join(cwd, 'key'), passwordFile: 'password' }
  const entry = brokerSchema.parse({ url, version: '5', shareGroup: 'city', username: 'headend', ...files })
  const [access] = brokersFrom([entry], cwd, {})
  t.match(access, { url, protocolVersion: '5', shareGroup: 'city', receiveMaximum: 1000, username: 'headend' })
  t.equal(access?.password(), 'secret')
  t.same(access?.certificates(), { authority: 'CA', certificate: 'CERT', key: 'KEY 1', serverName: null })
  writeFileSync(join(cwd, 'key'), 'KEY 2')
  t.equal(access?.certificates().key, 'KEY 2', 'a renewed key needs no restart')
  t.notMatch(JSON.stringify(access), /secret|KEY/)
  chmodSync(join(cwd, 'key'), 0o600)
  t.end()
})

t.test('what a broker does not say comes from the environment', (t) => {
  const cwd = t.testdir({ ca: 'CA' })
  const env = { SHUANGWU_MQTT_CA_FILE: 'ca', SHUANGWU_MQTT_USERNAME: 'me', SHUANGWU_MQTT_PASSWORD: 'word' }
  const [access] = brokersFrom([brokerSchema.parse({ url })], cwd, env)
  t.match(access, { username: 'me', protocolVersion: '3.1.1', shareGroup: null })
  t.equal(access?.password(), 'word')
  t.equal(access?.certificates().authority, 'CA')
  t.end()
})

t.test('refuses what cannot work, by field', (t) => {
  const cases: readonly (readonly [title: string, entry: object, field: string])[] = [
    ['another protocol', { url: 'https://broker' }, 'url'],
    ['a password in the URL', { url: 'mqtt://me:secret@broker' }, 'url'],
    ['an unknown key', { url, tls: true }, ''],
    ['groups need version 5', { url, shareGroup: 'city' }, 'shareGroup'],
    ['a group of two levels', { url, version: '5', shareGroup: 'a/b' }, 'shareGroup'],
    ['a certificate without key', { url, certificateFile: 'c' }, 'keyFile'],
    ['no message at all', { url, version: '5', receiveMaximum: 0 }, 'receiveMaximum'],
  ]
  for (const [title, entry, field] of cases) {
    const parsed = brokerSchema.safeParse(entry)
    t.equal(parsed.success ? null : parsed.error.issues[0]?.path.join('.'), field, title)
  }
  const missing = brokerSchema.parse({ url, caFile: 'nowhere' })
  t.throws(() => brokersFrom([missing], t.testdir({}), {}), { code: 'bad_config', message: /nowhere: ENOENT/ })
  t.end()
})
