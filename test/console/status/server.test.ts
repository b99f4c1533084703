import t from 'tap'
import { createStatusApp, serveStatus } from '../../../console/status/server.js'
import type { StatusData } from '../../../console/status/status-data.js'

const outcomes = {
  due: 100,
  firstPass: 96,
  retried: 2,
  backFilled: 1,
  fieldRead: 0,
  estimated: 1,
  corrected: 0,
  held: 0,
  exempt: 0,
  open: 0,
}
const status: StatusData = {
  collection: { days: [{ date: '2026-07-01', ...outcomes }], lines: [{ line: 'line-1', ...outcomes }] },
  billing: [{ tariff: '<script>alert(1)</script>', bills: 3, energyE4: 12_345_600n, amountFen: 65_432n, estimated: 0 }],
  ledger: [
    { accountNumber: 1122, nameZh: '应收电费', nameEn: 'Electricity receivable', debitFen: 65_432n, creditFen: 0n },
    {
      accountNumber: 6001,
      nameZh: '主营业务收入—售电',
      nameEn: 'Electricity sales revenue',
      debitFen: 0n,
      creditFen: 65_432n,
    },
  ],
  notices: [{ step: 1, channel: 'sms', sent: 5, delivered: 4, failed: 1, noReceipt: 0, suppressed: 0 }],
  tasks: {
    open: [{ account: 'A-1', gridCell: 'G-1', assignee: 'manager-1', openFen: 12_300n, dueDate: '2026-09-05' }],
    settled: 2,
  },
  resultHash: 'abc123',
}

t.test('the page shows the figures, Chinese first with English beside it', async (t) => {
  const { body, statusCode, headers } = await createStatusApp(async () => status).inject('/')
  t.equal(statusCode, 200)
  for (const text of [
    '1234.56',
    '654.32',
    '应收电费',
    'Electricity receivable',
    'manager-1',
    '123.00',
    'abc123',
    '96/100',
    '<td class="words">manager-1</td><td>123.00</td>',
  ])
    t.match(body, text, text)
  t.match(headers['content-security-policy'], "default-src 'none'")
})

t.test('texts from the database cannot become markup', async (t) => {
  const { body } = await createStatusApp(async () => status).inject('/')
  t.notMatch(body, '<script>')
  t.match(body, '&lt;script&gt;alert(1)&lt;/script&gt;')
})

t.test('only reading is possible', async (t) => {
  const app = createStatusApp(async () => status)
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'] as const)
    t.equal((await app.inject({ method, url: '/' })).statusCode, 404, method)
  t.equal((await app.inject('/healthz')).statusCode, 200)
})

t.test('a taken port is one clear refusal, and the first server goes on', async (t) => {
  const first = await serveStatus(0, async () => status)
  t.teardown(() => first.close())
  const port = Number(new URL(first.url).port)
  await t.rejects(
    serveStatus(port, async () => status),
    { code: 'port_taken', exitCode: 3, message: String(port) },
  )
  t.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200)
})
