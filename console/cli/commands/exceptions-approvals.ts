import type { Command } from 'commander'
import { fourEyes } from '../../../domain/actor-errors.js'
import { UserError } from '../../../domain/errors.js'
import type { OverrideCode } from '../../../domain/exception-policy.js'
import { undoDecision } from '../../../mdm/exceptions/undo-decision.js'
import type { Queryable } from '../../../storage/database.js'
import {
  findDecision,
  insertDecisionApproval,
  listDecisions,
  readDecisionItems,
  type StoredDecision,
} from '../../../storage/mdm/exception-decisions.js'
import {
  askedLine,
  decisionJson,
  decisionLine,
  decisionsTable,
  itemsTable,
  warningLines,
} from '../../exceptions/decision-text.js'
import { namedDecision } from '../../exceptions/named-decision.js'
import { overrideWords } from '../../exceptions/exception-words.js'
import { letTakeEffect } from '../../exceptions/let-take-effect.js'
import { sayTaken } from '../../exceptions/say-taken.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { requirePerson } from '../require-actor.js'
import { withDatabase } from '../session.js'

interface ActorFlags {
  readonly actor: string
  readonly json?: true
}
interface ApproveFlags extends ActorFlags {
  readonly override?: string
}
interface UndoFlags extends ActorFlags {
  readonly reason: string
}

const mostListed = 100
const decisionHelp = '决定编号或其前 8 位以上 id of a decision, or 8 and more characters of its beginning'

/** What becomes of a decision after it was made: approved, undone, looked at. */
export function addExceptionsApprovalCommands(exceptions: Command, io: Io): void {
  exceptions
    .command('approve')
    .description('审批决定，经办人除外 approves a decision; not by its author')
    .argument('<decision>', `${decisionHelp}；或其异常编号 or the code of the exception that waits`)
    .requiredOption('--actor <id>', '批准人 who approves')
    .option('--override <code>', '更正与规则不符时，重申其理由 repeats the reason of a value that the rules refuse')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((id: string, flags: ApproveFlags) => approve(io, id, flags))
  exceptions
    .command('undo')
    .description(
      '撤销一个决定的全部条目，回到决定前 puts back everything that a decision did, with a second person where it took one, or withdraws it',
    )
    .argument('<decision>', `${decisionHelp}；或其待批异常编号 or the code of the exception that waits`)
    .requiredOption('--reason <text>', '原因 why')
    .requiredOption('--actor <id>', '经办人 who undoes')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((id: string, flags: UndoFlags) => undo(io, id, flags))
  exceptions
    .command('decisions')
    .description(`最近 ${mostListed} 个决定，或一个决定的清单 the latest decisions, or the list of one`)
    .argument('[decision]', `${decisionHelp}；或其待批异常编号 or the code of the exception that waits`)
    .option('--waiting', '仅待批 only what waits for approval')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((id: string | undefined, flags: { readonly waiting?: true; readonly json?: true }) =>
      id === undefined ? listAll(io, flags) : showOne(io, id, flags),
    )
}

async function approve(io: Io, named: string, { actor, override, json }: ApproveFlags): Promise<void> {
  const now = createRealClock().now()
  const decision = await withDatabase(io, 'console', async (console) => {
    await requirePerson(console, actor)
    const decisionId = await namedDecision(console, named)
    const found = await known(console, decisionId)
    if (found.actor === actor) throw fourEyes(actor, '作出了该决定 made this decision')
    for (const line of warningLines(await readDecisionItems(console, decisionId))) io.err(line)
    if (found.overrideCode !== null && override !== found.overrideCode) throw overrideUnseen(found.overrideCode)
    const overrideCode = found.overrideCode
    await insertDecisionApproval(console, { decisionId, approver: actor, approvedAt: now, overrideCode })
    return known(console, decisionId)
  })
  sayTaken(io, await letTakeEffect(io, decision, { actor, now }), json === true ? {} : null)
}

function overrideUnseen(code: OverrideCode): UserError {
  return new UserError(
    'refused',
    `该值与校核规则不符，理由 ${overrideWords[code]}；认可该理由则加 the rules refuse that value; to approve it all the same repeat its reason: --override ${code}`,
    { reason: 'override_unseen' },
  )
}

async function undo(io: Io, named: string, { actor, reason, json }: UndoFlags): Promise<void> {
  const now = createRealClock().now()
  const undone = await withDatabase(io, 'console', async (console) => {
    await requirePerson(console, actor)
    return undoDecision(console, { decisionId: await namedDecision(console, named), reason, actor, now })
  })
  if (!undone.ok)
    throw undone.error.kind === 'decision_not_found'
      ? notFound(named)
      : new UserError('refused', `${named}: 撤销不可再撤销，请重新处理 an undo stands; decide again instead`)
  const { outcome } = undone.value
  sayTaken(io, await letTakeEffect(io, undone.value.decision, { actor, now }), json === true ? { outcome } : null)
}

async function listAll(io: Io, { waiting, json }: { readonly waiting?: true; readonly json?: true }): Promise<void> {
  const decisions = await withDatabase(io, 'reader', (reader) =>
    listDecisions(reader, { waiting: waiting === true, limit: mostListed }),
  )
  if (json === true) return io.out(toJson({ decisions: decisions.map(decisionJson) }))
  io.out(decisions.length === 0 ? '无 none' : decisionsTable(decisions))
}

async function showOne(io: Io, named: string, { json }: { readonly json?: true }): Promise<void> {
  const [decision, items] = await withDatabase(io, 'reader', async (reader) => {
    const decisionId = await namedDecision(reader, named)
    return [await known(reader, decisionId), await readDecisionItems(reader, decisionId)] as const
  })
  if (json === true) return io.out(toJson({ ...decisionJson(decision), items }))
  io.out(decisionLine(decision))
  io.out(askedLine(decision))
  io.out(itemsTable(items))
}

async function known(database: Queryable, decisionId: string): Promise<StoredDecision> {
  const found = await findDecision(database, decisionId)
  if (found === null) throw notFound(decisionId)
  return found
}

function notFound(decisionId: string): UserError {
  return new UserError('not_found', `${decisionId}: 无此决定 no such decision`)
}
