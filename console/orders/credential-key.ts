import { readFileSync } from 'node:fs'
import { UserError } from '../../domain/errors.js'
import { parseCredentialKey } from '../../headend/orders/credential.js'
import { fileProblem } from '../cli/file-problem.js'

type Env = Readonly<Record<string, string | undefined>>

const variable = 'SHUANGWU_CREDENTIAL_KEY_FILE'

/**
 * The key under which passwords of meters are sealed; null when the environment names no file.
 * @throws UserError `bad_config` for a file that cannot be read or holds no key. Its content is never shown.
 */
export function loadCredentialKey(env: Env): Buffer | null {
  const path = env[variable]
  if (path === undefined) return null
  const key = parseCredentialKey(readKeyFile(path))
  if (key === null)
    throw new UserError('bad_config', `${variable}: ${path}: 应为 64 位十六进制 expected 64 hexadecimal digits`)
  return key
}

export function requireCredentialKey(env: Env): Buffer {
  const key = loadCredentialKey(env)
  if (key === null)
    throw new UserError('bad_config', `${variable}: 未设置密钥文件 names the file of the key (openssl rand -hex 32)`)
  return key
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UserError('bad_config', `${variable}: ${path}: 读不了 cannot be read: ${fileProblem(cause)}`, { cause })
  }
}
