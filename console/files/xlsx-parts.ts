import { SaxesParser } from 'saxes'
import { tableLimits } from './table-row.js'
import { unpack, UnsafeArchive, type ZipEntry } from './zip-entries.js'

type Attributes = Readonly<Record<string, string>>
/** What a part of a workbook says, by local names: some programs write a prefix before each. */
export interface XmlHandlers {
  readonly open: (name: string, attributes: Attributes) => void
  readonly close?: (name: string) => void
  readonly text?: (text: string) => void
}

/**
 * Feeds a part to its handlers, piece by piece; yields after each, so that the caller can pass on what it has.
 * @throws UnsafeArchive for what is no XML in UTF-8, or declares a document type.
 */
export function* parsePart(entry: ZipEntry, handlers: XmlHandlers): Generator<void> {
  const parser = new SaxesParser<{ readonly fileName: string; readonly xmlns: false }>({
    fileName: entry.name,
    xmlns: false,
  })
  parser.on('doctype', () => {
    throw new UnsafeArchive(`${entry.name}: declares a document type`)
  })
  parser.on('opentag', ({ name, attributes }) => handlers.open(localName(name), attributes))
  if (handlers.close !== undefined) parser.on('closetag', ({ name }) => handlers.close?.(localName(name)))
  if (handlers.text !== undefined) parser.on('text', handlers.text)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const feed = (act: () => void): void => {
    try {
      act()
    } catch (cause) {
      if (cause instanceof UnsafeArchive) throw cause
      throw new UnsafeArchive(`${entry.name}: no XML: ${cause instanceof Error ? cause.message : ''}`, { cause })
    }
  }
  for (const piece of unpack(entry)) {
    feed(() => parser.write(decoder.decode(piece, { stream: true })))
    yield
  }
  feed(() => parser.write(decoder.decode()).close())
  yield
}

function parseWhole(entry: ZipEntry | undefined, handlers: XmlHandlers): void {
  if (entry === undefined) return
  for (const _ of parsePart(entry, handlers));
}

export interface WorkbookParts {
  readonly sheets: readonly { readonly name: string; readonly isHidden: boolean; readonly entry: ZipEntry }[]
  readonly sharedStrings: readonly string[]
  /** Number format of each cell style. */
  readonly formats: readonly string[]
  readonly is1904: boolean
}

/** @throws UnsafeArchive when a part is missing or cannot be read. */
export function readWorkbookParts(entries: ReadonlyMap<string, ZipEntry>): WorkbookParts {
  const main = [...relations(entries, '').values()].find(({ type }) => type.endsWith('/officeDocument'))?.target
  const workbook = entries.get(main ?? 'xl/workbook.xml')
  if (workbook === undefined) throw new UnsafeArchive('has no workbook')
  const related = relations(entries, workbook.name)
  const partOf = (suffix: string) =>
    entries.get([...related.values()].find(({ type }) => type.endsWith(suffix))?.target ?? '')
  const sheets: WorkbookParts['sheets'][number][] = []
  let is1904 = false
  parseWhole(workbook, {
    open(name, attributes) {
      if (name === 'workbookPr') is1904 = isTrue(attributes['date1904'])
      if (name !== 'sheet') return
      const id = Object.entries(attributes).find(([key]) => localName(key) === 'id' && key !== 'sheetId')?.[1] ?? ''
      const entry = entries.get(related.get(id)?.target ?? '')
      if (entry === undefined) throw new UnsafeArchive(`sheet ${attributes['name'] ?? id} is missing`)
      sheets.push({ name: attributes['name'] ?? '', isHidden: (attributes['state'] ?? 'visible') !== 'visible', entry })
    },
  })
  return {
    sheets,
    sharedStrings: readSharedStrings(partOf('/sharedStrings')),
    formats: readFormats(partOf('/styles')),
    is1904,
  }
}

interface Relation {
  readonly type: string
  readonly target: string
}

/** Relations of a part by id; targets as names in the archive. */
function relations(entries: ReadonlyMap<string, ZipEntry>, part: string): ReadonlyMap<string, Relation> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1)
  const found = new Map<string, Relation>()
  parseWhole(entries.get(`${folder}_rels/${part.slice(folder.length)}.rels`), {
    open(name, { Id: id = '', Type: type = '', Target: target = '' }) {
      if (name === 'Relationship') found.set(id, { type, target: resolve(folder, target) })
    },
  })
  return found
}

function resolve(folder: string, target: string): string {
  return new URL(target, `file:///${folder}`).pathname.slice(1)
}

function readSharedStrings(entry: ZipEntry | undefined): readonly string[] {
  const strings: string[] = []
  const text = createTextCollector()
  parseWhole(entry, {
    open: (name) => text.open(name),
    close(name) {
      text.close(name)
      if (name !== 'si') return
      if (strings.length >= tableLimits.sharedStrings) throw new UnsafeArchive('too many texts')
      strings.push(text.take())
    },
    text: (piece) => text.add(piece),
  })
  return strings
}

/** Text of `t` elements, without the phonetic hints (`rPh`) that stand beside it. */
export function createTextCollector() {
  let collected = ''
  let isText = false
  let isHint = false
  return {
    open(name: string) {
      if (name === 't') isText = true
      else if (name === 'rPh') isHint = true
    },
    close(name: string) {
      if (name === 't') isText = false
      else if (name === 'rPh') isHint = false
    },
    add(piece: string) {
      if (isText && !isHint) collected += piece
    },
    take() {
      const text = unescapeCharacters(collected)
      collected = ''
      return text
    },
  }
}

/** Characters that XML cannot carry stand as `_x001F_`. */
function unescapeCharacters(text: string): string {
  return text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

const builtInFormats: Readonly<Record<number, string>> = {
  0: 'General',
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  37: '#,##0',
  38: '#,##0',
  39: '#,##0.00',
  40: '#,##0.00',
  48: '##0.0E+0',
  49: '@',
}

/** 14-22, 27-36, 45-47 and 50-58 are dates and times, in the East Asian editions too. */
function builtInFormat(id: number): string {
  const isDate = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)
  return isDate ? 'yyyy-mm-dd' : (builtInFormats[id] ?? 'General')
}

function readFormats(entry: ZipEntry | undefined): readonly string[] {
  const own = new Map<number, string>()
  const formats: string[] = []
  let isCellStyles = false
  parseWhole(entry, {
    open(name, attributes) {
      if (name === 'numFmt') own.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '')
      if (name === 'cellXfs') isCellStyles = true
      if (name !== 'xf' || !isCellStyles) return
      const id = Number(attributes['numFmtId'] ?? 0)
      formats.push(own.get(id) ?? builtInFormat(id))
    },
    close(name) {
      if (name === 'cellXfs') isCellStyles = false
    },
  })
  return formats
}

export function isTrue(attribute: string | undefined): boolean {
  return attribute === '1' || attribute === 'true'
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
