import { z } from 'zod'
import type {
  ConcentratorSettings,
  Dlt645LineSettings,
  Dlt645SerialSettings,
  LineEntry,
  ModbusLineSettings,
  ModbusRtuSerialSettings,
  ModbusRtuTcpSettings,
} from './line-entries.js'
import { parities } from './runtime.js'

const text = z.string().min(1).max(400)
const topic = text.refine((name) => !/[+#\0]/.test(name), { error: 'a topic has no wildcards' })
const endpoint = { host: text, port: z.int().min(1).max(65_535) }
const serialEnd = {
  path: z.string().min(1).max(4096),
  parity: z.enum(parities),
  stopBits: z.union([z.literal(1), z.literal(2)]),
}
const busTiming = {
  baud: z.int().min(300).max(115_200),
  replyTimeoutMs: z.int().min(1).max(60_000),
  requestGapMs: z.int().min(0).max(10_000),
}
const dlt645Timing = { ...busTiming, wakeUpBytes: z.int().min(0).max(16) }

/** What the settings of a line must be, by its kind: the same where master data enters and where the head-end reads them back. */
export const lineSettingsSchemas = {
  dlt645_tcp: z.strictObject({ ...endpoint, ...dlt645Timing }) satisfies z.ZodType<Dlt645LineSettings>,
  dlt645_serial: z.strictObject({ ...serialEnd, ...dlt645Timing }) satisfies z.ZodType<Dlt645SerialSettings>,
  modbus_tcp: z.strictObject(endpoint) satisfies z.ZodType<ModbusLineSettings>,
  modbus_rtu_tcp: z.strictObject({ ...endpoint, ...busTiming }) satisfies z.ZodType<ModbusRtuTcpSettings>,
  modbus_rtu_serial: z.strictObject({ ...serialEnd, ...busTiming }) satisfies z.ZodType<ModbusRtuSerialSettings>,
  mqtt_concentrator: z.strictObject({
    brokerUrl: z
      .url({ protocol: /^mqtts?$/, hostname: /./, error: 'expected a URL mqtt://host:port or mqtts://host:port' })
      .max(400)
      .refine((url) => !url.includes('@'), { error: 'a URL of a broker holds no user and no password' }),
    profile: z.string().min(1).max(64).exactOptional(),
    device: z
      .string()
      .regex(/^[^/+#\0]{1,64}$/, 'expected a name that fits one topic level')
      .exactOptional(),
    uploadTopic: topic.exactOptional(),
    receiptTopic: topic.exactOptional(),
  }) satisfies z.ZodType<ConcentratorSettings>,
} satisfies Readonly<Record<LineEntry['kind'], z.ZodType>>
