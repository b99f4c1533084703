import { isLocalDate } from '../../../domain/time.js'
import { scaledUnit } from '../../../domain/unit-scale.js'
import type { Component } from './component-schema.js'
import { ended } from './succession.js'
import type { ComponentTariff } from './tariff-schema.js'

/** What offline rating can do without and a run cannot; `where` is the place in the file. */
export interface RunDefect {
  readonly kind:
    | 'posting_missing'
    | 'validity_within_a_day'
    | 'validity_empty'
    | 'tariff_gap'
    | 'tariff_overlap'
    | 'offline_only'
    | 'series_unknown'
    | 'unit_differs'
  readonly where: string
  readonly message: string
}

/** A tariff that runs bill by says how its bills are booked, and changes at local midnights, from one version to the next one. */
export function checkForRuns({ versions }: ComponentTariff): readonly RunDefect[] {
  return [...checkVersions(versions), ...checkTimeline(versions)]
}

/** Each version begins on the day on which the one before ends. */
function checkTimeline(versions: ComponentTariff['versions']): readonly RunDefect[] {
  const inOrder = ended(versions)
    .map(({ validFrom, validTo }, index) => ({ validFrom, validTo, where: `versions.${index}.validFrom` }))
    .toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
  return inOrder.slice(1).flatMap(({ validFrom, where }, index): readonly RunDefect[] => {
    const endOfLast = inOrder[index]?.validTo
    if (endOfLast === validFrom) return []
    return endOfLast !== undefined && endOfLast < validFrom
      ? [{ kind: 'tariff_gap', where, message: `the version before ended on ${endOfLast}` }]
      : [
          {
            kind: 'tariff_overlap',
            where,
            message: `the version before is in force to ${endOfLast ?? 'further notice'}`,
          },
        ]
  })
}

function checkVersions(versions: ComponentTariff['versions']): readonly RunDefect[] {
  return versions.flatMap(({ posting, validFrom, validTo, components, series }, index): readonly RunDefect[] => {
    const where = `versions.${index}`
    const withinDay = Object.entries({ validFrom, validTo }).filter(
      ([, text]) => text !== undefined && !isLocalDate(text),
    )
    return [
      ...(posting === undefined
        ? [
            {
              kind: 'posting_missing',
              where: `${where}.posting`,
              message: 'say how its bills are booked: tax, funds',
            } as const,
          ]
        : []),
      ...withinDay.map(
        ([key]): RunDefect => ({
          kind: 'validity_within_a_day',
          where: `${where}.${key}`,
          message: 'versions in the database change at local midnight: a day YYYY-MM-DD',
        }),
      ),
      ...components.flatMap((component, position) =>
        isOfflineOnly(component)
          ? [
              {
                kind: 'offline_only',
                where: `${where}.components.${position}`,
                message: 'runs know no events, and carry no money from bill to bill',
              } as const,
            ]
          : [],
      ),
      ...components.flatMap((component, position) =>
        asksSeries(component, series)
          ? [
              {
                kind: 'series_unknown',
                where: `${where}.components.${position}.model.series`,
                message: 'runs take prices by interval from the version alone, and it has none of that name',
              } as const,
            ]
          : [],
      ),
      ...components.flatMap((component, position) =>
        isThousandfold(component)
          ? [
              {
                kind: 'unit_differs',
                where: `${where}.components.${position}.unit`,
                message: `runs charge kWh, kvarh, kW and kvar: convert into ${component.unit}`,
              } as const,
            ]
          : [],
      ),
      ...(validTo !== undefined && validTo <= validFrom
        ? [{ kind: 'validity_empty', where: `${where}.validTo`, message: 'a version ends after it begins' } as const]
        : []),
    ]
  })
}

function isOfflineOnly(component: Component): boolean {
  if (component.kind === 'minimum' || component.kind === 'maximum') return component.scope !== undefined
  return component.kind === 'credit' || (component.kind === 'usage' && component.model.kind === 'per_event')
}

/** Whether a component asks for prices by interval that the version does not give. */
function asksSeries(component: Component, series: readonly { readonly name: string }[]): boolean {
  if (component.kind !== 'usage' || component.model.kind !== 'interval_prices') return false
  const asked = component.model.series
  return !series.some(({ name }) => name === asked)
}

/** Whether a component charges by MWh, or the like, what runs know in kWh, and does not convert it. */
function isThousandfold(component: Component): component is Component & { kind: 'usage' } {
  if (component.kind !== 'usage' || component.convert !== undefined || typeof component.quantity !== 'string')
    return false
  const unit = scaledUnit(component.unit)
  return unit !== null && unit.prefix !== 'k'
}
