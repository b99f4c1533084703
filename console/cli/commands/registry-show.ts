import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { maskedContact } from '../../../domain/masked-contact.js'
import { beijing, type Calendar, calendarOf, type Instant, localMinute } from '../../../domain/time.js'
import { plainText } from '../../../mdm/registry/document-lists.js'
import type { Database } from '../../../storage/database.js'
import {
  type Belief,
  type BelievedFact,
  type BelievedKind,
  findKinds,
  findTimeZone,
  readBelief,
} from '../../../storage/registry/as-of.js'
import { readCards, type RegistryCard } from '../../../storage/registry/card.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { aspectText, fieldText } from '../../registry/aspect-words.js'
import { cardForJson, cardLines } from '../../registry/card-text.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { parseLocalInstant } from '../parse-instant.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'
import { zonedMinute } from '../zoned-minute.js'

interface ShowFlags {
  readonly asOf?: string
  readonly known?: string
  readonly json?: true
}

export function addRegistryShowCommand(registry: Command, io: Io): void {
  registry
    .command('show')
    .description(
      '一户一屏：客户、户号、电表、地址、协议、联系方式（掩码）、班组网格，及其来历 a supply on one screen, as known at one time to be true at another; contacts masked',
    )
    .argument('<code>', '计量点、户号或电表 a usage point, account or meter')
    .option('--as-of <instant>', '何时为真，默认现在 true when; now by default')
    .option('--known <instant>', '何时已知，默认现在 known when; now by default')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((code: string, flags: ShowFlags) => show(io, code, flags))
}

async function show(io: Io, code: string, flags: ShowFlags): Promise<void> {
  const { belief, found } = await withDatabase(io, 'mdm', (database) => ask(database, code, flags))
  if (found.length === 0)
    throw new UserError('not_found', `${code}: 档案中无此计量点、户号或电表 no usage point, account or meter`)
  if (flags.json === true) return io.out(toJson(found.map((answer) => answerForJson(code, belief, answer))))
  for (const answer of found) sayAnswer(io, code, belief, answer)
}

async function ask(database: Database, code: string, { asOf, known }: ShowFlags) {
  const now = createRealClock().now()
  const calendar = calendarOf((await findTimeZone(database, code)) ?? '') ?? beijing
  const belief = { at: instantOr(now, asOf, calendar), knownAt: instantOr(now, known, calendar) }
  const found: Answer[] = []
  for (const kind of await findKinds(database, code)) {
    const facts = await readBelief(database, kind, code, belief)
    found.push({ kind, cards: await readCards(database, kind, code, belief), facts: facts.map(masked) })
  }
  return { belief, found }
}

interface Answer {
  readonly kind: BelievedKind
  readonly cards: readonly RegistryCard[]
  readonly facts: readonly BelievedFact[]
}

function answerForJson(code: string, belief: Belief, { kind, cards, facts }: Answer) {
  return { code, ...timesOf(belief), kind, cards: cards.map(cardForJson), facts: facts.map(toJsonFact) }
}

/** Times are those of the organisation. */
function sayAnswer(io: Io, code: string, belief: Belief, { kind, cards, facts }: Answer): void {
  const zone = cards.find(({ timeZone }) => timeZone !== null)?.timeZone
  const calendar = calendarOf(zone ?? '') ?? beijing
  const at = zonedMinute(calendar, belief.at)
  io.out(`${kinds[kind]} ${code} · 为真 true at ${at} · 已知 known at ${zonedMinute(calendar, belief.knownAt)}`)
  for (const card of cards) io.out(textTable(['一户 supply', '内容 value'], cardLines(card)))
  if (facts.length === 0) io.out('无 nothing')
  else
    io.out(
      textTable(
        headings,
        facts.map((fact) => toLine(fact, calendar)),
        { spare: ['缘由 why', '记录人 by'] },
      ),
    )
}

function masked(fact: BelievedFact): BelievedFact {
  if (fact.aspect !== 'contact') return fact
  return { ...fact, value: { ...fact.value, address: maskedContact(plainText(fact.value['address'])) } }
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
function toLine(
  { aspect, value, from, to, revision, recordedAt, actor, reason }: BelievedFact,
  calendar: Calendar,
): readonly string[] {
  const parts = Object.entries(value).filter(([, part]) => part !== null)
  return [
    aspectText(aspect),
    parts.map(([name, part]) => `${fieldText(name)} ${partText(part, calendar)}`).join('\n'),
    minute(calendar, from),
    minute(calendar, to),
    revision === null ? '' : String(revision),
    localMinute(calendar, recordedAt),
    actor,
    reason,
  ]
}

/** Instants stand in JSON as text. */
function partText(part: unknown, calendar: Calendar): string {
  if (typeof part === 'boolean') return part ? '是 yes' : '否 no'
  if (Array.isArray(part)) return part.map(plainText).join('、')
  const text = plainText(part)
  return /^\d{4}-\d{2}-\d{2}T/.test(text) ? localMinute(calendar, Date.parse(text)) : text
}

function toJsonFact(fact: BelievedFact) {
  return { ...fact, from: iso(fact.from), to: iso(fact.to), recordedAt: iso(fact.recordedAt) }
}

function timesOf({ at, knownAt }: Belief) {
  return { asOf: iso(at), known: iso(knownAt) }
}

function minute(calendar: Calendar, instant: Instant | null): string {
  return instant === null ? '' : localMinute(calendar, instant)
}

function iso(instant: Instant | null): string | null {
  return instant === null ? null : new Date(instant).toISOString()
}

/** Without an offset it is the organisation's time. */
function instantOr(fallback: Instant, text: string | undefined, calendar: Calendar): Instant {
  return text === undefined ? fallback : parseLocalInstant(text, calendar)
}
