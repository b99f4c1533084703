import { formatScaled } from '../../domain/scaled.js'
import type { AgreementEntry } from '../../domain/customer-entries.js'
import type { LineEntry } from '../../domain/line-entries.js'
import type { OpeningBatchEntry } from '../../domain/opening-entries.js'
import type { ActorEntry } from '../../domain/organisation-entries.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import { present } from '../../domain/result.js'
import type { LineDescription, PointDescription, UtilityDescription } from './description.js'
import { brokerUrlOf, serialBaud, topicsOf, type UtilityEndpoints } from './endpoints.js'
import { at, isoOf, monthStart, yearStart } from './story-calendar.js'

const standing = isoOf(at(yearStart))
const openingBatch = 'go-live-2026-07'
/** Months of the ladder year that the old books have billed. */
const monthsBefore = 6

const staff: readonly ActorEntry[] = [
  { actor: 'system', displayName: '系统', kind: 'process' },
  ...[
    ['accountant-1', '演示核算员 1'],
    ['reviewer-1', '演示审核员 1'],
    ['issuer-1', '演示发行员 1'],
    ['tariff-1', '演示电价员 1'],
    ['tariff-2', '演示电价员 2'],
    ['tariff-3', '演示电价员 3'],
    ['dunning-1', '演示催费员 1'],
    ['dunning-2', '演示催费员 2'],
    ['crew-1', '演示抄表班 1'],
  ].map(([actor = '', displayName = '']) => ({ actor, displayName, kind: 'person' as const })),
]

/** What the utility hands over at go-live: its master data of 2026-07-01, before anything has happened. */
export function masterDataOf(description: UtilityDescription, endpoints: UtilityEndpoints): RegistryDocument {
  const { organisation, points } = description
  return {
    actors: [...staff, ...managersOf(description)],
    organisations: [organisation],
    gridCells: description.gridCells,
    transformerAreas: description.transformerAreas,
    lines: description.lines.map((line) => lineEntry(organisation.code, line, endpoints)),
    meters: points.map(({ meter }) => meter.entry),
    usagePoints: points.map((point) => ({
      code: point.usagePoint,
      organisation: organisation.code,
      transformerArea: point.transformerArea,
      gridCell: point.gridCell,
      supplyAddress: point.supplyAddress,
    })),
    customers: points.map(({ account }) => account.customer),
    accounts: points.map(({ account }) => ({
      code: account.code,
      organisation: organisation.code,
      customer: account.customer.code,
    })),
    installations: points.map(({ usagePoint, meter, line }) => ({
      usagePoint,
      meter: meter.entry.code,
      line,
      from: standing,
    })),
    multipliers: points.map(({ usagePoint, ctRatio }) => ({ usagePoint, ctRatio, ptRatio: 1, from: standing })),
    agreements: points.map(agreementEntry),
    contacts: points.flatMap(({ account }) =>
      account.contacts.map((contact) => ({ account: account.code, ...contact, from: standing })),
    ),
    openingBatches: [openingBatchOf(points)],
    openingItems: points.map(({ account }) => ({
      batch: openingBatch,
      account: account.code,
      kind: 'ladder',
      energyKwh: formatScaled(account.openingLadderE4, 4, 2),
      ladderMonths: monthsBefore,
    })),
  }
}

/** The old books of the year's first months, by their control totals. */
function openingBatchOf(points: readonly PointDescription[]): OpeningBatchEntry {
  const ladderE4 = points.reduce((sum, { account }) => sum + account.openingLadderE4, 0n)
  return {
    code: openingBatch,
    asOf: isoOf(at(monthStart)),
    document: '演示期初数据 2026-07',
    itemCount: points.length,
    registersKwh: '0',
    ladderKwh: formatScaled(ladderE4, 4, 2),
    estimatesKwh: '0',
    prepaid: '0',
    arrears: '0',
  }
}

function managersOf({ gridCells }: UtilityDescription): readonly ActorEntry[] {
  return gridCells.map(({ manager, name }) => ({ actor: manager, displayName: `${name} 经理`, kind: 'person' }))
}

function agreementEntry({ account, usagePoint }: PointDescription): AgreementEntry {
  return { account: account.code, usagePoint, tariff: account.tariff, ladderFrom: yearStart, from: standing }
}

function lineEntry(organisation: string, { code, kind }: LineDescription, endpoints: UtilityEndpoints): LineEntry {
  if (kind === 'mqtt_concentrator') {
    const { upload, receipt } = topicsOf(code)
    const settings = { brokerUrl: brokerUrlOf(endpoints.broker), uploadTopic: upload, receiptTopic: receipt }
    return { code, organisation, kind, settings }
  }
  const { host, port } = present(endpoints.lines.get(code), `endpoint of ${code}`)
  if (kind === 'modbus_tcp') return { code, organisation, kind, settings: { host, port } }
  const settings = { host, port, baud: serialBaud, wakeUpBytes: 4, replyTimeoutMs: 1000, requestGapMs: 50 }
  return { code, organisation, kind, settings }
}
