import { createHash } from 'node:crypto'
import { CopyWriter } from '../../storage/copy-writer.js'
import type { PlainDeterminants } from '../../storage/mdm/plain-determinants.js'
import { plainRegisters, tariffCodeOf } from '../../storage/mdm/plain-readings.js'

/**
 * SHA-256 over a record for each plain account, most significant byte first: account, usage point, meter (64 bits each), multiplier, first
 * day of the ladder as days since 1970 (32 bits each), energies (five of 64 bits), length of the tariff code in bytes (32 bits) and the code.
 * The shards in which they come make no difference.
 */
export function createPlainDigest(): {
  readonly update: (plain: PlainDeterminants) => void
  readonly digest: () => Buffer
} {
  const hash = createHash('sha256')
  const writer = new CopyWriter()
  return {
    update({ readings, rows, energyE4 }) {
      for (const row of rows) {
        writer.wholeInt8(readings.accountId[row] ?? 0)
        writer.wholeInt8(readings.usagePointId[row] ?? 0)
        writer.wholeInt8(readings.meterId[row] ?? 0)
        writer.int4(readings.multiplier[row] ?? 0)
        writer.int4(readings.ladderFromDay[row] ?? 0)
        for (let at = plainRegisters * row; at < plainRegisters * (row + 1); at++) writer.wholeInt8(energyE4[at] ?? 0)
        writer.repeatedText(tariffCodeOf(readings, row))
        if (writer.isFull()) hash.update(writer.take())
      }
    },
    digest: () => hash.update(writer.take()).digest(),
  }
}
