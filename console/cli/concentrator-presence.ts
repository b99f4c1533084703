import type { LineId } from '../../domain/reading.js'
import { beijing, dayMs, hourMs, type Instant, localMinute } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import {
  type ConcentratorState,
  concentratorStates,
  lastSigns,
  type PresenceEvidence,
} from '../../storage/headend/concentrators.js'
import type { Io } from './io.js'

const evidenceTexts: Readonly<Record<PresenceEvidence, string>> = {
  announced: '自报 announced',
  last_will: '遗嘱 last will',
  traffic: '有报文 traffic',
  silence: '长时间无报文 silence',
}
export function stateCells(state: Presence | null): readonly [string, string, string, string] {
  if (state === null) return ['未知 unknown', '', '', '']
  const { online, since, evidence, lastSignAt } = state
  const word = online ? '在线 online' : '离线 offline'
  const age = `${localMinute(beijing, lastSignAt)} (${ageText(state)})`
  return [online && isOld(state) ? `${word}？` : word, localMinute(beijing, since), evidenceTexts[evidence], age]
}

/** How a concentrator stands, and how old what we know of it is. */
export interface Presence extends ConcentratorState {
  readonly lastSignAt: Instant
  readonly knownAt: Instant
}

export async function loadPresences(reader: Database, knownAt: Instant): Promise<ReadonlyMap<LineId, Presence>> {
  const signs = await lastSigns(reader, knownAt)
  return new Map(
    [...(await concentratorStates(reader, knownAt))].map(([lineId, state]) => [
      lineId,
      { ...state, lastSignAt: signs.get(lineId) ?? state.since, knownAt },
    ]),
  )
}

/** Concentrators bring something every day, so an older sign says nothing of today. */
function isOld({ lastSignAt, knownAt }: Presence): boolean {
  return knownAt - lastSignAt > dayMs
}

function ageText({ lastSignAt, knownAt }: Presence): string {
  const hours = Math.floor((knownAt - lastSignAt) / hourMs)
  return hours < 48 ? `${hours} 小时前 h ago` : `${Math.floor(hours / 24)} 天前 days ago`
}

export function warnOfOldSigns(
  io: Pick<Io, 'err'>,
  rows: readonly { readonly code: string; readonly state: Presence | null }[],
): void {
  const old = rows.flatMap(({ code, state }) =>
    state !== null && state.online && isOld(state) ? [`${code} ${ageText(state)}`] : [],
  )
  if (old.length === 0) return
  io.err(
    `末次证据已逾一日，是否在线不可知；先看采集节点是否运行 the last sign is older than a day, so nobody knows; is a head-end running? ${old.slice(0, mostWarned).join(', ')}${old.length > mostWarned ? ` … (${old.length})` : ''}`,
  )
}

const mostWarned = 10

export function stateDocument(state: Presence): object {
  const { online, since, evidence, lastSignAt } = state
  return {
    online,
    since: new Date(since).toISOString(),
    evidence,
    lastSignAt: new Date(lastSignAt).toISOString(),
    isOld: isOld(state),
  }
}
