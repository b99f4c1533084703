import { Zip, ZipDeflate } from 'fflate'
import { stringify } from 'csv-stringify/sync'
import { invariant } from '../../domain/result.js'
import { escapeFormula } from './formula-escape.js'
import { columnLetters, tableLimits } from './table-row.js'

/** A sheet to be written: every cell is text, so that codes keep their zeros and decimals their digits. */
export interface TableSheet {
  /** At most 31 characters, none of `[]:*?/\`. */
  readonly name: string
  /** A line above the headings that says what to fill in; absent: the headings come first. Left out of CSV. */
  readonly instruction?: string
  readonly headings: readonly string[]
  readonly rows: Iterable<readonly string[]>
}

/** One sheet as CSV in UTF-8 with byte order mark; no cell can run as a formula. */
export function* writeCsv({ headings, rows }: TableSheet): Generator<Uint8Array> {
  let lines: (readonly string[])[] = [headings]
  const take = (): Uint8Array => Buffer.from(stringify(lines.map((line) => line.map(escapeFormula))))
  yield Buffer.from([0xef, 0xbb, 0xbf])
  for (const row of rows) {
    lines.push(row)
    if (lines.length < linesPerPiece) continue
    yield take()
    lines = []
  }
  if (lines.length > 0) yield take()
}

/** A workbook, piece by piece. Instruction and headings stay in view; columns are of text, for what is typed below, too. */
export function* writeWorkbook(sheets: readonly TableSheet[]): Generator<Uint8Array> {
  const pieces: Uint8Array[] = []
  const zip = new Zip((error, piece) => {
    if (error) throw error
    pieces.push(piece)
  })
  const parts: readonly (readonly [name: string, xml: Iterable<string>])[] = [
    ['[Content_Types].xml', [contentTypes(sheets.length)]],
    ['_rels/.rels', [packageRelations]],
    ['xl/workbook.xml', [workbookXml(sheets)]],
    ['xl/_rels/workbook.xml.rels', [workbookRelations(sheets.length)]],
    ['xl/styles.xml', [styles]],
    ...sheets.map((sheet, index) => [`xl/worksheets/sheet${index + 1}.xml`, sheetXml(sheet)] as const),
  ]
  for (const [name, xml] of parts) {
    const part = new ZipDeflate(name, { level: 6 })
    part.mtime = archiveTime
    zip.add(part)
    for (const text of xml) {
      part.push(Buffer.from(text))
      yield* pieces.splice(0)
    }
    part.push(new Uint8Array(0), true)
    yield* pieces.splice(0)
  }
  zip.end()
  yield* pieces.splice(0)
}

const linesPerPiece = 1000
/** The same content gives the same bytes. */
const archiveTime = '2000-01-01T00:00:00'
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packaging = 'http://schemas.openxmlformats.org/package/2006'
const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

function contentTypes(sheets: number): string {
  const parts = Array.from({ length: sheets }, (_, index) => override(`worksheets/sheet${index + 1}`, 'worksheet'))
  return (
    `${declaration}<Types xmlns="${packaging}/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    `${override('workbook', 'sheet.main')}${override('styles', 'styles')}${parts.join('')}</Types>`
  )
}

function override(part: string, type: string): string {
  return `<Override PartName="/xl/${part}.xml" ContentType="${spreadsheet}.${type}+xml"/>`
}

const packageRelations = `${declaration}<Relationships xmlns="${packaging}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`

function workbookXml(sheets: readonly TableSheet[]): string {
  const names = sheets.map(({ name }, index) => {
    invariant(name.length <= 31 && !/[[\]:*?/\\]/.test(name), `${name} can name a sheet`)
    return `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`
  })
  return `${declaration}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${names.join('')}</sheets></workbook>`
}

function workbookRelations(sheets: number): string {
  const relation = (id: number, type: string, target: string) =>
    `<Relationship Id="rId${id}" Type="${office}/${type}" Target="${target}.xml"/>`
  const parts = Array.from({ length: sheets }, (_, index) =>
    relation(index + 1, 'worksheet', `worksheets/sheet${index + 1}`),
  )
  return `${declaration}<Relationships xmlns="${packaging}/relationships">${parts.join('')}${relation(sheets + 1, 'styles', 'styles')}</Relationships>`
}

/** Style 1 is text, 2 a heading. */
const styles =
  `${declaration}<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>' +
  '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf xfId="0"/><xf numFmtId="49" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>'

function* sheetXml({ instruction, headings, rows }: TableSheet): Generator<string> {
  const above = instruction === undefined ? [headings] : [[instruction], headings]
  const widths = headings
    .map(
      (heading, index) =>
        `<col min="${index + 1}" max="${index + 1}" width="${width(heading)}" style="1" customWidth="1"/>`,
    )
    .join('')
  const pane = `<pane ySplit="${above.length}" topLeftCell="A${above.length + 1}" activePane="bottomLeft" state="frozen"/>`
  yield `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>`
  yield `${widths === '' ? '' : `<cols>${widths}</cols>`}<sheetData>`
  let number = 0
  let text = ''
  for (const row of above) text += rowXml(row, ++number, 2)
  for (const row of rows) {
    text += rowXml(row, ++number, 1)
    invariant(number <= tableLimits.rows, `a sheet has at most ${tableLimits.rows} rows`)
    if (text.length < charactersPerPiece) continue
    yield text
    text = ''
  }
  yield `${text}</sheetData></worksheet>`
}

const charactersPerPiece = 32 * 1024

function rowXml(cells: readonly string[], row: number, style: number): string {
  const xml = cells.map((cell, index) => (cell === '' ? '' : cellXml(cell, `${columnLetters(index + 1)}${row}`, style)))
  return `<row r="${row}">${xml.join('')}</row>`
}

function cellXml(text: string, reference: string, style: number): string {
  invariant(text.length <= tableLimits.cellCharacters, 'a cell holds no more than a spreadsheet allows')
  return `<c r="${reference}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`
}

/** In characters; Chinese ones take two. */
function width(heading: string): number {
  return Math.max(12, heading.replaceAll(/[^\0-\x7f]/g, 'xx').length + 2)
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** What XML cannot carry, and text that looks like such an escape, is written as `_x001F_`. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)|[^\t\n -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, escapeCharacter)
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
}

function escapeCharacter(character: string): string {
  return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`
}
