import t from 'tap'
import { deducted } from '../../../mdm/relations/deducted.js'

t.test('套扣: registers are taken off registers, and a total as the parent lies', (t) => {
  const parent = [1000n, 100n, 500n, 0n, 400n] as const
  const plain = [90n, 0n, 0n, 0n, 0n] as const
  t.same(deducted(parent, [90n, 0n, 50n, 0n, 40n]), [90n, 0n, 50n, 0n, 40n])
  t.same(deducted(parent, plain), [90n, 9n, 45n, 0n, 36n])
  t.same(deducted([1000n, 0n, 0n, 0n, 0n], [90n, 0n, 50n, 0n, 40n]), plain)
  t.end()
})
