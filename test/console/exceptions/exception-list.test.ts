import t from 'tap'
import { allAtRisk, grouped, groupedText, listText, ranked } from '../../../console/exceptions/exception-list.js'
import type { ExceptionPolicy } from '../../../domain/exception-policy.js'
import { beijing, dayMs } from '../../../domain/time.js'
import type { OpenException } from '../../../storage/mdm/open-exceptions.js'

const now = beijing.startOfDay('2026-08-10')
const policy = {
  kinds: { held_reading: { deadlineHours: 1, changePermille: 500 }, other: { deadlineHours: 1, changePermille: 500 } },
  defaultPriceYuan: '0.6',
  defaultExpectedKwh: '200',
} as unknown as ExceptionPolicy

function doubt(account: string, day: number, expectedKwh: bigint): OpenException {
  const readAt = beijing.startOfDay('2026-07-01') + day * dayMs
  return {
    exceptionKey: `held_reading/${account}/${day}`,
    code: `${account}-${day}`,
    kind: 'held_reading',
    ordinal: 1,
    rules: ['decrease'],
    detail: '',
    openedAt: now,
    deadline: now,
    meterId: 1n,
    meterCode: `meter-${account}`,
    quantity: 1,
    readAt,
    accountCode: account,
    periodStart: null,
    usagePointId: 1n,
    usagePointCode: 'point',
    supplyAddress: 'road',
    areaCode: 'area',
    timeZone: 'Asia/Shanghai',
    crewCode: 'crew',
    manager: null,
    priceE8: 100_000_000n,
    expectedEnergyE4: expectedKwh * 10_000n,
    waitingDecision: null,
    waitingAction: null,
    holdUntil: null,
    rejected: false,
    fieldOrderId: null,
    seenRevision: 1,
  }
}

t.test('a bill with thirty doubts comes no earlier, and counts no more, than with one', async (t) => {
  const many = Array.from({ length: 30 }, (_, index) => doubt('a', index + 1, 100n))
  const rows = ranked([...many, doubt('b', 5, 120n), doubt('c', 5, 80n)], policy, now)
  t.same(
    rows.filter(({ isCountedAbove }) => !isCountedAbove).map(({ accountCode }) => accountCode),
    ['b', 'a', 'c'],
  )
  t.equal(
    rows.findIndex(({ accountCode }) => accountCode === 'c'),
    31,
    'what puts one bill at risk stands together',
  )
  t.match(grouped(rows, 'crew'), [{ group: 'crew', open: 32, riskFen: 60_00n + 50_00n + 40_00n }])
  t.match(grouped(rows, 'rule'), [{ group: 'decrease', open: 32, riskFen: 150_00n }])
  t.match(groupedText(grouped(rows, 'rule'), 'rule', allAtRisk(rows)), /合计风险 all of them ¥150\.00/)
  t.equal(listText(rows).split('已计入上列').length - 1, 29)
})
