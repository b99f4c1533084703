import { type Command, Option } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { type HexError, maxHexCharacters, parseHex } from '../../../protocols/inspection/hex-text.js'
import { inspectStream, type StreamError, type StreamReport } from '../../../protocols/inspection/inspect-stream.js'
import { frameText, refusedText } from '../../frames/frame-text.js'
import { inputLines } from '../input-lines.js'
import type { Io } from '../io.js'

interface DecodeFlags {
  readonly json?: true
  readonly edition?: '2007' | '1997'
}

type DecodeReport = StreamReport | { readonly ok: false; readonly error: HexError | StreamError }

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
    .action(async (words: readonly string[], flags: DecodeFlags) => {
      const lines = words.join(' ') === stdinArgument ? inputLines(io.input, maxHexCharacters) : [words.join(' ')]
      let refused = 0
      for await (const line of lines) {
        const report = decodeLine(line, flags)
        if (!report.ok) refused += 1
        io.out(flags.json === true ? JSON.stringify(toApi(report)) : textOf(report))
      }
      if (refused > 0) throw new UserError('refused', `${refused} 行没有可用报文 lines without a frame`)
    })
}

function decodeLine(line: string | null, { edition }: DecodeFlags): DecodeReport {
  if (line === null) return { ok: false, error: { kind: 'input_too_long', limit: maxHexCharacters } }
  const bytes = parseHex(line)
  return bytes.ok ? inspectStream(bytes.value, { edition }) : bytes
}

function textOf(report: DecodeReport): string {
  if (!report.ok) return refusedText(report.error)
  const discarded =
    report.discardedBytes > 0 ? [`弃用字节 bytes that belong to no frame: ${report.discardedBytes}`] : []
  return [...report.frames.map((each) => frameText(each)), ...discarded].join('\n')
}

/** Reasons of a refusal are written with hyphens at this edge, as the contract of the command line has them. */
function toApi(report: DecodeReport): unknown {
  return JSON.parse(
    JSON.stringify(report, (key, value: unknown) =>
      key === 'reasons' && Array.isArray(value) ? value.map((reason) => String(reason).replaceAll('_', '-')) : value,
    ),
  )
}
