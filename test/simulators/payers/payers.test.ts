import t from 'tap'
import { parseBankFile } from '../../../billing/cash/parse-bank-file.js'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { addDays, beijing, datesIn, hourMs } from '../../../domain/time.js'
import { bankDeliveries, bankFile } from '../../../simulators/payers/bank-file.js'
import { habitOf } from '../../../simulators/payers/payment-habit.js'
import { type DeliveredNotice, type PayableBill, type Payment, paymentsOn } from '../../../simulators/payers/payers.js'

const random = createSeededRandom(1)
const dueDate = '2026-08-18'
const bills: readonly PayableBill[] = Array.from({ length: 400 }, (_, index) => ({
  accountCode: `A${String(index + 1).padStart(4, '0')}`,
  amountFen: BigInt(5000 + index),
  dueDate,
}))
const days = datesIn('2026-08-04', '2026-09-02')

t.test('without notices only those pay who pay in time, each once and before the due date', async (t) => {
  const paid = paidOver([])
  const inTime = bills.filter(({ accountCode }) => habitOf(random, accountCode).kind === 'before_due')
  t.same(
    accountsOf(paid),
    inTime
      .map(({ accountCode }) => accountCode)
      .concat('A-UNKNOWN')
      .toSorted(),
  )
  t.ok(paid.every(({ paidAt }) => paidAt < beijing.startOfDay(dueDate)))
  t.ok(inTime.length > 250 && inTime.length < 310, `${inTime.length} of 400`)
})

t.test('the others pay the day after as many delivered notices as they need, or never', async (t) => {
  const noticeDays = ['2026-08-19', '2026-08-22', '2026-08-25']
  const notices = bills.flatMap(({ accountCode }) =>
    noticeDays.map((day): DeliveredNotice => ({ accountCode, deliveredAt: beijing.startOfDay(day) + 10 * hourMs })),
  )
  const payDays = new Map(paidOver(notices).map((payment) => [payment.accountCode, beijing.dateAt(payment.paidAt)]))
  for (const { accountCode } of bills) {
    const habit = habitOf(random, accountCode)
    if (habit.kind === 'never') t.notOk(payDays.has(accountCode), accountCode)
    if (habit.kind === 'after_notice')
      t.equal(payDays.get(accountCode), addDays(noticeDays[habit.notices - 1] ?? '', 1), accountCode)
  }
})

t.test('one customer pays ten yuan too much and one payment names nobody', async (t) => {
  const owed = new Map(bills.map(({ accountCode, amountFen }) => [accountCode, amountFen]))
  const odd = paidOver([]).filter(({ accountCode, amountFen }) => owed.get(accountCode) !== amountFen)
  t.equal(odd.length, 2)
  const unowedFen = odd.map(({ accountCode, amountFen }) => amountFen - (owed.get(accountCode) ?? 0n))
  t.same(new Set(unowedFen), new Set([1000n, 8888n]))
})

t.test('references are unique and the same day gives the same payments', async (t) => {
  const references = paidOver([]).map(({ reference }) => reference)
  t.equal(new Set(references).size, references.length)
  t.same(paidOver([]), paidOver([]))
  t.notSame(paymentsOn(createSeededRandom(2), '2026-08-10', bills, []), paymentsOn(random, '2026-08-10', bills, []))
})

t.test('the bank’s file names channel, day, count and sum before its payments', async (t) => {
  const payments: readonly Payment[] = [
    {
      reference: '20260810-A0001',
      accountCode: 'A0001',
      amountFen: 12_345n,
      paidAt: Date.parse('2026-08-10T09:30:00+08:00'),
    },
    {
      reference: '20260810-A0002',
      accountCode: 'A0002',
      amountFen: 100n,
      paidAt: Date.parse('2026-08-10T10:00:00+08:00'),
    },
  ]
  t.equal(
    bankFile('2026-08-10', payments),
    `#shuangwu-bank-file,demo-bank,2026-08-10,2,124.45
20260810-A0001,A0001,123.45,2026-08-10T01:30:00.000Z
20260810-A0002,A0002,1.00,2026-08-10T02:00:00.000Z
`,
  )
  t.same(bankDeliveries('2026-08-10', []), [])
  t.equal(bankDeliveries('2026-08-10', payments).length, 1)
  t.same(bankDeliveries('2026-08-15', payments), Array(2).fill(bankFile('2026-08-15', payments)))
})

t.test('the product reads what the bank sends', async (t) => {
  for (const day of days) {
    const payments = paymentsOn(random, day, bills, [])
    const parsed = parseBankFile(bankFile(day, payments))
    t.same(parsed.ok && parsed.value, { channel: 'demo-bank', statement: day, payments }, day)
  }
})

function paidOver(notices: readonly DeliveredNotice[]): readonly Payment[] {
  return days.flatMap((day) => paymentsOn(random, day, bills, notices))
}

function accountsOf(payments: readonly Payment[]): readonly string[] {
  return payments.map(({ accountCode }) => accountCode).toSorted()
}
