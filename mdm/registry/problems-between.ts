import { envelopeProfileNames, usualEnvelopeProfile } from '../../domain/envelope-profile-names.js'
import { nearestTexts } from '../../domain/nearest-texts.js'
import type { LineEntry } from '../../domain/line-entries.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import { type LegibleDocument, type ListName, textIn } from './document-lists.js'
import { exclusives, keys, references } from './list-rules.js'
import { openingProblems } from './opening-items.js'
import { overlaps } from './overlapping-stretches.js'
import type { DocumentProblem } from './document-problem.js'
import { relationProblems } from './relation-problems.js'

/** What the objects of a well-formed document say wrongly of each other, in the order of the file. */
export function problemsBetween(document: RegistryDocument): readonly DocumentProblem[] {
  return [...problemsOfEntries(document), ...openingProblems(document)]
}

/** The same of entries that may lack what nobody could read, but for totals: nothing is said of what is not there. */
export function problemsOfEntries(document: LegibleDocument): readonly DocumentProblem[] {
  return [
    ...keys.flatMap(([list, fields, more]) => [...duplicates(document, list, fields, more)]),
    ...references.flatMap(([list, field, target]) => [...unknownCodes(document, list, field, target)]),
    ...exclusives.flatMap(([list, fields]) => [...overlaps(document, list, fields)]),
    ...relationProblems(document),
    ...concentratorProblems(document.lines ?? []),
  ]
}

/** Concentrators speak an envelope that we know, and no two at one broker hear the same messages. */
function concentratorProblems(lines: readonly Partial<LineEntry>[]): readonly DocumentProblem[] {
  const heardBy = new Map<string, string>()
  return lines.flatMap((line, index): readonly DocumentProblem[] => {
    if (line.kind !== 'mqtt_concentrator' || line.settings === undefined || line.code === undefined) return []
    const { code } = line
    const { brokerUrl, profile = usualEnvelopeProfile, device = code, uploadTopic } = line.settings
    const at = `lines.${index}.settings`
    if (!envelopeProfileNames.includes(profile))
      return [{ path: `${at}.profile`, problem: `${profile}: expected one of ${envelopeProfileNames.join(', ')}` }]
    const claims = [{ field: 'device', name: device, key: JSON.stringify([brokerUrl, profile, device]) }]
    if (uploadTopic !== undefined)
      claims.push({ field: 'uploadTopic', name: uploadTopic, key: JSON.stringify([brokerUrl, uploadTopic]) })
    return claims.flatMap(({ field, name, key }) => {
      const other = heardBy.get(key)
      heardBy.set(key, other ?? code)
      return other === undefined ? [] : [{ path: `${at}.${field}`, problem: `${name}: ${other} has it at this broker` }]
    })
  })
}

function* duplicates(
  document: LegibleDocument,
  list: ListName,
  fields: readonly [string, ...string[]],
  more: readonly string[],
): Generator<DocumentProblem> {
  const seen = new Map<string, number>()
  for (const [index, entry] of (document[list] ?? []).entries()) {
    if (fields.some((field) => textIn(entry, field) === undefined)) continue
    const code = [...fields, ...more]
      .map((field) => textIn(entry, field) ?? '')
      .join(' ')
      .trim()
    const first = seen.get(code)
    if (first === undefined) seen.set(code, index)
    else
      yield {
        path: `${list}.${index}.${fields[0]}`,
        problem: `${code} is there twice`,
        code: 'there_twice',
        others: [`${list}.${first}`],
      }
  }
}

/** So many unknown codes of one kind are told what may have been meant. */
const mostSuggestions = 50

function* unknownCodes(
  document: LegibleDocument,
  list: ListName,
  field: string,
  target: ListName,
): Generator<DocumentProblem> {
  const entries = document[list] ?? []
  if (entries.length === 0) return
  const known = new Set<string>()
  for (const entry of document[target] ?? []) {
    const code = textIn(entry, target === 'actors' ? 'actor' : 'code')
    if (code !== undefined) known.add(code)
  }
  let suggestions = 0
  for (const [index, entry] of entries.entries()) {
    const code = textIn(entry, field)
    if (code === undefined || known.has(code)) continue
    const nearest = suggestions++ < mostSuggestions ? nearestTexts(code.normalize('NFKC'), known) : []
    yield {
      path: `${list}.${index}.${field}`,
      problem: `${code} is not in ${target}`,
      code: 'unknown_code',
      names: { list: target, code, isListEmpty: known.size === 0 },
      nearest,
    }
  }
}
