import { child, type Cursor } from './cursor.js'
import { decodeFrames, requireAnswers, reversedHex } from './dlt645-evidence.js'
import { Fault } from './fault.js'
import type { Rational } from './rational.js'
import type { Registers } from './registers.js'

/** When the meter settles: its reply dates the demands behind it. */
const settlementDay = '04000B01'
/** XX.XXXX kW, and the minute in which it came about. */
const demandBytes = 8
const valueBytes = 3

/** Decodes the maximum demands that the last settlement left, total and tou1…tou4, from the replies of the meter `address`. */
export function decodeDemands(frame: Cursor, address: string, item: string): Registers {
  const response = child(frame, 'response')
  const replies = decodeFrames(response)
  requireAnswers(frame, address, replies, [settlementDay, item])
  const payload = replies[1]?.payload ?? Buffer.alloc(0)
  if (payload.length === 0 || payload.length % demandBytes !== 0 || payload.length > 5 * demandBytes)
    throw new Fault(`${response.path}.values`, 'one to five demands', `${payload.length} bytes`)
  return Array.from({ length: 5 }, (_, index) => {
    const digits = reversedHex(payload.subarray(demandBytes * index, demandBytes * index + valueBytes))
    return digits === '' || digits === 'ffffff' ? null : tenThousandths(digits, response.path)
  })
}

function tenThousandths(digits: string, node: string): Rational {
  if (!/^\d{6}$/.test(digits)) throw new Fault(`${node}.values`, 'decimal digits', digits)
  return { numerator: BigInt(digits), denominator: 10_000n }
}
