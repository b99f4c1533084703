import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { applyRegistryChange, type ChangeError } from '../../../mdm/registry/apply-registry-change.js'
import type { ChangeRefused } from '../../../mdm/registry/change-refused.js'
import type { Stamp } from '../../../mdm/registry/registry-rows.js'
import { type Database, isRefusedData } from '../../../storage/database.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { readDocument } from '../read-document.js'
import { requireActor } from '../require-actor.js'
import { withDatabase } from '../session.js'

interface ChangeFlags {
  readonly actor: string
  readonly json?: true
}

export function addRegistryChangeCommand(registry: Command, io: Io): void {
  registry
    .command('change')
    .description(
      '按日期变更档案：换表、过户、倍率、拆表、协议、班组、停电、例日、计量关系、流向、变压器、台区总表、联系方式、封印与故障 dated changes; each is applied whole or not at all',
    )
    .argument(
      '<file>',
      '一条或多条变更的 JSON 或 YAML one change or a list of them: docs/schemas/registry-change.schema.json',
    )
    .requiredOption('--actor <code>', '变更人 who changes')
    .option('--json', 'one JSON document')
    .action((file: string, flags: ChangeFlags) => applyFile(io, file, flags))
}

interface Applied {
  readonly place: number
  readonly outcome: 'applied' | 'exists' | 'refused'
  readonly problem: string | null
}

async function applyFile(io: Io, file: string, { actor, json }: ChangeFlags): Promise<void> {
  const content = readDocument(io, file)
  const changes: readonly unknown[] = Array.isArray(content) ? content : [content]
  const applied = await withDatabase(io, 'mdm', async (database) => {
    await requireActor(database, actor)
    const outcomes: Applied[] = []
    for (const [index, change] of changes.entries()) {
      const stamp = { actor, recordedAt: createRealClock().now() }
      outcomes.push({ place: index + 1, ...(await applyOne(database, change, stamp)) })
    }
    return outcomes
  })
  const refused = applied.filter(({ outcome }) => outcome === 'refused')
  if (json === true) io.out(toJson({ ok: refused.length === 0, changes: applied }))
  else
    for (const { place, outcome, problem } of applied)
      io.out(`${place} ${words[outcome]}${problem === null ? '' : `: ${problem}`}`)
  if (refused.length > 0)
    throw new UserError('refused', `${file}: ${refused.length} 条未生效 changes are without effect`)
}

/** What only the database could see is said of its own change; those before it and behind it are told all the same. */
async function applyOne(database: Database, change: unknown, stamp: Stamp): Promise<Omit<Applied, 'place'>> {
  try {
    const result = await applyRegistryChange(database, change, stamp)
    if (result.ok) return { outcome: result.value, problem: null }
    return { outcome: 'refused', problem: problemText(result.error) }
  } catch (cause) {
    if (!isRefusedData(cause) || !(cause instanceof Error)) throw cause
    return { outcome: 'refused', problem: cause.message }
  }
}

const words = { applied: '已变更 applied', exists: '已有 exists', refused: '拒收 refused' } as const

const refusals: Readonly<Record<ChangeRefused['code'], string>> = {
  unknown_code: '档案中无此编码',
  unknown_tariff: '无此电价；先批准电价，或改正编码',
  exists_with_different_content: '同一时刻已有不同内容',
  not_installed: '此时未装此表',
  no_agreement: '此时无此用电协议',
  not_at_midnight: '须自当地零点起',
  does_not_fit_display: '示数与表位数不符',
  part_of_itself: '计量点不能是自己的一部分',
  still_to_come: '时刻未到',
}

function problemText(error: ChangeError): string {
  if (error.kind === 'change_refused') return `${refusals[error.code]} ${error.code}: ${error.reason}`
  return error.problems.map(({ path, problem }) => `${path === '' ? '(整条 the whole)' : path}: ${problem}`).join('；')
}
