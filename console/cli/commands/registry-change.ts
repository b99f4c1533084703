import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import type { CarriedValue, CorrectionChange, RegistryChange } from '../../../domain/registry-correction.js'
import { calendarFor } from '../../../domain/time.js'
import { contentIdOf } from '../../../mdm/corrections/correction-key.js'
import type { WhatRests } from '../../../mdm/corrections/tell-change.js'
import {
  type RecordedChange,
  recordRegistryChange,
  rehearseRegistryChange,
} from '../../../mdm/registry/apply-registry-change.js'
import type { ChangeOutcome } from '../../../mdm/registry/change-refused.js'
import { parseRegistryChange } from '../../../mdm/registry/registry-change-schema.js'
import type { Stamp } from '../../../mdm/registry/registry-rows.js'
import { type Database, isRefusedData } from '../../../storage/database.js'
import { findTimeZone } from '../../../storage/registry/as-of.js'
import { findCarried, isToFollowUp } from '../../../storage/registry/corrections.js'
import { carriedJson, carriedLines } from '../../registry/carried-text.js'
import { outcomeWords, problemText } from '../../registry/change-words.js'
import { layLatePoints } from '../../registry/lay-late-points.js'
import { codeOf, redoCorrection, type WhatFollowed } from '../../registry/redo-correction.js'
import { redoneJson, redoneText } from '../../registry/redone-text.js'
import { restsJson, restsLines } from '../../registry/rests-text.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { readDocument } from '../read-document.js'
import { requireActor } from '../require-actor.js'
import { withDatabase } from '../session.js'

interface ChangeFlags {
  readonly actor: string
  readonly dryRun?: true
  readonly json?: true
}

export function addRegistryChangeCommand(registry: Command, io: Io): void {
  registry
    .command('change')
    .description(
      '按日期变更档案：换表、装表、拆表、过户、倍率、协议、班组、停电、例日、计量关系、流向、变压器、台区总表、联系方式、封印与故障；更正以前的变更或电能表描述（须两人提交同一文件）；补记已出账时段的变更亦须两人 dated changes, each applied whole or not at all; corrections of earlier ones, and changes of a time that was billed, two people hand in',
    )
    .argument(
      '<file>',
      '一条或多条变更的 JSON 或 YAML one change or a list of them: docs/schemas/registry-change.schema.json',
    )
    .requiredOption('--actor <code>', '变更人 who changes')
    .option('--dry-run', '只试不写：结果及所涉账单、冻结期 tries each change alone and writes nothing')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((file: string, flags: ChangeFlags) => applyFile(io, file, flags))
}

interface Applied {
  readonly place: number
  readonly outcome: ChangeOutcome | 'refused'
  readonly problem: string | null
  /** What had been issued and frozen of the time of a change told late. */
  readonly rests?: RestsIn
  /** A change told late in effect: what rests on it is done anew. */
  readonly late?: CorrectionChange | null
  /** Later versions that follow a correction, in effect or not yet. */
  readonly carried?: CarriedLater
  /** What followed from a correction that is in effect. */
  readonly redone?: WhatFollowed
}
interface RestsIn {
  readonly what: WhatRests
  readonly timeZone: string
}
interface CarriedLater {
  readonly values: readonly CarriedValue[]
  readonly timeZone: string
}

async function applyFile(io: Io, file: string, { actor, dryRun, json }: ChangeFlags): Promise<void> {
  const content = readDocument(io, file)
  const changes: readonly unknown[] = Array.isArray(content) ? content : [content]
  if (changes.length === 0)
    throw new UserError('bad_input', `${file}: 无变更；应为一条或多条 no change in it: expected one or a list of them`)
  const outcomes = await withDatabase(io, 'mdm', async (database) => {
    await requireActor(database, actor)
    const all: Applied[] = []
    for (const [index, change] of changes.entries()) {
      const stamp = { actor, recordedAt: createRealClock().now() }
      all.push({ place: index + 1, ...(await applyOne(database, change, stamp, dryRun === true)) })
    }
    return all
  })
  const applied = dryRun === true ? outcomes : await withWhatFollows(io, changes, outcomes, actor)
  const refused = applied.filter(({ outcome }) => outcome === 'refused')
  if (json === true)
    io.out(
      toJson({
        ok: refused.length === 0,
        ...(dryRun === true ? { dryRun } : {}),
        changes: applied.map(appliedJson),
      }),
    )
  else {
    if (dryRun === true) io.out('试行，未写入 dry run, nothing is written')
    for (const one of applied) sayApplied(io, one)
  }
  if (dryRun !== true && outcomes.some((one, index) => isInEffect(one) && movesDuePoints(changes[index])))
    await layLatePoints(io)
  if (refused.length > 0)
    throw new UserError('refused', `${file}: ${refused.length} 条未生效 changes are without effect`)
}

function isInEffect({ outcome }: Applied): boolean {
  return outcome === 'applied' || outcome === 'exists'
}

/** Whether due points of midnights gone by may follow; corrections have theirs laid down with all else that follows. */
function movesDuePoints(change: unknown): boolean {
  const parsed = parseRegistryChange(change)
  return parsed.ok && kindsOfDuePoints.has(parsed.value.kind)
}
const kindsOfDuePoints: ReadonlySet<RegistryChange['kind']> = new Set([
  'meter_exchange',
  'meter_removal',
  'installation',
  'account_transfer',
  'agreement',
  'reading_day',
])

/** Corrections in effect, and changes told late, have readings and determinants done anew. */
async function withWhatFollows(
  io: Io,
  changes: readonly unknown[],
  outcomes: readonly Applied[],
  actor: string,
): Promise<readonly Applied[]> {
  const followed: Applied[] = []
  for (const [index, one] of outcomes.entries()) {
    const correction = isInEffect(one) ? toFollow(changes[index], one) : null
    if (correction === null) followed.push(one)
    else
      followed.push({ ...one, redone: await redoCorrection(io, correction, { actor, now: createRealClock().now() }) })
  }
  return followed
}

function toFollow(change: unknown, { late }: Applied): CorrectionChange | null {
  const parsed = parseRegistryChange(change)
  if (!parsed.ok) return null
  return parsed.value.kind === 'correction' ? parsed.value : (late ?? null)
}

function sayApplied(io: Io, { place, outcome, problem, rests, carried, redone }: Applied): void {
  io.out(`${place} ${outcomeWords[outcome]}${problem === null ? '' : `: ${problem}`}`)
  if (rests !== undefined) for (const line of restsLines(rests.what, calendarFor(rests.timeZone))) io.out(line)
  if (carried !== undefined)
    for (const line of carriedLines(carried.values, calendarFor(carried.timeZone))) io.out(line)
  if (redone !== undefined) io.out(redoneText(redone))
}

function appliedJson({ redone, carried, rests, late: _late, ...one }: Applied): object {
  return {
    ...one,
    ...(rests === undefined ? {} : { rests: restsJson(rests.what) }),
    ...(carried === undefined ? {} : { carried: carriedJson(carried.values) }),
    ...(redone === undefined ? {} : { redone: redoneJson(redone) }),
  }
}

/** What only the database could see is said of its own change; those before it and behind it are told all the same. */
async function applyOne(
  database: Database,
  change: unknown,
  stamp: Stamp,
  isDryRun: boolean,
): Promise<Omit<Applied, 'place'>> {
  try {
    const result = await (isDryRun ? rehearseRegistryChange : recordRegistryChange)(database, change, stamp)
    if (result.ok) {
      const { outcome } = result.value
      return {
        outcome,
        problem: null,
        ...(await lateOf(database, result.value)),
        ...(await carriedBy(database, change)),
      }
    }
    return { outcome: 'refused', problem: problemText(result.error) }
  } catch (cause) {
    if (!(cause instanceof Error) || !isItsOwn(cause)) throw cause
    return { outcome: 'refused', problem: cause.message }
  }
}

/** Of a change told late what had been issued and frozen of its time; one that is there already is followed up where nobody did. */
async function lateOf(database: Database, { late, rests, outcome }: RecordedChange): Promise<Partial<Applied>> {
  if (late === null) return {}
  const isSomething = rests.bills.length + rests.periods.length > 0
  if (!isSomething) return outcome === 'exists' && (await isToFollowUp(database, contentIdOf(late))) ? { late } : {}
  return { late, rests: { what: rests, timeZone: (await findTimeZone(database, codeOf(late))) ?? 'Asia/Shanghai' } }
}

/** What was refused, by us or by the database, is the change; anything else is the matter of all of them. */
function isItsOwn(cause: Error): boolean {
  return isRefusedData(cause) || (cause instanceof UserError && cause.code === 'refused')
}

/** What a correction comes to in later versions, so that whoever hands it in sees it before the second person does. */
async function carriedBy(database: Database, change: unknown): Promise<{ readonly carried?: CarriedLater }> {
  const parsed = parseRegistryChange(change)
  if (!parsed.ok || parsed.value.kind !== 'correction' || parsed.value.of.kind !== 'agreement') return {}
  const { of } = parsed.value
  const values = await findCarried(database, contentIdOf(parsed.value))
  return { carried: { values, timeZone: (await findTimeZone(database, of.account)) ?? 'Asia/Shanghai' } }
}
