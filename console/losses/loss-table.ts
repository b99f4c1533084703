import type { AreaLossFigures } from '../../storage/mdm/area-losses.js'
import { textTable } from '../cli/table.js'
import type { LossLevel, LossRow } from './loss-rows.js'

export const verdictWords: Readonly<Record<AreaLossFigures['verdict'], string>> = {
  in_band: '合格',
  negative: '负损',
  above: '高损',
  incomplete: '售电侧缺数',
  unknown: '供电量不明',
}

export function lossTable(by: LossLevel, rows: readonly LossRow[]): string {
  return textTable(
    [
      by === 'area' ? '台区 area' : '单位 organisation',
      '供电量 supply kWh',
      '上网 fed in kWh',
      '售电量 sold kWh',
      '线损 loss kWh',
      '线损率 loss %',
      '售电估算 sold estimated %',
      '缺数户 missing',
      by === 'area' ? '判定 verdict' : '异常台区 out of band',
    ],
    rows.map((row) => [
      row.name === null ? row.code : `${row.code} ${row.name}`,
      row.supplyKwh ?? '—',
      row.fedInKwh,
      row.soldKwh,
      row.lossKwh ?? '—',
      row.lossPercent ?? '—',
      row.soldEstimatedPercent,
      `${row.missingPoints} / ${row.soldPoints}`,
      row.verdict === null ? `${row.outOfBandAreas} / ${row.areas}` : `${verdictWords[row.verdict]} ${row.verdict}`,
    ]),
  )
}
