import { beijing } from '../../domain/time.js'
import type { OpeningContradiction } from '../../storage/registry/opening-contradictions.js'
import { UserError } from '../../domain/errors.js'
import type { Io } from '../cli/io.js'
import { localInstants } from '../cli/local-instants.js'
import { textTable } from '../cli/table.js'

/** More are counted as more. */
export const mostContradictions = 1000
const mostShown = 20

const kindWords: Readonly<Record<string, string>> = {
  register: '示数',
  ladder: '阶梯',
  demand: '需量',
  estimate: '估抄',
  prepaid: '预存',
  arrear: '欠费',
  as_of: '起始时刻',
}

/** What can be done: a batch in force stays, because its money is booked and first bills begin with it. */
const wayOut =
  '已生效批次不能撤回：去掉这些户，以另一批次号重新导入后再批准；若错在已生效的一批，更正其首张账单 a batch in force stays: import this one under another code without these accounts; what is wrong in the one in force is put right with the first bill'

/** Both values of each account that a waiting batch and one in force speak of. */
function contradictionsText(found: readonly OpeningContradiction[]): string {
  const count = found.length < mostContradictions ? String(found.length) : `${mostContradictions}+`
  return [
    `与已生效期初相抵触 ${count} 处 contradictions with what is in force:`,
    textTable(
      ['户号 account', '内容 of', '本批 this batch', '说 says', '已生效批次 in force', '说 says'],
      found
        .slice(0, mostShown)
        .map(({ batch, account, kind, named, said, otherBatch, otherSaid }) => [
          account,
          [kindWords[kind] ?? '', kind, named].filter((part) => part !== '').join(' '),
          batch,
          localInstants(said, beijing),
          otherBatch,
          localInstants(otherSaid, beijing),
        ]),
    ),
    ...(found.length > mostShown ? [`… 另 ${found.length - mostShown} 处 more`] : []),
    wayOut,
  ].join('\n')
}

/** Says nothing where there is none. */
export function sayContradictions(io: Io, found: readonly OpeningContradiction[]): void {
  if (found.length > 0) io.out(contradictionsText(found))
}

export function openingsJson(found: readonly OpeningContradiction[]): object {
  return found.length === 0 ? {} : { openingContradictions: found }
}

/** @throws UserError refused while a batch contradicts what is in force. */
export function refuseContradicting(code: string, [first, ...more]: readonly OpeningContradiction[]): void {
  if (first === undefined) return
  const { account, kind, said, otherBatch, otherSaid } = first
  const what = `${account} ${kindWords[kind] ?? ''} ${kind}`
  const others = more.length === 0 ? '' : `，另 ${more.length} 处 more`
  throw new UserError(
    'refused',
    `${code}: 与已生效批次 ${otherBatch} 相抵触，不能批准 contradicts what is in force: ${what}: ${localInstants(said, beijing)} ≠ ${localInstants(otherSaid, beijing)}${others}；${wayOut}`,
    { reason: 'opening_contradicts' },
  )
}
