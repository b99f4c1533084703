import { z } from 'zod'
import type { ConcentratorSettings, Dlt645LineSettings, LineEntry, ModbusLineSettings } from './registry-document.js'

const text = z.string().min(1).max(400)
const endpoint = { host: text, port: z.int().min(1).max(65_535) }

/** What the settings of a line must be, by its kind: the same where master data enters and where the head-end reads them back. */
export const lineSettingsSchemas = {
  dlt645_tcp: z.strictObject({
    ...endpoint,
    baud: z.int().min(300).max(115_200),
    wakeUpBytes: z.int().min(0).max(16),
    replyTimeoutMs: z.int().min(1).max(60_000),
    requestGapMs: z.int().min(0).max(10_000),
  }) satisfies z.ZodType<Dlt645LineSettings>,
  modbus_tcp: z.strictObject(endpoint) satisfies z.ZodType<ModbusLineSettings>,
  mqtt_concentrator: z.strictObject({
    // The head-end speaks MQTT in the clear only.
    brokerUrl: z
      .url({ protocol: /^mqtt$/, hostname: /./, error: 'expected a URL mqtt://host or mqtt://host:port' })
      .max(400),
    uploadTopic: text,
    receiptTopic: text,
  }) satisfies z.ZodType<ConcentratorSettings>,
} satisfies Readonly<Record<LineEntry['kind'], z.ZodType>>
