import { strToU8 } from 'fflate'
import t from 'tap'
import { readWholeTable } from '../../../console/files/read-table.js'
import { sheetData, workbookBytes } from './workbook-bytes.js'

const chinese = Buffer.from('户号,名称\n1,张三\n2,李四\n3,王五\n')
/** 户号,名称 / 1,张三 / 2,李四 in GB18030. */
const gb18030 = Buffer.concat([
  Buffer.from([0xbb, 0xa7, 0xba, 0xc5, 0x2c, 0xc3, 0xfb, 0xb3, 0xc6, 0x0a]),
  Buffer.from([0x31, 0x2c, 0xd5, 0xc5, 0xc8, 0xfd, 0x0a, 0x32, 0x2c, 0xc0, 0xee, 0xcb, 0xc4, 0x0a]),
])
const mark = Buffer.from([0xef, 0xbb, 0xbf])

async function textsOf(bytes: Uint8Array, name = 'list.csv') {
  const { rows, problems } = await readWholeTable(bytes, name)
  return {
    rows: rows.map(({ cells }) => cells.join('|')),
    problems: problems.map(({ code, row, column }) => [code, row, column].filter((part) => part !== null).join(' ')),
  }
}

t.test('reads CSV in UTF-8 with and without mark and in GB18030, and names lines that are no text', async (t) => {
  const cases: readonly [title: string, bytes: Uint8Array, rows: readonly string[], problems: readonly string[]][] = [
    ['UTF-8', chinese, ['户号|名称', '1|张三', '2|李四', '3|王五'], []],
    ['UTF-8 with mark', Buffer.concat([mark, chinese]), ['户号|名称', '1|张三', '2|李四', '3|王五'], []],
    ['GB18030', gb18030, ['户号|名称', '1|张三', '2|李四'], []],
    [
      'four-byte GB18030',
      Buffer.concat([gb18030, Buffer.from([0x81, 0x39, 0xee, 0x39, 0x0a])]),
      ['户号|名称', '1|张三', '2|李四', '㐀'],
      [],
    ],
    ['one damaged line of UTF-8', Buffer.concat([chinese, Buffer.from([0xe5, 0xbc, 0x0a])]), [], ['invalid_bytes 5']],
    [
      'a damaged line under a mark',
      Buffer.concat([mark, gb18030]),
      [],
      ['invalid_bytes 1', 'invalid_bytes 2', 'invalid_bytes 3'],
    ],
    ['a damaged line of GB18030', Buffer.concat([gb18030, Buffer.from([0xff, 0x0a])]), [], ['invalid_bytes 4']],
    ['two encodings in one file', Buffer.concat([gb18030, Buffer.from('9,中文\n')]), [], ['mixed_encodings 4']],
    ['a word that could be either', Buffer.from([0xc4, 0xbf, 0x0a]), [], ['encoding_unclear']],
    ['UTF-16', Buffer.from([0xff, 0xfe, 0x31, 0x00]), [], ['not_a_table_file']],
    ['an old workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]), [], ['not_a_table_file']],
    ['semicolons', Buffer.from('a;b\n1;2,5\n'), ['a|b', '1|2,5'], []],
    ['a quote that stays open', Buffer.from('a,b\n1,"2\n3,4\n'), [], ['broken_quotes 2']],
    ['a formula', Buffer.from('a,b\n1,=1+1\n'), ['a|b', '1|'], ['formula_cell 2 B']],
    ['a kept zero trick of Excel', Buffer.from('a\n="0012"\n'), [], ['broken_quotes 2']],
    ['an escaped formula', Buffer.from("a\n'=1+1\n"), ['a', '=1+1'], []],
    ['nothing', Buffer.from(''), [], []],
  ]
  for (const [title, bytes, rows, problems] of cases) t.same(await textsOf(bytes), { rows, problems }, title)
})

t.test('takes the cells of a workbook as the text that is shown, or says why not', async (t) => {
  const formats = [
    '000000000000',
    '0.00',
    '#,##0.000',
    'yyyy-mm-dd',
    'yyyy"年"m"月"d"日" hh:mm',
    '0%',
    '"LX"0000',
    '0.00_);[Red](0.00)',
  ]
  const cases: readonly [title: string, cell: string, shown: string | null, problem: string | null][] = [
    ['shared text', '<c t="s"><v>0</v></c>', '张三', null],
    ['rich text without its phonetic hint', '<c t="s"><v>1</v></c>', '重庆', null],
    ['text in place', '<c t="inlineStr"><is><t>000000000012</t></is></c>', '000000000012', null],
    ['an escaped character', '<c t="inlineStr"><is><t>a_x0009_b</t></is></c>', 'a\tb', null],
    ['a whole number', '<c><v>110000000001</v></c>', '110000000001', null],
    ['0.1 as a spreadsheet stores it', '<c><v>0.10000000000000001</v></c>', '0.1', null],
    ['a sum of doubles', '<c><v>0.30000000000000004</v></c>', null, 'number_lost_digits 1 A'],
    ['a code of 20 digits', '<c><v>12345678901234567000</v></c>', null, 'number_lost_digits 1 A'],
    ['in powers', '<c><v>1.2345678901234568E+19</v></c>', null, 'number_lost_digits 1 A'],
    ['16 digits', '<c><v>1234567890123456</v></c>', null, 'number_lost_digits 1 A'],
    ['a small number', '<c><v>9.9999999999999995E-8</v></c>', '0.0000001', null],
    ['zeros that the format shows', '<c s="1"><v>12</v></c>', '000000000012', null],
    ['two decimals', '<c s="2"><v>1.5</v></c>', '1.50', null],
    ['decimals that are not shown', '<c s="2"><v>1.505</v></c>', null, 'number_shown_otherwise 1 A'],
    ['thousands', '<c s="3"><v>1234567.5</v></c>', '1234567.500', null],
    ['a day', '<c s="4"><v>46204</v></c>', '2026-07-01', null],
    ['an instant', '<c s="5"><v>46204.354166666664</v></c>', '2026-07-01 08:30:00', null],
    ['a day that never was', '<c s="4"><v>60</v></c>', null, 'date_out_of_range 1 A'],
    ['a day too far', '<c s="4"><v>2958466</v></c>', null, 'date_out_of_range 1 A'],
    ['per cent', '<c s="6"><v>0.5</v></c>', null, 'number_shown_otherwise 1 A'],
    ['letters of the format', '<c s="7"><v>12</v></c>', null, 'number_shown_otherwise 1 A'],
    ['a book-keeping format', '<c s="8"><v>-3.25</v></c>', '-3.25', null],
    ['true', '<c t="b"><v>1</v></c>', 'true', null],
    ['an error', '<c t="e"><v>#N/A</v></c>', null, 'error_cell 1 A'],
    ['a formula', '<c><f>A2*2</f><v>4</v></c>', null, 'formula_cell 1 A'],
    ['a shared formula', '<c t="str"><f t="shared" si="0"/><v>x</v></c>', null, 'formula_cell 1 A'],
    ['a column too far', '<c r="XFD1" t="inlineStr"><is><t>x</t></is></c>', null, 'too_large 1 XFD'],
  ]
  const sharedStrings = ['<t>张三</t>', '<r><t>重</t></r><r><t>庆</t></r><rPh sb="0" eb="2"><t>chongqing</t></rPh>']
  for (const [title, cell, shown, problem] of cases) {
    const bytes = workbookBytes({ sheets: [{ name: 'a', xml: sheetData([[cell]]) }], sharedStrings, formats })
    const read = await textsOf(bytes, 'book.xlsx')
    t.same([read.rows[0] || null, read.problems[0] ?? null], [shown, problem], title)
  }
})

t.test('counts days from 1904 where the workbook does', async (t) => {
  const xml = sheetData([['<c s="1"><v>44742</v></c>']])
  const bytes = workbookBytes({ sheets: [{ name: 'a', xml }], formats: ['yyyy-mm-dd'], is1904: true })
  t.same((await textsOf(bytes)).rows, ['2026-07-01'])
})

t.test(
  'names merged cells in each row that they touch, hidden sheets, and rows as the spreadsheet counts',
  async (t) => {
    const xml = `<sheetData><row r="1"><c r="B1" t="inlineStr"><is><t>x</t></is></c></row><row r="5"><c t="b"><v>0</v></c></row></sheetData><mergeCells><mergeCell ref="A5:B6"/></mergeCells>`
    const sheets = [
      { name: 'seen', xml },
      { name: 'not seen', xml, state: 'veryHidden' as const },
    ]
    const read = await readWholeTable(workbookBytes({ sheets }), 'book.xlsx')
    t.same(
      read.rows.map(({ sheet, row, cells }) => [sheet, row, cells]),
      [
        ['seen', 1, ['', 'x']],
        ['seen', 5, ['false']],
      ],
    )
    t.same(
      read.problems.map(({ sheet, code, row, column }) => [sheet, code, row, column]),
      [
        ['seen', 'merged_cells', 5, 'A'],
        ['seen', 'merged_cells', 6, 'A'],
        ['not seen', 'hidden_sheet', null, null],
      ],
    )
  },
)

t.test('refuses archives that would fill the memory, declare entities, or are broken', async (t) => {
  const good = { sheets: [{ name: 'a', xml: sheetData([['x']]) }] }
  const bomb = strToU8(`<worksheet>${' '.repeat(64 * 1024 * 1024)}</worksheet>`)
  const laughs = strToU8('<!DOCTYPE lolz [<!ENTITY lol "lol">]><worksheet><sheetData/></worksheet>')
  const bytes = workbookBytes(good)
  const damaged = Buffer.from(bytes)
  damaged.fill(0x55, 60, 90)
  const cases: readonly [title: string, bytes: Uint8Array, problem: string][] = [
    ['a bomb', workbookBytes({ ...good, extra: { 'xl/worksheets/sheet0.xml': bomb } }), 'broken_workbook'],
    ['entities', workbookBytes({ ...good, extra: { 'xl/worksheets/sheet0.xml': laughs } }), 'broken_workbook'],
    [
      'no workbook',
      workbookBytes({ ...good, extra: { 'xl/workbook.xml': strToU8('<a/>'), '_rels/.rels': strToU8('<a') } }),
      'broken_workbook',
    ],
    ['half a file', bytes.subarray(0, bytes.length / 2), 'unsafe_archive'],
    ['a damaged part', damaged, 'broken_workbook'],
    [
      'a row beyond all rows',
      workbookBytes({ sheets: [{ name: 'a', xml: '<sheetData><row r="99999999"><c><v>1</v></c></row></sheetData>' }] }),
      'too_large',
    ],
  ]
  for (const [title, file, problem] of cases) {
    const read = await readWholeTable(file, 'book.xlsx')
    t.same(
      read.problems.map(({ code }) => code),
      [problem],
      title,
    )
    t.same(read.rows, [], title)
  }
})

t.test('names hidden rows and columns that hold something, however they are hidden', async (t) => {
  const row = (attributes: string, ...cells: readonly string[]) =>
    `<row ${attributes}>${cells.map((cell) => `<c t="str"><v>${cell}</v></c>`).join('')}</row>`
  const cases: readonly [title: string, xml: string, problems: readonly string[]][] = [
    ['a filtered row', `<sheetData>${row('', 'a')}${row('hidden="1"', 'b')}</sheetData>`, ['hidden_row 2']],
    ['a blank hidden row', `<sheetData>${row('', 'a')}${row('hidden="1"', '')}</sheetData>`, []],
    [
      'rows hidden unless they say otherwise',
      `<sheetFormatPr zeroHeight="1"/><sheetData>${row('hidden="0"', 'a')}${row('', 'b')}</sheetData>`,
      ['hidden_row 2'],
    ],
    [
      'a hidden column, told once',
      `<cols><col min="2" max="3" hidden="true"/></cols><sheetData>${row('', 'a', 'b')}${row('', 'c', 'd')}</sheetData>`,
      ['hidden_column B'],
    ],
    [
      'a column of no width',
      `<cols><col min="1" max="1" width="0"/></cols><sheetData>${row('', 'a')}</sheetData>`,
      ['hidden_column A'],
    ],
    [
      'a hidden column without cells',
      `<cols><col min="9" max="9" hidden="1"/></cols><sheetData>${row('', 'a')}</sheetData>`,
      [],
    ],
  ]
  for (const [title, xml, problems] of cases)
    t.same((await textsOf(workbookBytes({ sheets: [{ name: 'list', xml }] }), 'list.xlsx')).problems, problems, title)
})
