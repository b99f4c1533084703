import { type Command, Option } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { type HexError, maxHexCharacters, parseHex } from '../../../protocols/inspection/hex-text.js'
import { inspectStream, type StreamError, type StreamReport } from '../../../protocols/inspection/inspect-stream.js'
import type { InspectedAdu } from '../../../protocols/modbus/inspected-adu.js'
import { inspectModbus, type ModbusInspectionError } from '../../../protocols/modbus/inspect-modbus.js'
import { aduText, frameText, refusedText } from '../../frames/frame-text.js'
import { inputLines } from '../input-lines.js'
import type { Io } from '../io.js'

interface DecodeFlags {
  readonly json?: true
  readonly edition?: '2007' | '1997'
  readonly protocol?: 'modbus-tcp' | 'modbus-rtu'
}

type DecodeReport = StreamReport | ModbusReport | { readonly ok: false; readonly error: HexError | StreamError }

type ModbusReport =
  | { readonly ok: true; readonly frames: readonly InspectedAdu[]; readonly errors: readonly ModbusInspectionError[] }
  | { readonly ok: false; readonly error: ModbusInspectionError }

const stdinArgument = '-'

export function addFrameDecodeCommand(frame: Command, io: Io): void {
  frame
    .command('decode')
    .description('解析报文：DL/T 645、Q/GDW 1376.1、DL/T 698.45 · what frames say')
    .argument('[hex...]', '十六进制报文，或 - 从标准输入逐行读取 hexadecimal, or - to read lines from stdin', [
      stdinArgument,
    ])
    .option('--json', '每行输入一行 JSON · one JSON line per input line')
    .addOption(
      new Option('--edition <edition>', '指定 645 版本 the edition, instead of telling it from the frame').choices([
        '2007',
        '1997',
      ]),
    )
    .addOption(
      new Option(
        '--protocol <protocol>',
        'Modbus 报文 Modbus messages; a request and its reply on one line are matched',
      ).choices(['modbus-tcp', 'modbus-rtu']),
    )
    .action(async (words: readonly string[], flags: DecodeFlags) => {
      const isPiped = words.join(' ') === stdinArgument
      const lines = isPiped ? inputLines(io.input, maxHexCharacters) : [words.join(' ')]
      let refused = 0
      let number = 0
      for await (const line of lines) {
        number += 1
        // Programs count on one line for each, people do not want to read about blank ones.
        if (isPiped && flags.json !== true && line?.trim() === '') continue
        const report = decodeLine(line, flags)
        if (!report.ok) refused += 1
        const place = isPiped && !report.ok ? `第 ${number} 行 line ${number} ` : ''
        io.out(flags.json === true ? jsonOf(report) : `${place}${textOf(report)}`)
        await io.drained()
      }
      if (refused > 0) throw new UserError('refused', `${refused} 行没有可用报文 lines without a frame`)
    })
}

function decodeLine(line: string | null, { edition, protocol }: DecodeFlags): DecodeReport {
  if (line === null) return { ok: false, error: { kind: 'input_too_long', limit: maxHexCharacters } }
  const bytes = parseHex(line)
  if (!bytes.ok) return bytes
  return protocol === undefined ? inspectStream(bytes.value, { edition }) : modbusReport(bytes.value, protocol)
}

/** Modbus messages do not say what they are, so they are looked for only where somebody says so. */
function modbusReport(bytes: Buffer, protocol: 'modbus-tcp' | 'modbus-rtu'): ModbusReport {
  const { adus, errors } = inspectModbus(bytes, protocol === 'modbus-tcp' ? 'tcp' : 'rtu')
  const [error] = errors
  return adus.length === 0 && error !== undefined ? { ok: false, error } : { ok: true, frames: adus, errors }
}

function textOf(report: DecodeReport): string {
  if (!report.ok) return refusedText(report.error)
  if ('errors' in report) return [...report.frames.map(aduText), ...report.errors.map(refusedText)].join('\n')
  const discarded =
    report.discardedBytes > 0 ? [`弃用字节 bytes that belong to no frame: ${report.discardedBytes}`] : []
  return [...report.frames.map((each) => frameText(each)), ...discarded].join('\n')
}

/** Reasons of a refusal are written with hyphens at this edge, as the contract of the command line has them. */
function jsonOf(report: DecodeReport): string {
  return JSON.stringify(report, (key, value: unknown) =>
    key === 'reasons' && Array.isArray(value) ? value.map((reason) => String(reason).replaceAll('_', '-')) : value,
  )
}
