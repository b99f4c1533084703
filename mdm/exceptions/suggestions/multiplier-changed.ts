import { dayMs } from '../../../domain/time.js'
import { isUsual, type SuggestionRule } from './suggestion.js'

/** Usage below this share of the usual is as strange as one above it. */
const leastShare = 3n

/** Usage left its history when the multiplier changed: the ratio in the registry, or the transformers, are not what they should be. */
export const multiplierChanged: SuggestionRule = ({
  kind,
  readAt,
  claims,
  before,
  usualE4PerDay,
  multiplierChangedAt,
}) => {
  if (multiplierChangedAt === null) return null
  const [claim, previous] = [claims[0], before[0]]
  const isReading = readAt !== null && claim !== undefined && previous !== undefined && usualE4PerDay !== null
  if (!isReading && kind !== 'determinant_hold') return null
  if (isReading) {
    const [deltaE4, elapsedMs] = [claim.totalE4 - previous.totalE4, readAt - previous.readAt]
    const tooLittle = deltaE4 * BigInt(dayMs) * leastShare < usualE4PerDay * BigInt(elapsedMs)
    if (isUsual(deltaE4, elapsedMs, usualE4PerDay) && !tooLittle) return null
  }
  return {
    name: 'multiplier_changed',
    action: isReading ? 'field_order' : 'hold',
    zh: '倍率变更后用电量与历史不符；核对互感器铭牌与档案倍率',
    en: 'usage left its history when the multiplier changed: compare the transformers with the registry',
  }
}
