import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { nonceBytes, parseCredential, sealCredential } from '../../../headend/orders/credential.js'
import { findActorKind } from '../../../storage/billing/actors.js'
import { insertSealedCredential, latestCredentialVersion } from '../../../storage/headend/meter-credentials.js'
import { requireCredentialKey } from '../../orders/credential-key.js'
import { orderRefusal } from '../../orders/order-refusal.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { realNonce } from '../../runtime/real-nonce.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'
import { actorHelp, jsonHelp } from './order-help.js'

const codePattern = /^[a-z0-9-]{1,40}$/
const mostInputBytes = 4096

/** `order credential`: seals a password. It can be replaced and used, never shown. */
export function addOrderCredentialCommand(order: Command, io: Io): void {
  order
    .command('credential')
    .description(
      '从标准输入封存电表口令，只写不读 seal a password read from stdin: {"level":"02","password":"……","operator":"……"}',
    )
    .argument('<code>', '口令代号 code under which orders name it')
    .requiredOption('--actor <id>', actorHelp)
    .option('--json', jsonHelp)
    .action((code: string, flags: { readonly actor: string; readonly json?: true }) => seal(io, code, flags))
}

async function seal(io: Io, code: string, { actor, json }: { readonly actor: string; readonly json?: true }) {
  if (!codePattern.test(code))
    throw new UserError('bad_usage', `${code}: 应为小写字母、数字、连字符 expected lower-case letters, digits, hyphens`)
  const key = requireCredentialKey(io.env)
  const credential = parseCredential(documentFrom(await inputText(io)))
  if (!credential.ok)
    throw new UserError(
      'bad_input',
      `stdin: ${credential.error.path}: 格式不对，内容不显示 malformed; what it holds is not shown`,
    )
  const recordedAt = createRealClock().now()
  const version = await withDatabase(io, 'console', (console) =>
    console.transaction(async (tx) => {
      if ((await findActorKind(tx, actor)) === null) throw orderRefusal('actor_unknown', actor)
      const name = { credentialCode: code, version: (await latestCredentialVersion(tx, code)) + 1 }
      const sealed = sealCredential(credential.value, name, key, realNonce(nonceBytes))
      await insertSealedCredential(tx, sealed, { actor, recordedAt })
      return name.version
    }),
  )
  io.out(json === true ? toJson({ code, version }) : `${code} v${version} · 已封存 sealed`)
}

async function inputText(io: Io): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of io.input) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > mostInputBytes)
      throw new UserError('bad_input', `stdin: 超过 ${mostInputBytes} 字节 more than ${mostInputBytes} bytes`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The parser's own words would quote what it read, so they are not handed on. */
function documentFrom(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
