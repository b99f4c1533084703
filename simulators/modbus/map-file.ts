import * as z from 'zod'
import { err, type Result } from '../../domain/result.js'
import { registerSchema } from '../../protocols/modbus/meter-model.js'
import { modbusFunctions, type ModbusFunction } from '../../protocols/modbus/pdu-limits.js'
import { type DocumentError, readYaml } from '../../domain/yaml-document.js'

const address = z.int().min(0).max(0xffff)
/** Energies are exact texts: a YAML number would have lost digits before anybody looked at it. */
const decimalText = z.string().regex(/^-?\d{1,30}(\.\d{1,12})?$/, 'expected a decimal in quotes such as "123.45"')
const unsignedText = z.string().regex(/^\d{1,30}(\.\d{1,12})?$/, 'expected a decimal in quotes such as "123.45"')
const registerName = z.string().min(1).max(64)
const mostCells = 65_536

const endpointSchema = z.strictObject({
  host: z.string().min(1).max(255).default('127.0.0.1'),
  /** 0 takes any free port. */
  port: z.int().min(0).max(65_535),
})

const serialSchema = z.strictObject({
  path: z.string().min(1).max(4096),
  baud: z.int().min(300).max(921_600).default(9600),
  parity: z.enum(['none', 'even', 'odd']).default('even'),
  stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
})

const listenSchema = z
  .strictObject({
    tcp: endpointSchema.optional(),
    /** RTU messages on a raw TCP connection, as serial servers pass them on. */
    rtuTcp: endpointSchema.optional(),
    serial: serialSchema.optional(),
  })
  .refine((one) => Object.values(one).filter((way) => way !== undefined).length === 1, {
    error: 'expected exactly one of tcp, rtuTcp, serial',
  })

const bitsSchema = z.strictObject({
  address,
  values: z
    .array(z.union([z.literal(0), z.literal(1)]))
    .min(1)
    .max(mostCells),
})
const wordsSchema = z.strictObject({ address, values: z.array(z.int().min(0).max(0xffff)).min(1).max(mostCells) })

const countingSchema = z.strictObject({
  start: unsignedText,
  perHour: unsignedText,
  /** When it stood at `start`; the start of the simulator where it is not given. */
  since: z.iso.datetime({ offset: true }).optional(),
  wrapAt: unsignedText.default('1000000'),
})

const deviceSchema = z
  .strictObject({
    units: z.array(z.int().min(1).max(247)).min(1).max(247),
    /** A model that ships, a file of one's own beside the map, or registers given here. */
    model: z.string().min(1).max(64).optional(),
    modelFile: z.string().min(1).max(4096).optional(),
    registers: z.array(registerSchema).min(1).max(1000).optional(),
    /** What registers show; those that are not named show zero. */
    values: z.record(registerName, decimalText).default({}),
    counting: z.record(registerName, countingSchema).default({}),
    /** Functions that the device knows. */
    functions: z
      .array(z.union(modbusFunctions.map((code) => z.literal(code))))
      .min(1)
      .max(modbusFunctions.length)
      .default([...modbusFunctions] as ModbusFunction[]),
    coils: z.array(bitsSchema).max(1000).default([]),
    discreteInputs: z.array(bitsSchema).max(1000).default([]),
    holding: z.array(wordsSchema).max(1000).default([]),
    input: z.array(wordsSchema).max(1000).default([]),
  })
  .refine((one) => [one.model, one.modelFile, one.registers].filter((way) => way !== undefined).length <= 1, {
    error: 'expected at most one of model, modelFile, registers',
  })

/** Devices to simulate, where they are reached and what they hold: `sim modbus --map`. */
export const modbusMapSchema = z
  .strictObject({
    listen: z.array(listenSchema).min(1).max(16),
    devices: z.array(deviceSchema).min(1).max(247),
  })
  .superRefine(({ devices }, context) => {
    const seen = new Set<number>()
    for (const [index, { units }] of devices.entries())
      for (const [nth, unit] of units.entries()) {
        if (seen.has(unit))
          context.addIssue({
            code: 'custom',
            path: ['devices', index, 'units', nth],
            message: `unit ${unit} is there twice`,
          })
        seen.add(unit)
      }
  })

export type ModbusMap = z.infer<typeof modbusMapSchema>
export type MapDevice = ModbusMap['devices'][number]
export type MapListen = ModbusMap['listen'][number]
export type SerialSettings = z.infer<typeof serialSchema>

/** Why a file is no map: which file, where in it, and what is wrong there. */
export interface ModbusMapError {
  readonly kind: 'invalid_modbus_map' | 'invalid_meter_model'
  readonly file: string
  readonly line?: number | null
  readonly path: string
  readonly reason: string
}

/** Longest text of a map, in characters. */
export const maxMapCharacters = 4_194_304

/** A map from the text of its file; `file` is named in the error. */
export function parseModbusMap(text: string, file: string): Result<ModbusMap, ModbusMapError> {
  const refuse = (mistake: Omit<DocumentError, 'kind'>) =>
    err({ kind: 'invalid_modbus_map', file, line: mistake.line, path: mistake.path, reason: mistake.reason } as const)
  if (text.length > maxMapCharacters)
    return refuse({ line: null, path: '(top level)', reason: `more than ${maxMapCharacters} characters` })
  const read = readYaml(text, modbusMapSchema)
  return read.ok ? read : refuse(read.error)
}
