import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { readWholeTable } from '../../../console/files/read-table.js'
import { titleOf } from '../../../console/registry/list-titles.js'
import type { RegistryDocument } from '../../../domain/registry-document.js'
import { smallUtility } from '../../mdm/support/small-utility.js'
import { checkoutRoot } from '../../architecture/source-files.js'
import { withDatabase } from '../../support/database.js'
import { createFakeIo } from '../cli/fake-io.js'
import { recordTariff } from './record-tariff.js'
import { clerksCsv, type ClerksSheets, clerksSheets, clerksWorkbook, put } from './clerks-workbook.js'

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
  readonly testdir: (fixture: Record<string, string>) => string
}
interface Answer {
  readonly ok: boolean
  readonly accepted: boolean
  readonly waiting: readonly { readonly sheet: string; readonly row: number | null; readonly rows: number }[]
  readonly problems: readonly { readonly sheet: string; readonly row: number | null; readonly code: string }[]
  readonly rows: readonly {
    readonly sheet: string
    readonly row: number
    readonly object: string
    readonly outcome: string
    readonly problems: readonly {
      readonly code: string
      readonly column: string | null
      readonly found: string
      readonly expected: string
    }[]
  }[]
}

async function openOffice(t: Teardown) {
  const database = await withDatabase(t)
  const cwd = t.testdir({})
  const env = { DATABASE_URL: database.url('owner'), SHUANGWU_FOLDER: cwd }
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    const code = await runCli(['registry', ...args], io)
    return { code, out: io.outText(), err: io.errText() }
  }
  const take = async (bytes: Uint8Array, ...args: readonly string[]) => {
    writeFileSync(join(cwd, 'book.xlsx'), bytes)
    const { code, out } = await run('import', 'book.xlsx', '--actor', 'manager-1', '--json', ...args)
    return { code, answer: JSON.parse(out) as Answer }
  }
  const count = async (table: string) => (await database.as('owner').query(`select from ${table}`)).length
  return { database, cwd, run, take, count }
}

/** `sheet row column code` of everything that an answer names, sheets by their English half. */
function named({ problems, rows }: Answer): readonly string[] {
  const english = (sheet: string) => sheet.slice(sheet.lastIndexOf(' ') + 1)
  return [
    ...problems.map(({ sheet, row, code }) => [english(sheet), row, code]),
    ...rows.flatMap(({ sheet, row, problems: ofRow }) =>
      ofRow.map(({ column, code }) => [english(sheet), `${column ?? ''}${row}`, code]),
    ),
  ].map((parts) => parts.filter((part) => part !== null).join(' '))
}

const from = '2026-07-01T00:00:00+08:00'
const utility: RegistryDocument = {
  ...smallUtility(),
  crews: [{ code: 'crew-a', organisation: 'county', name: 'Crew A' }],
  crewMembers: [{ crew: 'crew-a', person: 'crew-1', from }],
  relations: [
    { usagePoint: 'point-1', parent: 'point-3', kind: 'main_sub', from },
    { usagePoint: 'point-2', parent: 'point-1', kind: 'main_sub', from },
  ],
}

t.test('a clerk’s workbook, broken in ten ways: each is named with its place, and nothing goes in', async (t) => {
  const { take, run, cwd, count } = await openOffice(t)
  const meters = titleOf('meters')
  const rename = (sheets: ClerksSheets, old: string, name: string) => {
    const rows = sheets.get(old) ?? []
    sheets.delete(old)
    sheets.set(name, rows)
  }
  const cases: readonly [
    title: string,
    damage: (sheets: ClerksSheets) => Readonly<Record<string, string>> | void,
    named: readonly string[],
  ][] = [
    [
      'a formula',
      (sheets) => put(sheets, 'multipliers', 'B5', '<c><f>B4*10</f><v>10</v></c>'),
      ['multipliers B5 formula_cell'],
    ],
    [
      'merged cells',
      () => ({ [titleOf('usagePoints')]: '<mergeCells><mergeCell ref="B3:B4"/></mergeCells>' }),
      [
        'usagePoints B3 merged_cells',
        'usagePoints B4 merged_cells',
        ...['installations', 'multipliers', 'agreements'].flatMap((list) =>
          [3, 4].map((row) => `${list} ${list === 'agreements' ? 'B' : 'A'}${row} left_out`),
        ),
        'relations A3 left_out',
        'relations A4 left_out',
        'relations B4 left_out',
      ],
    ],
    [
      'a key twice',
      (sheets) => put(sheets, 'customers', 'A4', 'customer-1'),
      [
        'customers A3 there_twice',
        'customers A4 there_twice',
        'accounts C3 left_out',
        'accounts C4 unknown_code',
        ...['agreements', 'contacts'].flatMap((list) => [`${list} A3 left_out`, `${list} A4 left_out`]),
      ],
    ],
    [
      'two meters at one point at a time',
      (sheets) => put(sheets, 'installations', 'A4', 'point-1'),
      ['installations 3 stretches_overlap', 'installations 4 stretches_overlap'],
    ],
    [
      'a circle of relations',
      (sheets) => {
        put(sheets, 'relations', 'A5', 'point-3')
        put(sheets, 'relations', 'B5', 'point-2')
        put(sheets, 'relations', 'C5', '总分')
        put(sheets, 'relations', 'F5', '2026-08-01')
      },
      ['relations B3 part_of_itself', 'relations B4 part_of_itself', 'relations B5 part_of_itself'],
    ],
    ['a date out of range', (sheets) => put(sheets, 'agreements', 'G3', '9999-12-31'), ['agreements G3 bad_cell']],
    [
      'an address that lost its digits',
      (sheets) => put(sheets, 'meters', 'C3', '<c><v>12345678901234567000</v></c>'),
      ['meters C3 number_lost_digits', 'installations B3 left_out'],
    ],
    [
      'a sheet under another name',
      (sheets) => rename(sheets, meters, 'Sheet1'),
      [
        'Sheet1 unknown_sheet',
        'meters missing_sheet',
        'installations B3 left_out',
        'installations B4 left_out',
        'installations B5 left_out',
      ],
    ],
    [
      'a column under another name',
      (sheets) => put(sheets, 'multipliers', 'B2', '倍率'),
      [
        'multipliers 2 unknown_column',
        'multipliers missing_column',
        ...[3, 4, 5].flatMap((row) => [`multipliers B${row} no_heading`, `multipliers ${row} missing_cell`]),
      ],
    ],
    [
      'a code that nobody has',
      (sheets) => put(sheets, 'installations', 'C5', 'line-9'),
      ['installations C5 unknown_code'],
    ],
  ]
  for (const [title, damage, expected] of cases) {
    const sheets = clerksSheets(utility)
    const after = damage(sheets) ?? {}
    const { code, answer } = await take(clerksWorkbook(sheets, after))
    t.equal(code, 2, title)
    t.same([...named(answer)].sort(), [...expected].sort(), title)
  }
  const folder = join(cwd, 'folder')
  mkdirSync(folder)
  const sheets = clerksSheets(utility)
  const csv = clerksCsv(sheets, 'customers')
  const damaged = Buffer.concat([csv, Buffer.from([0xd5, 0xc5, 0xff]), Buffer.from(',x,居民,否\r\n')])
  for (const [list, bytes] of [
    ['organisations', clerksCsv(sheets, 'organisations')],
    ['customers', damaged],
  ] as const)
    writeFileSync(join(folder, `${titleOf(list)}.csv`), bytes)
  const encodings = await run('import', 'folder', '--actor', 'manager-1', '--json')
  t.match(encodings, { code: 2, err: /unknown actor manager-1/ }, 'whoever imports has to be somebody')
  const checked = await run('check', 'folder', '--json')
  t.same(named(JSON.parse(checked.out) as Answer), ['customers 5 invalid_bytes'], 'an encoding that is none')
  for (const table of ['organisation', 'meter', 'actor', 'relation_timeline']) t.equal(await count(table), 0, table)
  t.match(await take(clerksWorkbook(clerksSheets(utility))), { code: 0, answer: { ok: true } }, 'the whole one goes in')
  t.equal(await count('relation_timeline'), 2)
})

t.test(
  'a column that the sheet lacks is named in the rows that need it, a code of wide letters finds its like',
  async (t) => {
    const { take } = await openOffice(t)
    const sheets = clerksSheets(utility)
    put(sheets, 'multipliers', 'B2', '倍率')
    put(sheets, 'installations', 'C5', 'ｌｉｎｅ－１')
    const { answer } = await take(clerksWorkbook(sheets))
    const problems = answer.rows.flatMap(({ problems: ofRow }) => ofRow)
    t.match(
      problems.find(({ code }) => code === 'missing_cell'),
      { found: '无此列 no column CT变比 ctRatio' },
    )
    t.match(
      problems.find(({ code }) => code === 'unknown_code'),
      { expected: /near: line-1/ },
    )
  },
)

t.test('by choice the good rows go in, without what depends on the bad ones, and the report says which', async (t) => {
  const { take, count, cwd, run } = await openOffice(t)
  const sheets = clerksSheets(utility)
  put(sheets, 'meters', 'C4', '12')
  put(sheets, 'customers', 'C5', '外星人')
  const { code, answer } = await take(clerksWorkbook(sheets), '--accept-good-rows', '--report', 'report.xlsx')
  t.equal(code, 1)
  t.same(named(answer), [
    'meters C4 bad_cell',
    'customers C5 bad_cell',
    'accounts C5 left_out',
    'installations B4 left_out',
    'agreements A5 left_out',
    'contacts A5 left_out',
  ])
  t.match(answer, { ok: false, accepted: true })
  t.same([await count('meter'), await count('account'), await count('installation_timeline')], [2, 2, 2])
  const report = await readWholeTable(readFileSync(join(cwd, 'report.xlsx')), 'report.xlsx')
  t.equal(report.rows.length, 1 + answer.rows.length)
  t.match(
    report.rows.map(({ cells }) => cells.join('|')).find((line) => line.includes('accounts') && line.includes('left')),
    /book\.xlsx\|户号 accounts\|5\|account-3\|连带未收 left out\|C\|left_out\|customer-3\|因 客户 customers 第 5 行 row 5 未收/,
  )
  const again = await take(clerksWorkbook(clerksSheets(utility)))
  t.match(again, { code: 0, answer: { ok: true } }, 'corrected, the file goes in beside what is there')
  t.same(
    again.answer.rows.filter(({ outcome }) => outcome === 'taken').map(({ object }) => object),
    ['meter-2', 'customer-3', 'account-3', 'point-2', 'account-3', 'account-3 sms'],
  )
  t.match(await run('import', 'book.xlsx', '--actor', 'manager-1'), { code: 0, err: /nothing new/ })
})

t.test('every fault of a row is named, and what follows from it stands apart, summed by cause', async (t) => {
  const { take, run, cwd } = await openOffice(t)
  const sheets = clerksSheets(utility)
  put(sheets, 'customers', 'A4', 'customer-1')
  put(sheets, 'customers', 'C4', '外星人')
  put(sheets, 'meters', 'C5', '12')
  put(sheets, 'meters', 'E5', '99')
  put(sheets, 'installations', 'C4', 'line-9')
  put(sheets, 'installations', 'A4', 'point-1')
  const { answer } = await take(clerksWorkbook(sheets))
  t.same(
    named(answer).filter((one) => !one.endsWith('left_out')),
    [
      'meters E5 bad_cell',
      'meters C5 bad_cell',
      'customers A3 there_twice',
      'customers C4 bad_cell',
      'customers A4 there_twice',
      'accounts C4 unknown_code',
      'installations 3 stretches_overlap',
      'installations C4 unknown_code',
      'installations 4 stretches_overlap',
    ],
  )
  t.match(
    answer.rows.find(({ row, sheet }) => row === 4 && sheet === titleOf('installations'))?.problems[0],
    { column: 'C', found: 'line-9', expected: /线路 lines 中已有的编码.*相近 near: line-1/, mend: /correct the code/ },
    'with the value, what was expected, what may have been meant, and how to mend it',
  )
  t.same(answer.waiting, [
    { file: 'book.xlsx', sheet: titleOf('customers'), row: 4, rows: 3 },
    { file: 'book.xlsx', sheet: titleOf('accounts'), row: 4, rows: 2 },
    { file: 'book.xlsx', sheet: titleOf('meters'), row: 5, rows: 1 },
  ])
  t.match(await run('check', 'book.xlsx', '--report', 'report.csv'), {
    code: 2,
    out: /须改正 to correct: 7\n[^]*连带等待 waiting for them: 3\n {2}3 行等待“客户 customers”第 4 行 rows wait for row 4/,
    err: /7 处须改正，6 行等待/,
  })
  const report = await readWholeTable(readFileSync(join(cwd, 'report.csv')), 'report.csv')
  const outcomes = report.rows.slice(1).map(({ cells }) => cells[4] ?? '')
  t.ok(outcomes.lastIndexOf('拒收 refused') < outcomes.indexOf('连带未收 left out'), 'causes before consequences')
})

t.test('a batch with a broken item waits for it, and is not told that it does not add up', async (t) => {
  const batch = { code: 'go-live', asOf: from, document: 'book', itemCount: 1 }
  const totals = { registersKwh: '0', ladderKwh: '5', estimatesKwh: '0', prepaid: '0', arrears: '0' }
  const sheets = clerksSheets({
    ...utility,
    openingBatches: [{ ...batch, ...totals }],
    openingItems: [{ batch: 'go-live', account: 'account-9', kind: 'ladder', energyKwh: '5', ladderMonths: 1 }],
  })
  const io = createFakeIo({ cwd: t.testdir({}), env: {} })
  writeFileSync(join(io.cwd, 'book.xlsx'), clerksWorkbook(sheets))
  t.equal(await runCli(['registry', 'check', 'book.xlsx', '--json'], io), 2)
  const answer = JSON.parse(io.outText()) as Answer
  t.same(named(answer), ['openingBatches 3 left_out', 'openingItems B3 unknown_code'])
  t.match(answer.waiting, [{ sheet: titleOf('openingItems'), row: 3, rows: 1 }])
})

t.test(
  'tariffs come before agreements or are named as to come; at go-live, with none, the report says so',
  async (t) => {
    const { database, take, run } = await openOffice(t)
    const book = clerksWorkbook(clerksSheets(utility))
    await take(book)
    t.match(await run('import', 'book.xlsx', '--actor', 'manager-1', '--dry-run'), {
      code: 0,
      err: /none is on record/,
    })
    await recordTariff(database, 'sd-residential')
    t.match(await take(book), { code: 0, answer: { ok: true } }, 'what the registry holds is no news')
    const sheets = clerksSheets(utility)
    put(sheets, 'agreements', 'C3', 'sd-residental')
    put(sheets, 'agreements', 'A3', 'account-9')
    put(sheets, 'accounts', 'A6', 'account-9')
    put(sheets, 'accounts', 'B6', 'county')
    put(sheets, 'accounts', 'C6', 'customer-1')
    put(sheets, 'agreements', 'B3', 'point-9')
    put(sheets, 'usagePoints', 'A6', 'point-9')
    for (const [cell, text] of [
      ['B6', 'county'],
      ['C6', 'area-1'],
      ['D6', 'grid-1'],
      ['E6', 'Road 9'],
    ] as const)
      put(sheets, 'usagePoints', cell, text)
    const { code, answer } = await take(clerksWorkbook(sheets))
    t.equal(code, 2)
    t.same(named(answer), ['agreements C3 unknown_tariff'])
    t.match(answer.rows.find(({ outcome }) => outcome === 'refused')?.problems, [{ expected: /near: sd-residential/ }])
    t.match(await take(clerksWorkbook(sheets), '--tariff-to-come', 'sd-residental'), { code: 0, answer: { ok: true } })
  },
)

t.test('hidden rows and columns are refused by name, never taken', async (t) => {
  const { take, count } = await openOffice(t)
  const hide = (list: 'customers' | 'meters', tag: string) => {
    const bytes = clerksWorkbook(clerksSheets(utility), {}, { [titleOf(list)]: tag })
    return take(bytes)
  }
  t.same(named((await hide('customers', '<sheetFormatPr zeroHeight="1"/>')).answer).slice(0, 3), [
    'customers 3 hidden_row',
    'customers 4 hidden_row',
    'customers 5 hidden_row',
  ])
  const column = await hide('meters', '<cols><col min="3" max="3" hidden="1"/></cols>')
  t.match(column, {
    code: 2,
    answer: { accepted: false, problems: [{ code: 'hidden_column', row: null, column: 'C' }] },
  })
  t.equal(await count('meter'), 0)
})

t.test('what could not be written is refused before any work is done', async (t) => {
  const { run, cwd, count } = await openOffice(t)
  writeFileSync(join(cwd, 'book.xlsx'), clerksWorkbook(clerksSheets(utility)))
  const cases: readonly [args: readonly string[], err: RegExp][] = [
    [['import', 'book.xlsx', '--actor', 'manager-1', '--report', 'report.doc'], /report\.doc.*\.xlsx, \.csv/],
    [['import', 'book.xlsx', '--actor', 'manager-1', '--report', 'none/report.csv'], /no such folder/],
    [['check', 'book.xlsx', '--report', 'report'], /expected one of/],
    [['audit', '--out', 'list.xls'], /list\.xls.*expected one of/],
    [['export', '--out', 'all.csv'], /文件夹 a folder/],
  ]
  for (const [args, err] of cases) t.match(await run(...args), { code: 2, err }, args.join(' '))
  t.equal(await count('meter'), 0)
})

t.test('a dry run says the same and writes nothing', async (t) => {
  const { take, count } = await openOffice(t)
  const { code, answer } = await take(clerksWorkbook(clerksSheets(utility)), '--dry-run')
  t.match({ code, answer }, { code: 0, answer: { ok: true, accepted: true } })
  t.ok(answer.rows.every(({ outcome }) => outcome === 'taken'))
  t.equal(await count('meter'), 0)
})

t.test('a file may name what the registry has, and may not contradict it', async (t) => {
  const { take } = await openOffice(t)
  await take(clerksWorkbook(clerksSheets(utility)))
  const empty = Object.fromEntries(Object.keys(utility).map((list) => [list, []])) as unknown as RegistryDocument
  const [meter] = utility.meters
  const [point] = utility.usagePoints
  if (meter === undefined || point === undefined) throw new Error('a meter and a point')
  const more: RegistryDocument = {
    ...empty,
    meters: [{ ...meter, code: 'meter-4', communicationAddress: '000000000004' }],
    usagePoints: [
      { ...point, code: 'point-4' },
      { ...point, supplyAddress: 'Another road' },
    ],
    installations: [
      { usagePoint: 'point-4', meter: 'meter-4', line: 'line-1', from },
      { usagePoint: 'point-5', meter: 'meter-1', line: 'line-1', from },
    ],
  }
  const { answer } = await take(clerksWorkbook(clerksSheets(more)), '--accept-good-rows')
  t.same(
    answer.rows.map(({ object, outcome }) => `${object} ${outcome}`),
    ['meter-4 taken', 'point-4 taken', 'point-1 refused', 'point-4 taken', 'point-5 refused'],
  )
  t.same(named(answer), [
    'usagePoints 4 contradicts_registry',
    'installations A4 unknown_code',
    'installations 4 stretches_overlap',
  ])
})

t.test('a row that contradicts the registry about an object whose own row is refused is named, too', async (t) => {
  const { take } = await openOffice(t)
  await take(clerksWorkbook(clerksSheets(utility)))
  const sheets = clerksSheets(utility)
  put(sheets, 'usagePoints', 'C3', '')
  put(sheets, 'multipliers', 'B3', '7')
  const { code, answer } = await take(clerksWorkbook(sheets), '--accept-good-rows')
  t.equal(code, 1)
  t.same(named(answer), ['usagePoints C3 missing_cell', 'multipliers 3 contradicts_registry'])
  const multiplier = answer.rows.find(({ sheet }) => sheet === titleOf('multipliers'))
  t.match(multiplier?.problems, [{ expected: /档案中已有，内容不同 .*: CT变比 ctRatio$/ }], 'in the words of the sheet')
})

t.test('what was exported is known when it comes back, as workbook, as CSV and as JSON', async (t) => {
  const { take, run } = await openOffice(t)
  await take(clerksWorkbook(clerksSheets(utility)))
  for (const out of ['all.xlsx', 'folder', 'all.json']) {
    t.match(await run('export', '--out', out), { code: 0 })
    t.match(await run('import', out, '--actor', 'manager-1'), { code: 0, err: /nothing new/ }, out)
  }
})

t.test('an import that is killed in the middle leaves nothing behind', async (t) => {
  const { database, cwd, count } = await openOffice(t)
  writeFileSync(join(cwd, 'book.xlsx'), clerksWorkbook(clerksSheets(utility)))
  const main = join(checkoutRoot, 'build', 'console', 'main.js')
  const owner = database.as('owner')
  await owner.transaction(async (tx) => {
    // The import has written all other tables when it comes to this one.
    await tx.query('lock table crew_member_timeline in access exclusive mode')
    const env = { ...process.env, DATABASE_URL: database.url('owner'), SHUANGWU_FOLDER: cwd }
    const child = spawn(process.execPath, [main, 'registry', 'import', 'book.xlsx', '--actor', 'manager-1'], {
      cwd,
      env,
    })
    const waiting =
      'select from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())'
    while ((await owner.query(waiting)).length === 0) if (child.exitCode !== null) throw new Error('ended early')
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  t.same([await count('actor'), await count('meter'), await count('relation_timeline')], [0, 0, 0])
})
