import type { PowerFactorAdviceDocument } from '../../billing/rating/advice/advice-document.js'
import { textTable } from '../cli/table.js'

/** What a better power factor is worth, for whoever advises a customer. */
export function adviceText({ start, end, tariff, currency, reactive, now, steps }: PowerFactorAdviceDocument): string {
  return [
    `${start} – ${end}  ${tariff}`,
    `功率因数 power factor ${now.powerFactor}，力调 adjustment ${now.adjustment}，账单 bill ${now.total} ${currency}；无功 reactive energy ${reactive.kvarh} kvarh`,
    steps.length === 0
      ? '再提高功率因数，账单不变 a better power factor would not change the bill'
      : textTable(
          [
            '功率因数 power factor',
            '少用无功 kvarh less',
            '平均 mean kvar',
            '力调 adjustment',
            '账单 bill',
            '节省 saving',
          ],
          steps.map(({ powerFactor, lessKvarh, meanKvar, adjustment, total, saving }) => [
            powerFactor,
            lessKvarh,
            meanKvar,
            adjustment,
            total,
            saving,
          ]),
        ),
  ].join('\n')
}
