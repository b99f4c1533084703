import type { JsonNode } from './exact-json.js'

/**
 * A place in a JSON document: member names with dots between them, such as `service.data.meter`. One of them may be followed by `[]`
 * (each element of an array) or `{}` (each member of an object): `items[].frame`, `values{}.value`. `values{key}` is the member's name.
 */
export interface JsonPath {
  /** Names up to the list, or to the value where there is no list. */
  readonly before: readonly string[]
  readonly list: 'array' | 'object' | null
  /** Names inside each of the list. */
  readonly after: readonly string[]
  readonly takesKey: boolean
}

const segment = /^([^.[\]{}]{0,64})(\[\]|\{\}|\{key\})?$/
const maxSegments = 8

/** The path of its text; null for a text that is none. */
export function parseJsonPath(text: string): JsonPath | null {
  const segments = text.split('.')
  if (segments.length > maxSegments) return null
  const before: string[] = []
  const after: string[] = []
  let list: JsonPath['list'] = null
  let takesKey = false
  for (const [index, each] of segments.entries()) {
    const match = segment.exec(each)
    const name = match?.[1] ?? ''
    const mark = match?.[2]
    if (match === null || takesKey || (name === '' && (mark === undefined || index > 0))) return null
    if (name !== '') (list === null ? before : after).push(name)
    if (mark === undefined) continue
    if (list !== null) return null
    list = mark === '[]' ? 'array' : 'object'
    takesKey = mark === '{key}'
  }
  return { before, list, after, takesKey }
}

/** Names the list that a path goes through; null where it goes through none. */
export function listOf({ before, list }: JsonPath): string | null {
  return list === null ? null : `${before.join('.')} ${list}`
}

/** One of the list of a document: an element, or a member with its name. */
export interface ListEntry {
  readonly key: string | null
  readonly node: JsonNode
}

/** What stands under the names; null when a name is not there. */
export function descend(node: JsonNode, names: readonly string[]): JsonNode | null {
  let found: JsonNode | undefined = node
  for (const name of names) found = found?.kind === 'object' ? found.members.get(name) : undefined
  return found ?? null
}

/** The list's entries in the order of the document; null when there is no such list. */
export function entriesOf(document: JsonNode, { before, list }: JsonPath): readonly ListEntry[] | null {
  const node = descend(document, before)
  if (list === 'array' && node?.kind === 'array') return node.elements.map((each) => ({ key: null, node: each }))
  if (list === 'object' && node?.kind === 'object') return [...node.members].map(([key, each]) => ({ key, node: each }))
  return null
}

/** A document that is being written; members keep the order in which they were set. */
export type JsonDraft = Map<string, JsonDraft | JsonDraft[] | JsonNode>

/** Sets what stands under the names. */
export function place(draft: JsonDraft, names: readonly string[], node: JsonNode | JsonDraft[] | JsonDraft): void {
  const [name = '', ...rest] = names
  if (rest.length === 0) {
    draft.set(name, node)
    return
  }
  const inner = draft.get(name)
  const next: JsonDraft = inner instanceof Map ? inner : new Map()
  draft.set(name, next)
  place(next, rest, node)
}

export function toJsonNode(draft: JsonDraft | JsonDraft[] | JsonNode): JsonNode {
  if (draft instanceof Map)
    return { kind: 'object', offset: 0, members: new Map([...draft].map(([name, each]) => [name, toJsonNode(each)])) }
  if (Array.isArray(draft)) return { kind: 'array', offset: 0, elements: draft.map(toJsonNode) }
  return draft
}
