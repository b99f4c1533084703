import type { LineEntry } from '../../domain/line-entries.js'
import type { MeterEntry } from '../../domain/meter-entries.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import { present } from '../../domain/result.js'
import { ownEnvelope } from '../../protocols/concentrator/envelope-profiles.js'
import type { UtilityFile } from './utility-file.js'
import { type FieldAccess, repeated } from './start-field.js'
import { describeMeters } from './field-meters.js'

/** Model of the simulated meters of each edition; those of 1997 need a plan that says so of their model. */
export const simulatedModels = { '2007': 'simulated-2007', '1997': 'simulated-1997' } as const

const organisation = 'sim-county'
const gridCell = 'sim-grid'
const system = 'system'
/** Who may ask and import in the simulated utility. */
export const simulatedOperator = 'operator-1'

/** Rate that a line without byte times is said to have. */
const carrierBaud = 115_200
const serialTiming = { wakeUpBytes: 4, replyTimeoutMs: 1000, requestGapMs: 30 }

/** The master data of a running field: its lines where they can be reached, and its meters on them. Nobody is billed there. */
export function registryOfField(file: UtilityFile, access: readonly FieldAccess[]): RegistryDocument {
  const groups = [...file.lines.flatMap(repeated), ...file.concentrators]
  const reached = new Map(access.map((each) => [each.line, each]))
  const meters = groups.flatMap((group) => metersOf(group, file))
  const from = file.energisedFrom
  return {
    actors: [
      { actor: system, displayName: '系统 system', kind: 'process' },
      { actor: simulatedOperator, displayName: '仿真运行员 simulated operator', kind: 'person' },
    ],
    organisations: [
      {
        code: organisation,
        name: '仿真县供电公司',
        level: 'county',
        timeZone: 'Asia/Shanghai',
        currency: 'CNY',
        minorDigits: 2,
      },
    ],
    gridCells: [{ code: gridCell, organisation, name: '仿真网格', manager: simulatedOperator }],
    transformerAreas: groups.map(({ name }) => ({ code: areaOf(name), organisation, name: `仿真台区 ${name}` })),
    lines: groups.map((group) => lineEntry(group, present(reached.get(group.name), `access of ${group.name}`))),
    meters: meters.map(({ entry }) => entry),
    usagePoints: meters.map(({ entry, line }) => ({
      code: pointOf(entry),
      organisation,
      transformerArea: areaOf(line),
      gridCell,
      supplyAddress: `仿真 ${entry.code}`,
    })),
    customers: [],
    accounts: [],
    installations: meters.map(({ entry, line }) => ({ usagePoint: pointOf(entry), meter: entry.code, line, from })),
    multipliers: meters.map(({ entry }) => ({ usagePoint: pointOf(entry), ctRatio: 1, ptRatio: 1, from })),
    agreements: [],
    contacts: [],
  }
}

type Group = UtilityFile['lines'][number] | UtilityFile['concentrators'][number]

function metersOf(
  { name, meters }: Group,
  { seed, energisedFrom }: UtilityFile,
): readonly { readonly entry: MeterEntry; readonly line: string }[] {
  return describeMeters(meters, { seed, energisedFrom: Date.parse(energisedFrom) }).map(
    ({ address, habits }, index) => ({
      line: name,
      entry: {
        code: `${name}-${index + 1}`,
        protocol: 'dlt645_2007',
        communicationAddress: address,
        model: simulatedModels[habits?.edition ?? '2007'],
        registerDigits: 6,
        registerDecimals: 2,
      },
    }),
  )
}

function lineEntry(group: Group, { at, kind, baud }: FieldAccess): LineEntry {
  const identity = { code: group.name, organisation }
  if (kind === 'mqtt') {
    const profile = 'profile' in group && group.profile !== ownEnvelope.name ? { profile: group.profile } : {}
    return { ...identity, kind: 'mqtt_concentrator', settings: { brokerUrl: at, ...profile } }
  }
  const timing = { ...serialTiming, baud: baud ?? carrierBaud }
  if (kind === 'tcp') {
    const { hostname: host, port } = new URL(`tcp://${at}`)
    return { ...identity, kind: 'dlt645_tcp', settings: { host, port: Number(port), ...timing } }
  }
  // A pseudo terminal carries no parity.
  const parity = kind === 'pty' ? 'none' : 'even'
  return { ...identity, kind: 'dlt645_serial', settings: { path: at, parity, stopBits: 1, ...timing } }
}

function areaOf(line: string): string {
  return `area-${line}`
}

function pointOf({ code }: MeterEntry): string {
  return `point-${code}`
}
