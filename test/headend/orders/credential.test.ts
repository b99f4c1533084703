import t from 'tap'
import { inspect } from 'node:util'
import {
  openCredential,
  parseCredential,
  parseCredentialKey,
  sealCredential,
} from '../../../headend/orders/credential.js'
import { credential, credentialKey, secretOperator, secretPassword } from '../../support/orders.js'

const name = { credentialCode: 'county', version: 3 }
const sealed = sealCredential(credential, name, credentialKey, Buffer.alloc(12, 9))

t.test('opens under its key and name, and under nothing else', async (t) => {
  const opened = openCredential(sealed, credentialKey)
  t.same(opened.ok && opened.value.open(), credential.open())
  const changed = Buffer.from(sealed.cipherText)
  changed.writeUInt8(changed.readUInt8(0) ^ 1, 0)
  const others = [
    { sealed, key: Buffer.alloc(32, 8) },
    { sealed, key: Buffer.alloc(16) },
    { sealed: { ...sealed, credentialCode: 'other' }, key: credentialKey },
    { sealed: { ...sealed, version: 2 }, key: credentialKey },
    { sealed: { ...sealed, cipherText: changed }, key: credentialKey },
    { sealed: { ...sealed, tag: Buffer.alloc(16) }, key: credentialKey },
    { sealed: { ...sealed, nonce: Buffer.alloc(12) }, key: credentialKey },
  ]
  for (const { sealed: row, key } of others)
    t.match(openCredential(row, key), { ok: false, error: { kind: 'credential_unreadable' } })
})

t.test('is seen nowhere but in a frame', async (t) => {
  const texts = [JSON.stringify(credential), inspect(credential, { depth: 9, showHidden: true }), String(credential)]
  const stored = sealed.cipherText.toString('latin1')
  for (const text of [...texts, stored]) t.notMatch(text, new RegExp(`${secretPassword}|${secretOperator}`))
})

t.test('a malformed document is refused by field, without its value', async (t) => {
  const table: readonly (readonly [document: unknown, path: string])[] = [
    [{ level: '02', password: secretPassword, operator: '1' }, 'operator'],
    [{ level: '02', password: `${secretPassword}1`, operator: secretOperator }, 'password'],
    [{ level: 2, password: secretPassword, operator: secretOperator }, 'level'],
    [{ level: '02', password: secretPassword, operator: secretOperator, more: 1 }, 'document'],
    [null, 'document'],
  ]
  for (const [document, path] of table)
    t.same(parseCredential(document), { ok: false, error: { kind: 'credential_malformed', path } })
})

t.test('a key is 64 hexadecimal digits', async (t) => {
  t.same(parseCredentialKey(`${'07'.repeat(32)}\n`), credentialKey)
  for (const text of ['', '07', 'zz'.repeat(32), '07'.repeat(33)]) t.equal(parseCredentialKey(text), null)
})
