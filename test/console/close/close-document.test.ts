import t from 'tap'
import { closeDocument } from '../../../console/close/close-document.js'
import { closeListText, closeText } from '../../../console/close/close-text.js'
import { beijing } from '../../../domain/time.js'
import type { CloseRunRow } from '../../../storage/billing/close-runs.js'

const july: CloseRunRow = {
  run_id: 'county:2026-07-01:2026-08-01:r1',
  organisation: 'county',
  period_start: beijing.startOfDay('2026-07-01'),
  period_end: beijing.startOfDay('2026-08-01'),
  time_zone: 'Asia/Shanghai',
  state: 'frozen',
  accounting_date: '2026-08-03',
  due_date: '2026-08-18',
  accounts: 3,
  segments: 2,
  rated: 1,
  bills: 2,
  energy_e4: 1_000_500n,
  amount_fen: 5803n,
  digests: [Buffer.alloc(32)],
  issued: 0,
  posted: 0,
  states: ['frozen'],
  actors: ['accountant-1'],
  instants: [beijing.startOfDay('2026-08-03')],
}
const june: CloseRunRow = {
  ...july,
  run_id: 'county:2026-06-01:2026-07-01:r1',
  period_start: beijing.startOfDay('2026-06-01'),
  period_end: july.period_start,
  state: 'posted',
  rated: 2,
}
const furtherOfJune: CloseRunRow = { ...june, run_id: `${june.run_id}.2`, state: 'issued', bills: 1, amount_fen: 50n }

t.test('a run that is rated in part has no digest to accept', (t) => {
  const close = closeDocument(july, [july], {})
  t.match(close, { digest: null, next: 'dry-run', before: null, energyKwh: '100.05', amount: '58.03' })
  t.match(closeText(close), '已试算 rated 1/2 段 segments')
  t.end()
})

t.test('what was issued for the period before stands beside it, all its runs together', (t) => {
  const elsewhere = { ...june, organisation: 'other', bills: 100 }
  const unissued = { ...june, run_id: `${june.run_id}.3`, state: 'dry_run' as const, bills: 100 }
  const close = closeDocument(july, [july, unissued, furtherOfJune, june, elsewhere], {})
  t.same(close.before, { bills: 3, energyKwh: '200.1', amount: '58.53' })
  t.match(closeListText([close]), new RegExp(`${july.run_id}.*已冻结 frozen.*58\\.03`))
  t.match(closeText(close), '上期已发行 issued for the period before：账单 bills 3，200.1 kWh，58.53')
  t.end()
})
