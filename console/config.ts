import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse, YAMLParseError } from 'yaml'
import { z } from 'zod'
import { UserError } from '../domain/errors.js'
import { issueText } from '../domain/schema-issue.js'
import { type BrokerEntry, brokerSchema } from './brokers.js'

const fileName = 'shuangwu.config.yaml'
const port = z.int().min(0).max(65_535)

/** shuangwu.config.yaml. */
export const configFileSchema = z.strictObject({
  /** Folder that holds `.shuangwu/`, relative to the working directory. */
  folder: z.string().min(1).optional(),
  http: z.strictObject({ port: port.optional() }).optional(),
  headend: z
    .strictObject({
      /** Where nodes keep what they read while the database is away, relative to the working directory. */
      spoolFolder: z.string().min(1).optional(),
      /** A node whose file is so large stops polling until the database is back. */
      spoolMegabytes: z.int().min(1).max(1_000_000).optional(),
    })
    .optional(),
  /** How this machine gets into MQTT brokers, by the address that the lines behind them name. */
  brokers: z.array(brokerSchema).optional(),
})

/** Where collection nodes keep what they read while the database is away. */
export interface SpoolPlace {
  readonly folder: string
  /** For each node. */
  readonly maxBytes: number
}

/** About 300 000 readings with their bytes. */
const usualSpoolMegabytes = 256
const megabyte = 1_048_576

export interface Config {
  readonly folder: string
  readonly httpPort: number
  readonly spool: SpoolPlace
  /** Their files are read by whoever connects; other commands need no key. */
  readonly brokers: readonly BrokerEntry[]
}

type Env = Readonly<Record<string, string | undefined>>

/**
 * Settings by precedence: environment (SHUANGWU_*), then shuangwu.config.yaml, then defaults; flags are applied by the commands.
 * Unknown keys are refused, because a misspelt key that is ignored is found on the day it matters.
 */
export function loadConfig(cwd: string, env: Env): Config {
  const file = readConfigFile(join(cwd, fileName))
  const folder = resolve(cwd, env['SHUANGWU_FOLDER'] ?? file.folder ?? '.')
  const { spoolFolder, spoolMegabytes = usualSpoolMegabytes } = file.headend ?? {}
  return {
    folder,
    spool: {
      folder: spoolFolder === undefined ? join(folder, '.shuangwu', 'spool') : resolve(cwd, spoolFolder),
      maxBytes: spoolMegabytes * megabyte,
    },
    httpPort: portFromEnv(env) ?? file.http?.port ?? 8080,
    brokers: file.brokers ?? [],
  }
}

function portFromEnv(env: Env): number | undefined {
  const text = env['SHUANGWU_HTTP_PORT']
  if (text === undefined) return undefined
  return parsePort(text, 'SHUANGWU_HTTP_PORT')
}

/** A TCP port from text; 0 asks for any free one. */
export function parsePort(text: string, where: string): number {
  const parsed = port.safeParse(/^\d+$/.test(text) ? Number(text) : Number.NaN)
  if (!parsed.success)
    throw new UserError('bad_input', `${where}: ${text}: 应为端口 0 至 65535 expected a port from 0 to 65535`)
  return parsed.data
}

function readConfigFile(path: string): z.infer<typeof configFileSchema> {
  if (!existsSync(path)) return {}
  const parsed = configFileSchema.safeParse(parseYaml(path) ?? {})
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new UserError(
    'bad_config',
    `${path}: ${issue?.path.join('.') || '(top level)'}: ${issue === undefined ? '' : issueText(issue)}`,
  )
}

function parseYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    if (cause instanceof YAMLParseError) {
      throw new UserError(
        'bad_config',
        `${path}: 写法有误 line ${cause.linePos?.[0].line ?? 1}: ${cause.message.split('\n')[0]}`,
        { cause },
      )
    }
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new UserError('bad_config', `${path}: 读不了 cannot be read: ${reason}`, { cause })
  }
}
