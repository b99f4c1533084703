import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import type { RegistryDocument } from '../../../domain/registry-document.js'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { registryOfField, simulatedModels, simulatedOperator } from '../../../simulators/field/registry-of-field.js'
import { type FieldAccess, type RunningField, startField } from '../../../simulators/field/start-field.js'
import { type LineCounters, nothingCounted } from '../../../simulators/line-bus.js'
import { parseUtilityFile, type UtilityFile } from '../../../simulators/field/utility-file.js'
import { documentErrorText } from '../../../domain/yaml-document.js'
import { openPty } from '../../runtime/pty.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { createRealNetwork } from '../../runtime/real-network.js'
import { openSerialPort } from '../../runtime/serial-port.js'
import { createShiftedClock } from '../../runtime/shifted-clock.js'
import { fileProblem } from '../file-problem.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { asPortError } from '../port-error.js'
import { readText } from '../read-text.js'
import { textTable } from '../table.js'
import { untilInterrupted } from '../until-interrupted.js'

interface SimUpFlags {
  readonly file: string
  readonly registry?: string
  readonly json?: true
}

export function addSimUpCommand(sim: Command, io: Io): void {
  sim
    .command('up')
    .description('仿真现场上线，直到 Ctrl-C  puts a simulated field on its lines, until Ctrl-C')
    .requiredOption('--file <file>', '现场描述文件，sim init 可生成 the field (YAML)')
    .option(
      '--registry <file>',
      '上线后写出其档案，供 registry import  writes the master data of the field, for registry import',
    )
    .option('--json', '启动后一个、结束后一个 JSON 文档 one JSON document when it is up, one when it ends')
    .action(async ({ file, registry, json }: SimUpFlags) => {
      const described = loadUtilityFile(io, file)
      const real = createRealClock()
      const clock = described.startAt === undefined ? real : createShiftedClock(real, Date.parse(described.startAt))
      const interrupted = untilInterrupted(io)
      try {
        const random = createSeededRandom(described.seed)
        const onLost = (line: string) =>
          io.err(`线路 ${line} 断开，其余继续 · line ${line} went away, the others go on`)
        const runtime = { clock, network: createRealNetwork(), random, openPty, openSerialPort, onLost }
        const field = await startField(described, runtime).catch((error: unknown) => {
          throw asPortError(error)
        })
        try {
          if (registry !== undefined) writeRegistry(io, registry, registryOfField(described, field.access))
          sayUp(io, field.access, json === true)
          await interrupted.happened
        } finally {
          await field.close()
        }
        sayEnd(io, field, json === true)
      } finally {
        interrupted.stop()
      }
    })
}

/** The checked content of a utility file. */
export function loadUtilityFile(io: Io, file: string): UtilityFile {
  const parsed = parseUtilityFile(readText(resolve(io.cwd, file)))
  if (parsed.ok) return parsed.value
  throw new UserError('bad_input', documentErrorText(file, parsed.error))
}

/** Written before the field is said to be up, and over an older one: ports may have changed. */
function writeRegistry(io: Io, file: string, document: RegistryDocument): void {
  try {
    writeFileSync(resolve(io.cwd, file), `${JSON.stringify(document, null, 1)}\n`)
  } catch (cause) {
    throw new UserError('bad_input', `--registry ${file}: ${fileProblem(cause)}`, { cause })
  }
  io.err(`档案 master data: ${file} · npx shuangwu registry import ${file} --actor ${simulatedOperator}`)
  const ofOldEdition = document.meters.filter(({ model }) => model === simulatedModels['1997']).length
  if (ofOldEdition > 0)
    io.err(
      `${ofOldEdition} 块 1997 版电表：内置方案已知，自定方案须注明 meters of the 1997 edition: the built-in plan knows them, one of your own has to say: models: { ${simulatedModels['1997']}: { edition: '1997' } }`,
    )
}

const mostRows = 40

function sayUp(io: Io, access: readonly FieldAccess[], json: boolean): void {
  const meters = access.reduce((sum, line) => sum + line.meters, 0)
  if (json) return io.out(toJson({ lines: access, meters }))
  const rows = access.slice(0, mostRows).map((line) => [line.line, line.kind, line.at, line.baud ?? '—', line.meters])
  io.out(textTable(['线路 line', '接入 access', '地址 at', '波特率 baud', '电表 meters'], rows))
  sayMore(io, access.length)
  io.err(`电表 ${meters} 块已上线；按 Ctrl-C 结束 · ${meters} meters are up; Ctrl-C ends`)
}

function sayEnd(io: Io, field: RunningField, json: boolean): void {
  const counters = [...field.counters()].map(([line, counted]) => ({ line, ...counted }))
  const concentrators = [...field.concentrators()].map(([concentrator, counted]) => ({ concentrator, ...counted }))
  if (json) return io.out(toJson({ counters, concentrators }))
  if (concentrators.length > 0)
    io.out(
      textTable(
        ['集中器 concentrator', '已采 collected', '批 batches', '重发 repeats', '待确认 waiting'],
        concentrators.map((each) => [each.concentrator, each.collected, each.batches, each.repeats, each.waiting]),
      ),
    )
  const busy = counters.filter(({ requests, damagedRequests }) => requests + damagedRequests > 0)
  if (busy.length === 0) return
  const worstFirst = busy.toSorted((left, right) => troubles(right) - troubles(left))
  const sum = { line: `合计 ${busy.length} total`, ...sumOf(busy) }
  io.out(textTable(counterHead, [sum, ...worstFirst.slice(0, mostRows)].map(counterRow)))
  sayMore(io, busy.length)
}

type CountedLine = LineCounters & { readonly line: string }

const counterHead = [
  '线路 line',
  '请求 requests',
  '应答 replies',
  '无应答 silent',
  '拒绝 refused',
  '请求受扰 damaged requests',
  '应答受损 damaged replies',
  '冲突 collisions',
]

function counterRow(each: CountedLine): readonly (string | number)[] {
  return [
    each.line,
    each.requests,
    each.replies,
    each.unanswered,
    each.refusals,
    each.damagedRequests,
    each.damagedReplies,
    each.collisions,
  ]
}

/** What a person looks for first: everything that kept a reading from coming. */
function troubles({ unanswered, damagedRequests, damagedReplies, collisions }: LineCounters): number {
  return unanswered + damagedRequests + damagedReplies + collisions
}

function sumOf(lines: readonly LineCounters[]): LineCounters {
  return lines.reduce((sum, each) => {
    const keys = Object.keys(nothingCounted) as (keyof LineCounters)[]
    return Object.fromEntries(keys.map((key) => [key, sum[key] + each[key]])) as Record<keyof LineCounters, number>
  }, nothingCounted)
}

function sayMore(io: Io, lines: number): void {
  if (lines > mostRows) io.out(`… 另有 ${lines - mostRows} 条 more lines`)
}
