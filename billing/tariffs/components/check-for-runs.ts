import { isLocalDate } from '../../../domain/time.js'
import type { Component } from './component-schema.js'
import type { ComponentTariff } from './tariff-schema.js'

/** What offline rating can do without and a run cannot; `where` is the place in the file. */
export interface RunDefect {
  readonly kind: 'posting_missing' | 'validity_within_a_day' | 'validity_empty' | 'offline_only'
  readonly where: string
  readonly message: string
}

/** A tariff that runs bill by says how its bills are booked, and changes at local midnights. */
export function checkForRuns({ versions }: ComponentTariff): readonly RunDefect[] {
  return versions.flatMap(({ posting, validFrom, validTo, components }, index): readonly RunDefect[] => {
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
              message: '缺少记账规则 say how its bills are booked: tax, funds',
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
                message: '批量计费不支持 runs know no events, and carry no money from bill to bill',
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
