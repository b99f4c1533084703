import { strToU8, zipSync, type Zippable } from 'fflate'

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packaging = 'http://schemas.openxmlformats.org/package/2006/relationships'

export interface RawSheet {
  readonly name: string
  /** What stands in `<worksheet>`, such as `<sheetData>…</sheetData><mergeCells>…`. */
  readonly xml: string
  readonly state?: 'hidden' | 'veryHidden'
}
export interface RawWorkbook {
  readonly sheets: readonly RawSheet[]
  readonly sharedStrings?: readonly string[]
  /** Codes of the number formats of styles 1, 2, …; style 0 is General. */
  readonly formats?: readonly string[]
  readonly is1904?: boolean
  readonly extra?: Zippable
}

/** A workbook as another program would write it, part by part. */
export function workbookBytes({
  sheets,
  sharedStrings,
  formats = [],
  is1904 = false,
  extra = {},
}: RawWorkbook): Uint8Array {
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`
  const sheetTags = sheets.map(
    ({ name, state }, index) =>
      `<sheet name="${name}" sheetId="${index + 1}" r:id="s${index}"${state === undefined ? '' : ` state="${state}"`}/>`,
  )
  const formatTags = formats.map((code, index) => `<numFmt numFmtId="${164 + index}" formatCode="${escapeXml(code)}"/>`)
  const styleTags = formats.map((_, index) => `<xf numFmtId="${164 + index}"/>`)
  const parts: Record<string, string> = {
    '_rels/.rels': `<Relationships xmlns="${packaging}">${relation('r1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr date1904="${is1904 ? 1 : 0}"/><sheets>${sheetTags.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packaging}">${sheets.map((_, index) => relation(`s${index}`, 'worksheet', `worksheets/sheet${index}.xml`)).join('')}${relation('t', 'sharedStrings', 'sharedStrings.xml')}${relation('y', 'styles', '/xl/styles.xml')}</Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts>${formatTags.join('')}</numFmts><cellXfs><xf numFmtId="0"/>${styleTags.join('')}</cellXfs></styleSheet>`,
    ...Object.fromEntries(
      sheets.map(({ xml }, index) => [
        `xl/worksheets/sheet${index}.xml`,
        `<worksheet xmlns="${main}">${xml}</worksheet>`,
      ]),
    ),
  }
  if (sharedStrings !== undefined)
    parts['xl/sharedStrings.xml'] =
      `<sst xmlns="${main}">${sharedStrings.map((xml) => `<si>${xml}</si>`).join('')}</sst>`
  return zipSync({ ...Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)])), ...extra })
}

/** `<sheetData>` of rows of text; a cell that begins with `<` is put in as it is. */
export function sheetData(rows: readonly (readonly string[])[]): string {
  const cellXml = (cell: string) =>
    cell.startsWith('<') ? cell : `<c t="inlineStr"><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`
  return `<sheetData>${rows.map((cells) => `<row>${cells.map(cellXml).join('')}</row>`).join('')}</sheetData>`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
