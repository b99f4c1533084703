import { formatScaled } from '../../domain/scaled.js'
import { calendarFor, type Instant, localMinute } from '../../domain/time.js'
import type { ChangeSinceFreeze } from '../../storage/mdm/changes-since-freeze.js'
import {
  alsoOther,
  billedDifferenceJson,
  differenceE4,
  nowText,
  signed,
} from '../determinants/billed-difference-text.js'
import type { CorrectionDue } from './correction-due.js'

/** What stands below a bill that is no longer right; nothing where it is. */
export function correctionDueText(due: CorrectionDue | null): readonly string[] {
  if (due === null) return []
  const { difference, billedSet, lastSet, changes, timeZone } = due
  const minute = (instant: Instant) => localMinute(calendarFor(timeZone), instant)
  const why = changes.map((change) => `  ${changeText(change, minute)}`)
  if (difference === null)
    return [
      '! 账单所据有变更，尚未重新冻结：或须出更正账单 what the bill rests on was changed and is not frozen anew yet: a correction may be due',
      ...why,
    ]
  const also = alsoOther(difference)
  return [
    `! 须出更正账单 a correction of this bill is due：依据集 set ${billedSet} → 现行集 the last set ${lastSet}`,
    `  已开 billed ${formatScaled(difference.billedE4, 4)} kWh → 现为 now ${nowText(difference)}，差 difference ${signed(differenceE4(difference))} kWh${also.length === 0 ? '' : `；另有 and ${also.join('、')}`}`,
    why.length === 0
      ? '  缘由：无变更、更正或处理记录，见 determinants show no change, correction or decision is on record; see determinants show'
      : '  缘由 why:',
    ...why.map((line) => `  ${line}`),
  ]
}

/** For programs; null where the bill is right. */
export function correctionDueJson(due: CorrectionDue | null): object | null {
  if (due === null) return null
  const iso = (instant: Instant) => new Date(instant).toISOString()
  return {
    billedSet: String(due.billedSet),
    lastSet: String(due.lastSet),
    frozenAnew: due.difference !== null,
    difference: due.difference === null ? null : billedDifferenceJson(due.difference),
    changes: due.changes.map(({ at, tookEffectAt, ...change }) => ({
      ...change,
      at: at === null ? null : iso(at),
      tookEffectAt: iso(tookEffectAt),
    })),
  }
}

const whatWords: Readonly<Record<ChangeSinceFreeze['what'], string>> = {
  correction: '档案更正 correction of',
  decision: '异常处理 decision',
  exchange: '换表 exchange',
  change: '变更 change of',
  opening: '期初批次 opening batch',
}

function changeText(change: ChangeSinceFreeze, minute: (instant: Instant) => string): string {
  const { what, kind, object, at, reason, document, author, approver, tookEffectAt } = change
  return [
    minute(tookEffectAt),
    [whatWords[what], kind, object].filter((word) => word !== null).join(' '),
    ...(at === null ? [] : [`@ ${minute(at)}`]),
    `· ${reason}${document === '' ? '' : `（${document}）`} · ${author}${approver === null ? '' : ` + ${approver}`}`,
  ].join(' ')
}
