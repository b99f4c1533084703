import { createHash } from 'node:crypto'
import { groupBy } from '../../domain/group-by.js'
import type { OpeningBatchEntry, OpeningItemEntry } from '../../domain/opening-entries.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import { formatScaled, parseScaled } from '../../domain/scaled.js'
import type { DocumentProblem } from './document-problem.js'

/** Batches whose items do not add up to the totals that they state. */
export function openingProblems(document: RegistryDocument): readonly DocumentProblem[] {
  const items = groupBy(document.openingItems ?? [], ({ batch }) => batch)
  return (document.openingBatches ?? []).flatMap((batch, index) =>
    [...differences(batch, items.get(batch.code) ?? [])].map((problem) => ({
      path: `openingBatches.${index}.${problem.field}`,
      problem: `${batch.code}: ${problem.text}`,
      code: 'does_not_add_up',
    })),
  )
}

function* differences(batch: OpeningBatchEntry, items: readonly OpeningItemEntry[]) {
  if (batch.itemCount !== items.length) yield { field: 'itemCount', text: `${items.length} items` }
  for (const { field, scale, kind, of } of controls) {
    const sum = items
      .filter((item) => item.kind === kind)
      .reduce((total, item) => total + (parseScaled(of(item) ?? '0', scale) ?? 0n), 0n)
    if (sum !== parseScaled(batch[field], scale)) yield { field, text: `the items come to ${formatScaled(sum, scale)}` }
  }
}

const energyOf = (item: OpeningItemEntry) => ('energyKwh' in item ? item.energyKwh : undefined)
const amountOf = (item: OpeningItemEntry) => ('amount' in item ? item.amount : undefined)
const controls = [
  { field: 'registersKwh', kind: 'register', scale: 4, of: energyOf },
  { field: 'ladderKwh', kind: 'ladder', scale: 4, of: energyOf },
  { field: 'estimatesKwh', kind: 'estimate', scale: 4, of: energyOf },
  { field: 'prepaid', kind: 'prepaid', scale: 2, of: amountOf },
  { field: 'arrears', kind: 'arrear', scale: 2, of: amountOf },
] as const

/** SHA-256 over a batch and its items in any order: what two people approve is exactly this. Hexadecimal. */
export function openingDigest(batch: OpeningBatchEntry, items: readonly OpeningItemEntry[]): string {
  const lines = items.map((item) =>
    JSON.stringify(
      Object.values(openingItemColumns(item))
        .map(String)
        .concat(item.account, 'meter' in item ? item.meter : ''),
    ),
  )
  const totals = controls.map(({ field, scale }) => String(parseScaled(batch[field], scale)))
  const head = JSON.stringify([batch.code, Date.parse(batch.asOf), batch.document, batch.itemCount, ...totals])
  return createHash('sha256')
    .update([head, ...lines.sort()].join('\n'))
    .digest('hex')
}

/** Columns of an item but for its account and meter. */
export function openingItemColumns(item: OpeningItemEntry) {
  const text = new Map<string, string>(Object.entries(item).map(([field, value]) => [field, String(value)]))
  const scaled = (field: string, scale: 2 | 4): bigint | null => {
    const value = text.get(field)
    return value === undefined ? null : parseScaled(value, scale)
  }
  return {
    batch: item.batch,
    kind: item.kind,
    month: text.get('month') ?? null,
    bill: text.get('bill') ?? null,
    from_day: text.get('fromDay') ?? null,
    to_day: text.get('toDay') ?? null,
    energy_e4: scaled('energyKwh', 4),
    tou1_e4: scaled('tou1Kwh', 4),
    tou2_e4: scaled('tou2Kwh', 4),
    tou3_e4: scaled('tou3Kwh', 4),
    tou4_e4: scaled('tou4Kwh', 4),
    ladder_months: item.kind === 'ladder' ? item.ladderMonths : null,
    demand_kw_e4: scaled('demandKw', 4),
    amount_fen: scaled('amount', 2),
    due_date: text.get('dueDate') ?? null,
  }
}
