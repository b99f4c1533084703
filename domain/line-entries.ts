import type { Endpoint, Parity } from './runtime.js'

export type LineEntry =
  | {
      readonly code: string
      readonly organisation: string
      readonly kind: 'dlt645_tcp'
      readonly settings: Dlt645LineSettings
    }
  | {
      readonly code: string
      readonly organisation: string
      readonly kind: 'dlt645_serial'
      readonly settings: Dlt645SerialSettings
    }
  | {
      readonly code: string
      readonly organisation: string
      readonly kind: 'modbus_tcp'
      readonly settings: ModbusLineSettings
    }
  | {
      readonly code: string
      readonly organisation: string
      readonly kind: 'modbus_rtu_tcp'
      readonly settings: ModbusRtuTcpSettings
    }
  | {
      readonly code: string
      readonly organisation: string
      readonly kind: 'modbus_rtu_serial'
      readonly settings: ModbusRtuSerialSettings
    }
  | {
      readonly code: string
      readonly organisation: string
      readonly kind: 'mqtt_concentrator'
      readonly settings: ConcentratorSettings
    }

/** Two wires on which one talks at a time. */
export interface BusTiming {
  readonly baud: number
  /** Longest time from the end of a request to the first byte of the reply, adapter included. */
  readonly replyTimeoutMs: number
  /** Silence kept between a reply and the next request. */
  readonly requestGapMs: number
}

export interface Dlt645Timing extends BusTiming {
  /** FE bytes sent before each request. */
  readonly wakeUpBytes: number
}

/** A serial port of the machine that reads the line. */
export interface SerialEnd {
  readonly path: string
  readonly parity: Parity
  readonly stopBits: 1 | 2
}

/** A raw TCP serial server in front of an RS-485 bus. */
export type Dlt645LineSettings = Endpoint & Dlt645Timing

export type Dlt645SerialSettings = SerialEnd & Dlt645Timing

/** A Modbus TCP gateway, which knows the bus behind it better than we do. */
export type ModbusLineSettings = Endpoint

/** RTU messages on the raw TCP connection of a serial server. */
export type ModbusRtuTcpSettings = Endpoint & BusTiming

export type ModbusRtuSerialSettings = SerialEnd & BusTiming

export interface ConcentratorSettings {
  /** `mqtt://` or `mqtts://`, without user or password: what opens a broker is configuration of the machine, never master data. */
  readonly brokerUrl: string
  /** Name of the envelope profile that the device speaks; our own where it is absent. */
  readonly profile?: string
  /** What the device calls itself in topics and payloads; the line's code where it is absent. */
  readonly device?: string
  /** Topics, where the device was set up with others than its profile's. */
  readonly uploadTopic?: string
  readonly receiptTopic?: string
}
