import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { UserError } from '../domain/errors.js'
import { type BrokerAccess, usualReceiveMaximum } from '../headend/transports/broker-access.js'

const path = z.string().min(1)

/** One MQTT broker in shuangwu.config.yaml. Passwords and keys are files of their own, readable for the program only. */
export const brokerSchema = z
  .strictObject({
    /** As in the settings of the lines behind it, `mqtt://host:port` or `mqtts://host:port`. */
    url: z.url({ protocol: /^mqtts?$/, hostname: /./, error: 'expected mqtt://host:port or mqtts://host:port' }),
    version: z.enum(['3.1.1', '5']).default('3.1.1'),
    /** Several head-ends with one name divide the uploads among them. */
    shareGroup: z
      .string()
      .regex(/^[^/+#]{1,64}$/, 'expected a name without /, + and #')
      .optional(),
    /** Messages that the broker may send before the first of them is committed; MQTT 5. */
    receiveMaximum: z.int().min(1).max(65_535).default(usualReceiveMaximum),
    caFile: path.optional(),
    certificateFile: path.optional(),
    keyFile: path.optional(),
    /** Name in the server's certificate, where it is not the host of the URL. */
    serverName: z.string().min(1).max(253).optional(),
    username: z.string().min(1).max(256).optional(),
    passwordFile: path.optional(),
  })
  .refine(({ url }) => !url.includes('@'), { path: ['url'], error: 'user and password have fields of their own' })
  .refine(({ version, shareGroup }) => version === '5' || shareGroup === undefined, {
    path: ['shareGroup'],
    error: 'shared subscriptions need version 5',
  })
  .refine(({ certificateFile, keyFile }) => (certificateFile === undefined) === (keyFile === undefined), {
    path: ['keyFile'],
    error: 'certificateFile and keyFile come together',
  })

export type BrokerEntry = z.infer<typeof brokerSchema>

type Env = Readonly<Record<string, string | undefined>>

/**
 * Relative paths start at `cwd`. What a broker does not say itself comes from the environment: SHUANGWU_MQTT_CA_FILE, _CERTIFICATE_FILE,
 * _KEY_FILE, _USERNAME, _PASSWORD_FILE, _PASSWORD. @throws UserError bad_config when a file cannot be read.
 */
export function brokersFrom(entries: readonly BrokerEntry[], cwd: string, env: Env): readonly BrokerAccess[] {
  return entries.map((entry) => {
    const fileOf = (own: string | undefined, variable: string): (() => string) | null => {
      const file = own ?? env[`SHUANGWU_MQTT_${variable}`]
      return file === undefined ? null : () => readText(resolve(cwd, file), entry.url)
    }
    const authority = fileOf(entry.caFile, 'CA_FILE')
    const certificate = fileOf(entry.certificateFile, 'CERTIFICATE_FILE')
    const key = fileOf(entry.keyFile, 'KEY_FILE')
    const passwordFile = fileOf(entry.passwordFile, 'PASSWORD_FILE')
    const access: BrokerAccess = {
      url: entry.url,
      protocolVersion: entry.version,
      shareGroup: entry.shareGroup ?? null,
      receiveMaximum: entry.receiveMaximum,
      username: entry.username ?? env['SHUANGWU_MQTT_USERNAME'] ?? null,
      password: () => passwordFile?.().trimEnd() ?? env['SHUANGWU_MQTT_PASSWORD'] ?? null,
      certificates: () => ({
        authority: authority?.() ?? null,
        certificate: certificate?.() ?? null,
        key: key?.() ?? null,
        serverName: entry.serverName ?? null,
      }),
    }
    // A file that is not there is said at the start, not at the first connection.
    access.password()
    access.certificates()
    return access
  })
}

function readText(file: string, url: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'cannot be read'
    throw new UserError('bad_config', `消息代理 broker ${url}: ${file}: ${reason}`, { cause })
  }
}
