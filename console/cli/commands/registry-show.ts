import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { beijing, localMinute } from '../../../domain/time.js'
import type { Instant } from '../../../domain/time.js'
import { plainText } from '../../../mdm/registry/document-lists.js'
import {
  type Belief,
  type BelievedFact,
  type BelievedKind,
  findKinds,
  readBelief,
} from '../../../storage/registry/as-of.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { parseInstant } from '../parse-instant.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

interface ShowFlags {
  readonly asOf?: string
  readonly known?: string
  readonly json?: true
}

export function addRegistryShowCommand(registry: Command, io: Io): void {
  registry
    .command('show')
    .description('某时已知、某时为真的档案 what was known at one time to be true at another')
    .argument('<code>', '计量点、户号或电表 a usage point, account or meter')
    .option('--as-of <instant>', '何时为真，默认现在 true when; now by default')
    .option('--known <instant>', '何时已知，默认现在 known when; now by default')
    .option('--json', 'one JSON document')
    .action((code: string, flags: ShowFlags) => show(io, code, flags))
}

async function show(io: Io, code: string, { asOf, known, json }: ShowFlags): Promise<void> {
  const now = createRealClock().now()
  const belief = { at: instantOr(now, asOf), knownAt: instantOr(now, known) }
  const found = await withDatabase(io, 'mdm', async (database) => {
    const answers: { readonly kind: BelievedKind; readonly facts: readonly BelievedFact[] }[] = []
    for (const kind of await findKinds(database, code))
      answers.push({ kind, facts: await readBelief(database, kind, code, belief) })
    return answers
  })
  if (found.length === 0)
    throw new UserError('not_found', `${code}: 档案中无此计量点、户号或电表 no usage point, account or meter`)
  if (json === true)
    return io.out(
      toJson(found.map((answer) => ({ code, ...timesOf(belief), ...answer, facts: answer.facts.map(toJsonFact) }))),
    )
  for (const { kind, facts } of found) {
    io.out(
      `${kinds[kind]} ${code} · 为真 true at ${localMinute(beijing, belief.at)} · 已知 known at ${localMinute(beijing, belief.knownAt)}`,
    )
    if (facts.length === 0) io.out('无 nothing')
    else io.out(textTable(headings, facts.map(toLine)))
  }
}

const kinds: Readonly<Record<BelievedKind, string>> = {
  usage_point: '计量点 usage point',
  account: '户号 account',
  meter: '电表 meter',
}
const headings = [
  '事项 aspect',
  '内容 value',
  '起 from',
  '止 to',
  '版次 revision',
  '记录 recorded',
  '记录人 by',
  '缘由 why',
]
const aspects: Readonly<Record<string, string>> = {
  installation: '装表',
  multiplier: '倍率',
  agreement: '协议',
  relation: '上级',
  part: '下级',
  flow: '流向',
  transformer: '变压器',
  suspension: '暂停',
  reading_day: '例日',
  area_supply: '台区总表',
  contact: '联系',
  opening: '期初',
  verification: '检定',
}

function toLine({ aspect, value, from, to, revision, recordedAt, actor, reason }: BelievedFact): readonly string[] {
  const parts = Object.entries(value).filter(([, part]) => part !== null)
  return [
    `${aspects[aspect] ?? ''} ${aspect}`,
    parts.map(([name, part]) => `${name} ${plainText(part)}`).join('\n'),
    minute(from),
    minute(to),
    revision === null ? '' : String(revision),
    localMinute(beijing, recordedAt),
    actor,
    reason,
  ]
}

function toJsonFact(fact: BelievedFact) {
  return { ...fact, from: iso(fact.from), to: iso(fact.to), recordedAt: iso(fact.recordedAt) }
}

function timesOf({ at, knownAt }: Belief) {
  return { asOf: iso(at), known: iso(knownAt) }
}

function minute(instant: Instant | null): string {
  return instant === null ? '' : localMinute(beijing, instant)
}

function iso(instant: Instant | null): string | null {
  return instant === null ? null : new Date(instant).toISOString()
}

function instantOr(fallback: Instant, text: string | undefined): Instant {
  return text === undefined ? fallback : parseInstant(text)
}
