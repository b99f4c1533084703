import { beijing, dayMs, localMinute } from '../../domain/time.js'
import { localInstants } from '../cli/local-instants.js'
import { textTable } from '../cli/table.js'
import { ruleWord } from '../exceptions/exception-words.js'
import { quantityWords } from './quantity-words.js'
import type { DeterminantDocument, RegistersText } from './determinant-document.js'

type Segment = DeterminantDocument['segments'][number]
type Quantity = DeterminantDocument['quantities'][number]

const originWords: Readonly<Record<string, string>> = {
  read: '自动抄表',
  back_filled: '补召',
  live: '实时抄读',
  field: '补抄',
  exchange: '换表记录',
  opening: '期初',
  corrected: '人工更正',
  imported: '导入示数',
  estimated: '估算',
  settled: '结算日冻结',
  held: '待核',
  missing: '未抄回',
}

/** Why an account is held, as the exception queue says it. */
export function holdWords(code: string): string {
  const word = ruleWord(code)
  return word === code ? '' : word
}

/** A determinant as a person follows it: what is billed, from which readings, and every further quantity with its own. */
export function determinantText(document: DeterminantDocument): string {
  const { account, month, set, hold, segments, quantities } = document
  return [
    `户号 account ${account} · ${month} · 集 set ${set.id} 修订 revision ${set.revision} · 冻结于 frozen ${localMinute(beijing, Date.parse(set.frozenAt))}`,
    ...goneLines(document),
    ...(hold === null
      ? []
      : [
          `待核 held: ${[holdWords(hold.code), hold.code].join(' ').trim()}: ${localInstants(hold.detail ?? '', beijing)}`,
        ]),
    ...billedLines(document),
    ...segments.flatMap(segmentLines),
    ...(quantities.length === 0 ? [] : [quantityTable(quantities), ...quantities.flatMap(linkLines)]),
  ].join('\n')
}

/** An account that the last freeze does not name is billed nothing; what an earlier one said of it is history. */
function goneLines({ goneSince, set }: DeterminantDocument): readonly string[] {
  if (goneSince === null) return []
  const { revision, frozenAt } = goneSince
  return [
    `! 已不在本月计费集，本月不计费 no longer in the month's set, nothing is billed：集 set ${goneSince.set} 修订 revision ${revision} · 冻结于 frozen ${localMinute(beijing, Date.parse(frozenAt))} 不含此户 does not name it`,
    `  以下为旧集 below: what set ${set.id} revision ${set.revision} said of it`,
  ]
}

function billedLines({ billed, goneSince, tariff, usagePoint, insteadOf, registers }: DeterminantDocument) {
  if (billed === null) return []
  const label = goneSince === null ? '计费电量 billed' : '当时计费电量 then to be billed'
  return [
    `电价 tariff ${tariff} · 计量点 usage point ${usagePoint} · ${label} ${registersLine(billed)} kWh`,
    ...(insteadOf === null || registers === null
      ? []
      : [
          `※ 分时取自曲线，不取示数 by time of use the curve is billed, not the registers: ${insteadOf}`,
          `  示数分时，不计费 the registers' own split, billed to nobody: ${registersLine(registers)} kWh`,
        ]),
  ]
}

function segmentLines({ multiplier, start, end }: Segment, index: number): readonly string[] {
  return [
    `计量段 segment ${index + 1} · 倍率 multiplier ${multiplier}`,
    ...(['起 start', '止 end'] as const).map((label, place) => boundaryLine(label, place === 0 ? start : end)),
  ]
}

function boundaryLine(label: string, boundary: Segment['start']): string {
  if (boundary === null) return `  ${label} —`
  const { meter, readAt, kwh, decision, origin, isNotPlainlyRead, by, document, rules } = boundary
  const notes = [
    by === null ? '' : ` · 经办 by ${by}`,
    document === null ? '' : ` · ${document}`,
    rules.length === 0 ? '' : ` · 规则 rules ${rules.join(', ')}`,
  ]
  const mark = isNotPlainlyRead ? '※ ' : ''
  return `  ${label} ${localMinute(beijing, Date.parse(readAt))} · 表 meter ${meter} · ${kwh ?? '—'} kWh${decision === null ? '' : ` · 判定 decision ${decision}`} · ${mark}${originText(origin)}${notes.join('')}`
}

function quantityTable(quantities: readonly Quantity[]): string {
  return textTable(
    ['计费量 quantity', '总 total', '费率1 tou1', '费率2 tou2', '费率3 tou3', '费率4 tou4', '单位 unit', '依据 basis'],
    quantities.map(({ quantity, value, missing, unit, otherUsagePoint, moment, basis }) => [
      `${quantityWords[quantity] ?? ''} ${quantity}`,
      value?.total ?? '—',
      value?.tou1 ?? '',
      value?.tou2 ?? '',
      value?.tou3 ?? '',
      value?.tou4 ?? '',
      unit,
      [
        otherUsagePoint ?? '',
        moment === null ? '' : localMinute(beijing, Date.parse(moment)),
        basis,
        missing === null ? '' : `缺 missing: ${missing}`,
      ]
        .filter((part) => part !== '')
        .join(' · '),
    ]),
  )
}

/** Days of curves are many; of the others each end is told. */
function linkLines({ quantity, links }: Quantity): readonly string[] {
  if (quantity === 'interval_days') {
    const filled = links.filter(({ start }) => start.origin === 'estimated')
    return [`${quantityWords[quantity]} ${quantity}: ${daysIn(links)} 日 days, 其中补全 filled ${daysIn(filled)}`]
  }
  return links.map(({ meter, multiplier, start, end }) => {
    const [from, to] = [start, end].map(
      ({ at, decision, origin }) =>
        `${at === null ? '—' : localMinute(beijing, Date.parse(at))} ${decision === null ? '' : `判定 decision ${decision} `}${originText(origin ?? '')}`,
    )
    return `${quantityWords[quantity] ?? ''} ${quantity}: 表 meter ${meter} × ${multiplier} · ${from} → ${to}`
  })
}

/** Local days have 23 to 25 hours. */
function daysIn(links: Quantity['links']): number {
  const days = links.map(({ start, end }) =>
    Math.round((Date.parse(end.at ?? '') - Date.parse(start.at ?? '')) / dayMs),
  )
  return days.reduce((sum, count) => sum + count, 0)
}

function originText(origin: string): string {
  return `${originWords[origin] ?? ''} ${origin}`
}

function registersLine({ total, tou1, tou2, tou3, tou4 }: RegistersText): string {
  const parts = [tou1, tou2, tou3, tou4].map((value, index) =>
    value === null || value === '0.00' ? '' : ` 费率${index + 1}/tou${index + 1} ${value}`,
  )
  return `${total}${parts.join('')}`
}
