import { envelopeProfileNames, usualEnvelopeProfile } from '../../domain/envelope-profile-names.js'
import { groupBy } from '../../domain/group-by.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import { overlapIn, type Segment } from '../../domain/timeline.js'
import { relationProblems } from './relation-problems.js'
import type { DocumentProblem } from './registry-document-schema.js'

type ListName = keyof RegistryDocument
type Entry = Readonly<Record<string, string | number | boolean | object | undefined>>

/** Lists in which each entry has a name of its own, with the fields that make it. */
const keys = [
  ['actors', ['actor']],
  ['organisations', ['code']],
  ['gridCells', ['code']],
  ['transformerAreas', ['code']],
  ['lines', ['code']],
  ['meters', ['code']],
  ['usagePoints', ['code']],
  ['customers', ['code']],
  ['accounts', ['code']],
  ['openings', ['account']],
  ['crews', ['code']],
  ['plannedOutages', ['code']],
  ['verifications', ['meter', 'verifiedOn']],
] as const satisfies readonly (readonly [ListName, readonly [string, ...string[]]])[]

/** list, field, and the list whose entry the field names. */
const references = [
  ['organisations', 'parent', 'organisations'],
  ['gridCells', 'organisation', 'organisations'],
  ['gridCells', 'manager', 'actors'],
  ['gridCells', 'deputy', 'actors'],
  ['transformerAreas', 'organisation', 'organisations'],
  ['lines', 'organisation', 'organisations'],
  ['usagePoints', 'organisation', 'organisations'],
  ['usagePoints', 'transformerArea', 'transformerAreas'],
  ['usagePoints', 'gridCell', 'gridCells'],
  ['accounts', 'organisation', 'organisations'],
  ['accounts', 'customer', 'customers'],
  ['installations', 'usagePoint', 'usagePoints'],
  ['installations', 'meter', 'meters'],
  ['installations', 'line', 'lines'],
  ['multipliers', 'usagePoint', 'usagePoints'],
  ['agreements', 'account', 'accounts'],
  ['agreements', 'usagePoint', 'usagePoints'],
  ['contacts', 'account', 'accounts'],
  ['openings', 'account', 'accounts'],
  ['crews', 'organisation', 'organisations'],
  ['crewAreas', 'transformerArea', 'transformerAreas'],
  ['crewAreas', 'crew', 'crews'],
  ['plannedOutages', 'transformerArea', 'transformerAreas'],
  ['plannedOutages', 'line', 'lines'],
  ['suspensions', 'usagePoint', 'usagePoints'],
  ['readingDays', 'usagePoint', 'usagePoints'],
  ['relations', 'usagePoint', 'usagePoints'],
  ['relations', 'parent', 'usagePoints'],
  ['areaSupplies', 'transformerArea', 'transformerAreas'],
  ['areaSupplies', 'usagePoint', 'usagePoints'],
  ['flows', 'usagePoint', 'usagePoints'],
  ['transformers', 'usagePoint', 'usagePoints'],
  ['verifications', 'meter', 'meters'],
  ['crewMembers', 'crew', 'crews'],
  ['crewMembers', 'person', 'actors'],
] as const satisfies readonly (readonly [ListName, string, ListName])[]

/** Timelines: at no instant may two entries share the value of these fields. */
const exclusives = [
  ['installations', ['meter']],
  ['installations', ['usagePoint']],
  ['multipliers', ['usagePoint']],
  ['agreements', ['usagePoint']],
  ['agreements', ['account']],
  ['contacts', ['account', 'channel']],
  ['crewAreas', ['transformerArea']],
  ['suspensions', ['usagePoint']],
  ['readingDays', ['usagePoint']],
  ['relations', ['usagePoint']],
  ['areaSupplies', ['transformerArea', 'usagePoint']],
  ['flows', ['usagePoint']],
  ['transformers', ['usagePoint']],
  ['crewMembers', ['crew', 'person']],
] as const satisfies readonly (readonly [ListName, readonly string[]])[]

/** What the objects of a well-formed document say wrongly of each other, in the order of the file. */
export function problemsBetween(document: RegistryDocument): readonly DocumentProblem[] {
  return [
    ...keys.flatMap(([list, fields]) => duplicates(document, list, fields)),
    ...references.flatMap(([list, field, target]) => unknownCodes(document, list, field, target)),
    ...exclusives.flatMap(([list, fields]) => [...overlaps(document, list, fields)]),
    ...relationProblems(document),
    ...concentratorProblems(document),
  ]
}

/** Concentrators speak an envelope that we know, and no two at one broker hear the same messages. */
function concentratorProblems({ lines }: RegistryDocument): readonly DocumentProblem[] {
  const heardBy = new Map<string, string>()
  return lines.flatMap((line, index): readonly DocumentProblem[] => {
    if (line.kind !== 'mqtt_concentrator') return []
    const { brokerUrl, profile = usualEnvelopeProfile, device = line.code, uploadTopic } = line.settings
    const at = `lines.${index}.settings`
    if (!envelopeProfileNames.includes(profile))
      return [{ path: `${at}.profile`, problem: `${profile}: expected one of ${envelopeProfileNames.join(', ')}` }]
    const claims = [{ field: 'device', name: device, key: JSON.stringify([brokerUrl, profile, device]) }]
    if (uploadTopic !== undefined)
      claims.push({ field: 'uploadTopic', name: uploadTopic, key: JSON.stringify([brokerUrl, uploadTopic]) })
    return claims.flatMap(({ field, name, key }) => {
      const other = heardBy.get(key)
      heardBy.set(key, other ?? line.code)
      return other === undefined ? [] : [{ path: `${at}.${field}`, problem: `${name}: ${other} has it at this broker` }]
    })
  })
}

function duplicates(
  document: RegistryDocument,
  list: ListName,
  fields: readonly [string, ...string[]],
): readonly DocumentProblem[] {
  const seen = new Set<string>()
  return entriesOf(document, list).flatMap((entry, index) => {
    const code = fields.map((field) => codeIn(entry, field)).join(' ')
    const again = seen.has(code)
    seen.add(code)
    return again ? [{ path: `${list}.${index}.${fields[0]}`, problem: `${code} is there twice` }] : []
  })
}

function unknownCodes(
  document: RegistryDocument,
  list: ListName,
  field: string,
  target: ListName,
): readonly DocumentProblem[] {
  const codeField = target === 'actors' ? 'actor' : 'code'
  const known = new Set(entriesOf(document, target).map((entry) => codeIn(entry, codeField)))
  return entriesOf(document, list).flatMap((entry, index) => {
    const code = codeIn(entry, field)
    if (code === undefined || known.has(code)) return []
    return [{ path: `${list}.${index}.${field}`, problem: `${code} is not in ${target}` }]
  })
}

function* overlaps(document: RegistryDocument, list: ListName, fields: readonly string[]): Generator<DocumentProblem> {
  const entries = entriesOf(document, list)
  const segments = entries.map(toSegment)
  for (const [index, { from, to }] of segments.entries())
    if (to !== null && to <= from) yield { path: `${list}.${index}.to`, problem: 'expected an instant after from' }
  const groups = groupBy(segments, ({ value }) => fields.map((field) => codeIn(entries[value] ?? {}, field)).join(' '))
  for (const [code, group] of groups) {
    const pair = overlapIn(group)
    if (pair === null) continue
    const [earlier, later] = pair
    yield {
      path: `${list}.${later.value}`,
      problem: `overlaps ${list}.${earlier.value} for ${fields.join(' ')} ${code}`,
    }
  }
}

function toSegment(entry: Entry, index: number): Segment<number> {
  const to = codeIn(entry, 'to')
  return { from: Date.parse(codeIn(entry, 'from') ?? ''), to: to === undefined ? null : Date.parse(to), value: index }
}

function codeIn(entry: Entry, field: string): string | undefined {
  const value = entry[field]
  return typeof value === 'string' ? value : undefined
}

function entriesOf(document: RegistryDocument, list: ListName): readonly Entry[] {
  return (document[list] ?? []).map((entry): Entry => ({ ...entry }))
}
