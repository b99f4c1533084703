import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Component } from '../../../billing/tariffs/components/component-schema.js'
import { cellAt } from '../../../billing/tariffs/components/evidence-schema.js'
import { parseComponentTariff } from '../../../billing/tariffs/components/parse-document.js'
import type { ComponentTariff, TariffVersion } from '../../../billing/tariffs/components/tariff-schema.js'
import { invariant } from '../../../domain/result.js'
import { checkoutRoot } from '../../architecture/source-files.js'

/** A published price file of a province. */
export interface PriceFile {
  readonly province: string
  /** Name of the file without its ending. */
  readonly name: string
  readonly tariff: ComponentTariff
}

const folder = join(checkoutRoot, 'billing', 'tariffs', 'provinces')

/** All of them, provinces and files in order of name. */
export function priceFiles(): readonly PriceFile[] {
  return readdirSync(folder)
    .sort()
    .flatMap((province) =>
      readdirSync(join(folder, province))
        .sort()
        .map((file) => readPriceFile(province, file.replace(/\.json$/, ''))),
    )
}

export function readPriceFile(province: string, name: string): PriceFile {
  const parsed = parseComponentTariff(JSON.parse(readFileSync(join(folder, province, `${name}.json`), 'utf8')))
  invariant(parsed.ok, `${name}: ${parsed.ok ? '' : JSON.stringify(parsed.error.defects)}`)
  return { province, name, tariff: parsed.value }
}

/** A part of a price file that is charged or decides what is: a price, a bound, a table. */
export interface Cell {
  readonly path: string
  readonly value: unknown
}

const chargedCells =
  /^(price|prices\.\w+|percent|amount|table|model\.(price|prices\.\w+|blocks\.\d+\.(upTo|price|flat)))$/

export function cellsOf(component: Component): readonly Cell[] {
  return pathsOf(component, '')
    .filter((path) => chargedCells.test(path))
    .map((path) => ({ path, value: cellAt(component, path) }))
}

/** The numbers of a cell that an expression would take, and the cells it lacks; what a condition asks is none of them. */
export function leavesOf({ path, value }: Cell): readonly Cell[] {
  if (!isNode(value) || value['op'] === 'absent' || path.endsWith('table')) return [{ path, value }]
  return Object.entries(value)
    .filter(([key]) => key === 'of' || key === 'yes' || key === 'no' || /^\d+$/.test(key))
    .flatMap(([key, inner]) => leavesOf({ path: `${path}.${key}`, value: inner }))
}

export function isAbsent(value: unknown): value is { readonly op: 'absent'; readonly reason: string } {
  return isNode(value) && value['op'] === 'absent'
}

/** Cells for which no source was found, with the place and the reason. */
export function absentCells(component: Component): readonly { readonly path: string; readonly reason: string }[] {
  return cellsOf(component)
    .flatMap(leavesOf)
    .flatMap(({ path, value }) => (isAbsent(value) ? [{ path, reason: value.reason }] : []))
}

/** Cells that say neither where they stand nor that they are absent. */
export function cellsWithoutSource({ evidence = {}, ...component }: Component): readonly string[] {
  if (component.source !== undefined && component.grade !== undefined) return []
  return cellsOf(component)
    .flatMap(leavesOf)
    .filter(({ value }) => !isAbsent(value))
    .map(({ path }) => path)
    .filter((path) => !Object.keys(evidence).some((cell) => path === cell || path.startsWith(`${cell}.`)))
}

/** Versions with an entry of the version for their own cells and one for each component. */
export function componentsOf({
  tariff,
}: PriceFile): readonly { readonly version: TariffVersion; readonly component: Component }[] {
  return tariff.versions.flatMap((version) => version.components.map((component) => ({ version, component })))
}

function pathsOf(node: unknown, path: string): readonly string[] {
  if (!isNode(node)) return [path]
  const here = path === '' ? [] : [path]
  return [
    ...here,
    ...Object.entries(node).flatMap(([key, inner]) => pathsOf(inner, path === '' ? key : `${path}.${key}`)),
  ]
}

function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object'
}
