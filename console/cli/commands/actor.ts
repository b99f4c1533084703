import { type Command, Option } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { recordActors } from '../../../storage/deployment.js'
import { changeApprovalRight, confirmApprovalRight, type ListedActor, listActors } from '../../../storage/rights.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { requireActor, requirePerson } from '../require-actor.js'
import { withDatabase, withOwner } from '../session.js'
import { textTable } from '../table.js'

interface Flags {
  readonly actor: string
  readonly json?: true
}
interface AddFlags {
  readonly name: string
  readonly kind: 'person' | 'process'
  readonly json?: true
}
interface ChangeFlags extends Flags {
  readonly reason: string
  readonly login?: string
}

const actorPattern = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u
const jsonHelp = '输出一个 JSON 文档 one JSON document'
const whoHelp = '经办人 who asks for it, as registered'

/** People and processes, and who may approve. Adding and granting take the owner's database login; confirming is the console's. */
export function addActorCommand(program: Command, io: Io): void {
  const actor = program
    .command('actor')
    .description('人员与审批权 who can act, and who may approve what others propose')
  actor
    .command('add')
    .description('登记人员或程序（属主） enters somebody; with the owner’s database login')
    .argument('<id>', '代号 the name that --actor takes')
    .requiredOption('--name <name>', '姓名 name to show')
    .addOption(
      new Option('--kind <kind>', '人员或程序 a person or a process').choices(['person', 'process']).default('person'),
    )
    .option('--json', jsonHelp)
    .action((id: string, flags: AddFlags) => add(io, id, flags))
  actor
    .command('grant')
    .description(
      '授予审批权（属主），满两人后须他人确认 gives the right to approve; once two hold it, a holder confirms',
    )
    .argument('<id>', '代号 who is to have it')
    .requiredOption('--actor <id>', whoHelp)
    .requiredOption('--reason <text>', '原因 why')
    .option('--login <login>', '仅限此数据库账号 acts through this database login alone')
    .option('--json', jsonHelp)
    .action((id: string, flags: ChangeFlags) => change(io, id, true, flags))
  actor
    .command('revoke')
    .description('收回审批权（属主），立即生效 takes the right to approve away, at once')
    .argument('<id>', '代号 who is to lose it')
    .requiredOption('--actor <id>', whoHelp)
    .requiredOption('--reason <text>', '原因 why')
    .option('--json', jsonHelp)
    .action((id: string, flags: ChangeFlags) => change(io, id, false, flags))
  actor
    .command('confirm')
    .description('确认他人的审批权，经办人除外 confirms a right that another one asked for')
    .argument('<id>', '代号 who is to have it')
    .requiredOption('--actor <id>', '确认人 who confirms')
    .option('--json', jsonHelp)
    .action((id: string, flags: Flags) => confirm(io, id, flags))
  actor
    .command('list')
    .description('全部人员与程序 everybody')
    .option('--json', jsonHelp)
    .action((flags: { readonly json?: true }) => list(io, flags))
}

async function add(io: Io, id: string, { name, kind, json }: AddFlags): Promise<void> {
  if (!actorPattern.test(id))
    throw new UserError('bad_usage', `${id}: 代号为 1–40 个字母、数字、._- expected 1 to 40 letters, digits or ._-`)
  const outcome = await withOwner(io, async (owner) => {
    const there = (await listActors(owner)).find(({ actor }) => actor === id)
    if (there === undefined) {
      await recordActors(owner, [{ actor: id, displayName: name, kind }], createRealClock().now())
      return 'created'
    }
    if (there.displayName === name && there.kind === kind) return 'exists'
    throw new UserError('refused', `${id}: 已登记为 is registered as ${there.displayName}, ${there.kind}`)
  })
  if (json === true) return io.out(toJson({ outcome, actor: id, displayName: name, kind }))
  io.out(`${id} ${name} · ${outcome === 'created' ? '已登记 recorded' : '早已登记 was there'}`)
}

async function change(io: Io, id: string, granted: boolean, flags: ChangeFlags): Promise<void> {
  const { actor: author, reason, login, json } = flags
  if (author === id) throw new UserError('refused', `${id}: 不得自授 nobody asks for a right of their own`)
  const recordedAt = createRealClock().now()
  const { inForce } = await withOwner(io, async (owner) => {
    await requirePerson(owner, author)
    await requirePerson(owner, id)
    return changeApprovalRight(owner, { actor: id, granted, loginName: login ?? null, author, reason, recordedAt })
  })
  if (json === true) return io.out(toJson({ actor: id, granted, loginName: login ?? null, inForce }))
  if (!granted) return io.out(`${id} · 审批权已收回 may no longer approve`)
  io.out(
    inForce
      ? `${id} · 可审批 may approve (头两人无须确认 one of the first two)`
      : `${id} · 待他人确认 waits for another holder: shuangwu actor confirm ${id} --actor …`,
  )
}

async function confirm(io: Io, id: string, { actor: approver, json }: Flags): Promise<void> {
  const confirmed = await withDatabase(io, 'console', async (console) => {
    await requireActor(console, id)
    await requirePerson(console, approver)
    return confirmApprovalRight(console, { actor: id, approver, confirmedAt: createRealClock().now() })
  })
  if (confirmed === 0) throw new UserError('not_found', `${id}: 无待确认的审批权 nothing waits for confirmation`)
  if (json === true) return io.out(toJson({ actor: id, confirmedBy: approver }))
  io.out(`${id} · 已由 ${approver} 确认，可审批 confirmed, may approve`)
}

async function list(io: Io, { json }: { readonly json?: true }): Promise<void> {
  const actors = await withDatabase(io, 'reader', listActors)
  if (json === true)
    return io.out(
      toJson({
        actors: actors.map((each) => ({
          ...each,
          waitsSince: each.waitsSince === null ? null : new Date(each.waitsSince).toISOString(),
        })),
      }),
    )
  io.out(
    textTable(
      ['代号 id', '姓名 name', '类别 kind', '审批权 may approve', '数据库账号 login'],
      actors.map((each) => [
        each.actor,
        each.displayName,
        each.kind === 'person' ? '人员 person' : '程序 process',
        rightText(each),
        each.loginName ?? '—',
      ]),
    ),
  )
}

function rightText({ mayApprove, askedBy }: ListedActor): string {
  const waiting = askedBy === null ? '' : ` · 待确认 waits, asked by ${askedBy}`
  return `${mayApprove ? '是 yes' : '否 no'}${waiting}`
}
