import type { ComponentTariff } from '../../tariffs/components/tariff-schema.js'
import { instantOf } from '../usage/local-time.js'
import type { DayMap } from './day-map.js'
import { laySeries } from './lay-series.js'

/** The versions of the first bill, each in force on the days of the second that stand at the place of its own. What a version says stays as it is. */
export function layTariff(map: DayMap, tariff: ComponentTariff): ComponentTariff {
  if (map.isIdentity) return tariff
  const versions = tariff.versions.map((version, index) => {
    const path = `tariff.versions.${index}`
    const validTo = version.validTo === undefined ? undefined : map.text(version.validTo, `${path}.validTo`)
    const validFrom = map.text(version.validFrom, `${path}.validFrom`)
    return { ...version, validFrom, validTo, series: laySeries(map, version.series) }
  })
  const at = (text: string) => instantOf(map.calendar, text, 'tariff.versions')
  return {
    ...tariff,
    versions: versions.filter(({ validFrom, validTo }) => validTo === undefined || at(validFrom) < at(validTo)),
  }
}

/**
 * The same tariff for quantities that were not read for it: where a reading or an interval does not stop at one of its changes, it is shared by
 * time. Nothing that could be rated before is rated otherwise.
 */
export function sharingByTime(tariff: ComponentTariff): ComponentTariff {
  return {
    ...tariff,
    versions: tariff.versions.map((version) => ({ ...version, unread: 'by_days', straddling: 'by_time' })),
  }
}
