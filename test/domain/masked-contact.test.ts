import t from 'tap'
import { maskedContact } from '../../domain/masked-contact.js'

t.test('an address is recognised and cannot be written to', (t) => {
  const cases: readonly [address: string, masked: string][] = [
    ['+8613800001234', '***1234'],
    ['li@example.org', 'l***@example.org'],
    ['12345', '***5'],
    ['1', '***'],
    ['', '***'],
  ]
  for (const [address, masked] of cases) t.equal(maskedContact(address), masked, address)
  t.end()
})
