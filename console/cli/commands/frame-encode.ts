import { type Command, InvalidArgumentError } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { encodeFrameText, type FrameSpecError } from '../../../protocols/inspection/frame-spec.js'
import type { HexError } from '../../../protocols/inspection/hex-text.js'
import { hexOf } from '../../../protocols/hex.js'
import { refusedText } from '../../frames/frame-text.js'
import { inputLines } from '../input-lines.js'
import type { Io } from '../io.js'

interface EncodeFlags {
  readonly json?: true
  readonly address?: string
  readonly edition: '2007' | '1997'
  readonly read?: string
  readonly wakeUp: number
}

type EncodeReport =
  | { readonly ok: true; readonly hex: string }
  | { readonly ok: false; readonly error: FrameSpecError | HexError }

const maxSpecCharacters = 100_000
const readCodes = { '2007': '11', '1997': '01' } as const

export function addFrameEncodeCommand(frame: Command, io: Io): void {
  frame
    .command('encode')
    .description('生成报文：JSON（与 decode 输出同名），或 --address 与 --read · writes a frame')
    .argument('[json]', 'JSON 或 - 从标准输入逐行读取 a JSON document, or - to read lines from stdin')
    .option('--json', '每行输入一行 JSON · one JSON line per input line')
    .option('--address <digits>', '通信地址，不足 12 位自动补齐 meter address, filled up to 12 digits')
    .option('--read <identifier>', '读该数据标识 the item to read')
    .option('--edition <edition>', '645 版本 edition: 2007, 1997', parseEdition, '2007')
    .option('--wake-up <count>', '前导 FE 个数 wake-up bytes', parseCount, 0)
    .action(async (json: string | undefined, flags: EncodeFlags) => {
      const lines = json === '-' ? inputLines(io.input, maxSpecCharacters) : [json ?? JSON.stringify(specOf(flags))]
      let refused = 0
      for await (const line of lines) {
        const report = encodeLine(line)
        if (!report.ok) refused += 1
        io.out(flags.json === true ? JSON.stringify(report) : textOf(report))
        await io.drained()
      }
      if (refused > 0) throw new UserError('refused', `${refused} 行无法生成报文 lines that describe no frame`)
    })
}

function textOf(report: EncodeReport): string {
  return report.ok ? report.hex.replaceAll(/(..)(?=.)/g, '$1 ') : refusedText(report.error)
}

function specOf({ address, read, edition, wakeUp }: EncodeFlags): unknown {
  if (address === undefined || read === undefined)
    throw new UserError(
      'bad_usage',
      'frame encode: 应给出 JSON，或 --address 与 --read expected a JSON document, or --address and --read',
    )
  return {
    protocol: `dlt645-${edition}`,
    address,
    controlCode: readCodes[edition],
    dataIdentifier: read.toUpperCase(),
    payload: '',
    wakeUpBytes: wakeUp,
  }
}

function encodeLine(line: string | null): EncodeReport {
  if (line === null) return { ok: false, error: { kind: 'input_too_long', limit: maxSpecCharacters } }
  const encoded = encodeFrameText(line)
  return encoded.ok ? { ok: true, hex: hexOf(encoded.value) } : encoded
}

function parseEdition(text: string): '2007' | '1997' {
  if (text !== '2007' && text !== '1997') throw new InvalidArgumentError('应为 2007 或 1997 expected 2007 or 1997.')
  return text
}

function parseCount(text: string): number {
  if (!/^\d{1,2}$/.test(text) || Number(text) > 16)
    throw new InvalidArgumentError('应为 0 至 16 expected a number from 0 to 16.')
  return Number(text)
}
