import { invariant } from '../../domain/result.js'

/** How many meters hang on each bus, gateway and concentrator; each number is one device. */
export interface UtilitySize {
  readonly serialLines: readonly number[]
  readonly concentrators: readonly number[]
  readonly gateways: readonly number[]
}

export const defaultMeters = 304
/** Fewer would leave no room for the story's faults, each at a meter of its own. */
export const minMeters = 16

const serialShare = 96
const modbusShare = 8
const minSerialLines = 3
const metersPerSerialLine = 32
const metersPerConcentrator = 200
const metersPerGateway = 200

/** The default county's mix (96 on serial lines, 200 behind concentrators, 8 Modbus) at another size. */
export function sizeOf(meters: number): UtilitySize {
  invariant(Number.isInteger(meters) && meters >= minMeters, `a utility has at least ${minMeters} meters`)
  const modbus = Math.max(2, Math.floor((meters * modbusShare) / defaultMeters))
  const serial = Math.max(2 * minSerialLines, Math.floor((meters * serialShare) / defaultMeters))
  return {
    serialLines: spread(serial, Math.max(minSerialLines, Math.ceil(serial / metersPerSerialLine))),
    concentrators: spreadBy(meters - serial - modbus, metersPerConcentrator),
    gateways: spreadBy(modbus, metersPerGateway),
  }
}

function spreadBy(count: number, most: number): readonly number[] {
  return spread(count, Math.ceil(count / most))
}

/** As even as whole numbers allow; the first take the rest. */
function spread(count: number, parts: number): readonly number[] {
  return Array.from({ length: parts }, (_, part) => Math.floor(count / parts) + (part < count % parts ? 1 : 0))
}
