import type { MeterQuirks } from '../../domain/meter-quirks.js'
import type { BusTiming } from '../../domain/line-entries.js'
import type { Parity } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import type { OpenRead } from '../acquisition/line-reader.js'
import { silenceMs } from '../sessions/reply-timeout.js'
import { assumedSpeed, type ExchangeSize, estimateAttempt, type LineSpeed } from './airtime.js'
import { type ForecastJob, forecastWindow, type WindowForecast } from './window-forecast.js'

/** A bus whose bytes we know to count; what a Modbus TCP gateway does behind our back nobody can foretell. */
export interface ForecastBus {
  readonly protocol: 'dlt645' | 'modbus_rtu'
  readonly timing: BusTiming & { readonly wakeUpBytes?: number; readonly parity?: Parity }
  /** What was measured on it last; null before anything was. */
  readonly measured: Pick<LineSpeed, 'turnaroundMs' | 'lossShare'> | null
  readonly quirksOf: (model: string) => MeterQuirks
}

export interface LineForecast extends WindowForecast {
  readonly speed: Pick<LineSpeed, 'turnaroundMs' | 'lossShare'>
  /** How long a due point is expected to keep the line, repeats included. */
  readonly airtimeMsOf: (due: OpenRead) => number
}

/** FE bytes with which most meters begin their replies. */
const replyWakeUpBytes = 4
/** Frame around the data: start bytes, address, control code, length, checksum, end. */
const frameBytes = 12
const identifierBytes = { '2007': 4, '1997': 2 } as const
const stampBytes = 5
/** A total and four tariffs. */
const registersBytes = 20
/** Unit, function, start, count, CRC; unit, function, length, CRC around two registers of 16 bits. */
const modbusExchange: ExchangeSize = { requestBytes: 8, replyBytes: 9 }

/** `due` in the order of trying. */
export function forecastLine(
  bus: ForecastBus,
  due: readonly OpenRead[],
  window: { readonly passStarts: readonly Instant[]; readonly end: Instant },
): LineForecast {
  const speed = bus.measured ?? assumedSpeed
  const silent = new Set<bigint>()
  const jobs = due.map((each): ForecastJob => {
    const key = `${each.meterId} ${each.readAt}`
    const isSilent = (each.silentWindows ?? 0) > 0
    // A silent meter is asked for the first of its due points only.
    if (isSilent && silent.has(each.meterId)) return { key, attemptMs: 0, successShare: 0, expectedMs: 0 }
    if (isSilent) silent.add(each.meterId)
    return { key, ...estimateRead(bus, speed, each, isSilent) }
  })
  return {
    ...forecastWindow(jobs, window),
    speed,
    airtimeMsOf: (each) => estimateRead(bus, speed, each, false).expectedMs,
  }
}

function estimateRead(
  bus: ForecastBus,
  measured: LineForecast['speed'],
  { model }: OpenRead,
  isSilent: boolean,
): Omit<ForecastJob, 'key'> {
  const quirks = bus.quirksOf(model)
  const { timing } = bus
  const replyTimeoutMs = quirks.replyTimeoutMs ?? timing.replyTimeoutMs
  const speed: LineSpeed = {
    ...measured,
    baud: timing.baud,
    gapMs: quirks.interFrameGapMs ?? timing.requestGapMs,
    silenceMs: bus.protocol === 'dlt645' ? silenceMs({ baud: timing.baud, replyTimeoutMs }) : replyTimeoutMs,
    replyTimeoutMs,
  }
  return estimateAttempt(speed, exchangesOf(bus, quirks), isSilent)
}

/** Where bytes have no parity everything is read twice. */
function exchangesOf({ protocol, timing }: ForecastBus, quirks: MeterQuirks): readonly ExchangeSize[] {
  if (protocol === 'modbus_rtu') return [modbusExchange]
  const edition = quirks.edition ?? '2007'
  const requestBytes = (quirks.wakeUpBytes ?? timing.wakeUpBytes ?? 0) + frameBytes + identifierBytes[edition]
  const reply = (dataBytes: number) => replyWakeUpBytes + frameBytes + identifierBytes[edition] + dataBytes
  const registers = { requestBytes, replyBytes: reply(registersBytes) }
  const once = edition === '1997' ? [registers] : [{ requestBytes, replyBytes: reply(stampBytes) }, registers]
  return (quirks.parity ?? timing.parity) === 'none' ? [...once, ...once] : once
}
