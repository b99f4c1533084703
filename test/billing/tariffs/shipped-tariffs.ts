import { readFileSync } from 'node:fs'
import { invariant } from '../../../domain/result.js'
import { parseTariff } from '../../../billing/tariffs/parse-tariff.js'
import { type Tariff, toTariff } from '../../../billing/tariffs/tariff.js'
import type { TariffDocument } from '../../../billing/tariffs/tariff-document.js'

export const shippedCodes = [
  'sd-residential-tou',
  'sd-residential',
  'sd-residential-shared',
  'hb-commercial-single-lv',
] as const

export function shippedJson(code: (typeof shippedCodes)[number]): unknown {
  return JSON.parse(readFileSync(new URL(`../../../billing/tariffs/${code}.json`, import.meta.url), 'utf8'))
}

export function shippedDocument(code: (typeof shippedCodes)[number]): TariffDocument {
  const parsed = parseTariff(shippedJson(code))
  invariant(parsed.ok, `${code} is a sound tariff`)
  return parsed.value
}

export function shippedTariff(code: (typeof shippedCodes)[number]): Tariff {
  return toTariff(shippedDocument(code))
}
