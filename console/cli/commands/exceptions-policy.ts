import type { Command } from 'commander'
import { fourEyes } from '../../../domain/actor-errors.js'
import { UserError } from '../../../domain/errors.js'
import { exceptionPolicySchema } from '../../../domain/exception-policy.js'
import {
  findPolicy,
  insertPolicy,
  insertPolicyApproval,
  policyInForce,
} from '../../../storage/mdm/exception-policies.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { readJsonFile } from '../read-json-file.js'
import { requirePerson } from '../require-actor.js'
import { withDatabase } from '../session.js'

interface ProposeFlags {
  readonly actor: string
  readonly reason: string
}

export function addExceptionsPolicyCommand(exceptions: Command, io: Io): void {
  const policy = exceptions
    .command('policy')
    .description(
      '队列规则：期限、阈值、风险，两人办理 deadlines, thresholds and risks of the queue; two people change them',
    )
  policy
    .command('show')
    .description('现行规则，JSON the policy in force')
    .action(async () => {
      const now = createRealClock().now()
      const row = await withDatabase(io, 'reader', (reader) => policyInForce(reader, now))
      io.out(toJson(row))
    })
  policy
    .command('propose')
    .description('提出新规则，待他人批准 hands a new one in; it counts once another person approves')
    .argument('<file>', 'JSON，见 docs/schemas/exception-policy.schema.json')
    .requiredOption('--reason <text>', '原因 why')
    .requiredOption('--actor <id>', '提出人 who proposes')
    .action((file: string, flags: ProposeFlags) => propose(io, file, flags))
  policy
    .command('approve')
    .description('批准，提出人除外 approves it; not by its author')
    .argument('<revision>', '版本号 revision')
    .requiredOption('--actor <id>', '批准人 who approves')
    .action((revision: string, flags: { readonly actor: string }) => approve(io, revision, flags.actor))
}

async function propose(io: Io, file: string, { actor, reason }: ProposeFlags): Promise<void> {
  const parsed = exceptionPolicySchema.safeParse(readJsonFile(io, file))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new UserError('bad_input', `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
  }
  if (reason.trim() === '') throw new UserError('bad_usage', '--reason: 不得为空 must say something')
  const revision = await withDatabase(io, 'console', async (console) => {
    await requirePerson(console, actor)
    return insertPolicy(console, { document: parsed.data, author: actor, reason, recordedAt: createRealClock().now() })
  })
  io.out(`${revision} · 待他人批准 waits for another person`)
}

async function approve(io: Io, text: string, actor: string): Promise<void> {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UserError('bad_usage', `${text}: 应为版本号 expected a revision`)
  const revision = Number(text)
  await withDatabase(io, 'console', async (console) => {
    await requirePerson(console, actor)
    const found = await findPolicy(console, revision)
    if (found === null || found.author === null) throw new UserError('not_found', `${text}: 无此版本 no such revision`)
    if (found.author === actor) throw fourEyes(actor, '提出了该规则 proposed this policy')
    await insertPolicyApproval(console, { revision, approver: actor, approvedAt: createRealClock().now() })
  })
  io.out(`${revision} · 已批准 approved by ${actor}`)
}
