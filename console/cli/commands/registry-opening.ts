import type { Command } from 'commander'
import { bookOpenings } from '../../../billing/runs/book-openings.js'
import { UserError } from '../../../domain/errors.js'
import { formatScaled, yuan } from '../../../domain/scaled.js'
import { beijing, type Instant, localMinute } from '../../../domain/time.js'
import { isOpeningToCome } from '../../../mdm/registry/still-to-come.js'
import {
  insertOpeningApproval,
  type OpeningBatch,
  readOpeningBatches,
  takeOpeningLadders,
} from '../../../storage/registry/openings.js'
import {
  type OpeningContradiction,
  readOpeningContradictions,
} from '../../../storage/registry/opening-contradictions.js'
import {
  mostContradictions,
  openingsJson,
  refuseContradicting,
  sayContradictions,
} from '../../registry/contradictions-text.js'
import { redoOpening, type WhatFollowed } from '../../registry/redo-correction.js'
import { redoneJson, redoneText } from '../../registry/redone-text.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { requirePerson } from '../require-actor.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

interface ListFlags {
  readonly json?: true
}
interface ApproveFlags extends ListFlags {
  readonly actor: string
}

/** Opening batches come in by `registry import`; two people other than the author put them in force. */
export function addRegistryOpeningCommand(registry: Command, io: Io): void {
  const opening = registry
    .command('opening')
    .description('期初：旧账带来的示数、阶梯、预存、欠费 what accounts bring along at go-live')
  opening
    .command('list')
    .description('各批次、合计及批准 batches, their totals and who approved them')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((flags: ListFlags) => list(io, flags))
  opening
    .command('approve')
    .description(
      '与旧账核对后批准；两人批准后生效，导入人除外 after comparing it with the old books; two people, not the author',
    )
    .argument('<code>', '批次 batch')
    .requiredOption('--actor <id>', '批准人 who approves')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((code: string, flags: ApproveFlags) => approve(io, code, flags))
}

async function list(io: Io, { json }: ListFlags): Promise<void> {
  const limit = mostContradictions
  const [batches, contradictions] = await withDatabase(io, 'reader', async (reader) => [
    await readOpeningBatches(reader),
    await readOpeningContradictions(reader, { batches: null, limit }),
  ])
  say(io, batches, json === true, contradictions)
}

async function approve(io: Io, code: string, { actor, json }: ApproveFlags): Promise<void> {
  const approvedAt = createRealClock().now()
  const batch = await withDatabase(io, 'console', async (console) => {
    await requirePerson(console, actor)
    const { sha256, asOf } = await find(console, code)
    refuseToCome(code, asOf, approvedAt)
    const limit = mostContradictions
    refuseContradicting(code, await readOpeningContradictions(console, { batches: [code], limit }))
    await insertOpeningApproval(console, { code, sha256, approver: actor, approvedAt })
    return find(console, code)
  })
  if (batch.inForceAt === null) return say(io, [batch], json === true)
  await withDatabase(io, 'mdm', takeOpeningLadders)
  await withDatabase(io, 'billing', (billing) => bookOpenings(billing, { actor, now: approvedAt }))
  const followed = await redoOpening(io, code, { actor, now: createRealClock().now() })
  say(io, [batch], json === true, [], followed)
}

/** @throws UserError refused: nobody compares with the old books what they do not say yet. */
function refuseToCome(code: string, asOf: Instant, now: Instant): void {
  if (!isOpeningToCome(asOf, now)) return
  throw new UserError(
    'refused',
    `${code}: 起始时刻 ${localMinute(beijing, asOf)} 未到，不能批准；改正后以另一批次号导入 begins at an instant that is still to come: import it under another code with the right one`,
    { reason: 'still_to_come' },
  )
}

async function find(client: Parameters<typeof readOpeningBatches>[0], code: string): Promise<OpeningBatch> {
  const batch = (await readOpeningBatches(client)).find((one) => one.code === code)
  if (batch === undefined) throw new UserError('not_found', `${code}: 无此期初批次 no such opening batch`)
  return batch
}

function say(
  io: Io,
  batches: readonly OpeningBatch[],
  json: boolean,
  contradictions: readonly OpeningContradiction[] = [],
  followed: WhatFollowed | null = null,
): void {
  const redone = followed === null ? {} : { followed: redoneJson(followed) }
  if (json) return io.out(toJson({ batches: batches.map(forJson), ...openingsJson(contradictions), ...redone }))
  if (batches.length === 0) return io.out('无 none')
  io.out(
    textTable(
      [
        '批次 batch',
        '截至 as of',
        '条 items',
        '示数 registers',
        '阶梯 ladder',
        '估抄 estimates',
        '预存 prepaid',
        '欠费 arrears',
        '导入 author',
        '状态 state',
      ],
      batches.map((batch) => [
        batch.code,
        localMinute(beijing, batch.asOf),
        batch.items,
        formatScaled(batch.registersE4, 4),
        formatScaled(batch.ladderE4, 4),
        formatScaled(batch.estimatesE4, 4),
        yuan(batch.prepaidFen),
        yuan(batch.arrearsFen),
        batch.author,
        stateText(batch),
      ]),
      { spare: ['估抄 estimates', '导入 author'] },
    ),
  )
  sayContradictions(io, contradictions)
  if (followed !== null) io.out(redoneText(followed))
}

function stateText({ approvers, inForceAt }: OpeningBatch): string {
  const by = approvers.length === 0 ? '' : ` (${approvers.join(', ')})`
  return inForceAt === null ? `待批 ${approvers.length}/2 waits${by}` : `生效 in force${by}`
}

function forJson(batch: OpeningBatch) {
  const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString())
  return { ...batch, asOf: iso(batch.asOf), recordedAt: iso(batch.recordedAt), inForceAt: iso(batch.inForceAt) }
}
