import { z } from 'zod'
import { lineSettingsSchemas } from '../../../domain/line-settings.js'
import { code } from './fields.js'

export const line = z.discriminatedUnion('kind', [
  z.strictObject({
    code,
    organisation: code,
    kind: z.literal('dlt645_tcp'),
    settings: lineSettingsSchemas.dlt645_tcp,
  }),
  z.strictObject({
    code,
    organisation: code,
    kind: z.literal('dlt645_serial'),
    settings: lineSettingsSchemas.dlt645_serial,
  }),
  z.strictObject({
    code,
    organisation: code,
    kind: z.literal('modbus_tcp'),
    settings: lineSettingsSchemas.modbus_tcp,
  }),
  z.strictObject({
    code,
    organisation: code,
    kind: z.literal('modbus_rtu_tcp'),
    settings: lineSettingsSchemas.modbus_rtu_tcp,
  }),
  z.strictObject({
    code,
    organisation: code,
    kind: z.literal('modbus_rtu_serial'),
    settings: lineSettingsSchemas.modbus_rtu_serial,
  }),
  z.strictObject({
    code,
    organisation: code,
    kind: z.literal('mqtt_concentrator'),
    settings: lineSettingsSchemas.mqtt_concentrator,
  }),
])
