import t from 'tap'
import { flipLengths, flipOthers } from './bit-flips.js'

/*
 * The checksum catches one flipped bit in every byte that it covers. It does not catch the length byte, which moves checksum and
 * end to other bytes: then the end has to be 16H at the new place, and inside a data field 16H stands for E3H, which is no digit.
 */

const seed = 645

t.test('one flipped bit outside of the length byte never makes another reading', async (t) => {
  const { frames, streams, wrong } = flipOthers(1500, seed)
  t.same(wrong, [], `${frames} frames, ${streams} streams`)
  t.ok(streams > 200_000, `${streams} streams`)
})

t.test('one flipped bit in the length byte never makes another reading, whatever follows the frame', async (t) => {
  const { frames, streams, wrong } = flipLengths(20_000, seed)
  t.same(wrong, [], `${frames} frames, ${streams} streams`)
  t.equal(streams, 8 * 20_000)
})
