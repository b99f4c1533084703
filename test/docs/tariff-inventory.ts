import { join } from 'node:path'
import { cellAt, grades } from '../../billing/tariffs/components/evidence-schema.js'
import type { TariffVersion } from '../../billing/tariffs/components/tariff-schema.js'
import { checkoutRoot } from '../architecture/source-files.js'
import { absentCells, type PriceFile, priceFiles } from '../billing/tariffs/price-files.js'
import { cellText } from '../../console/rate/cell-text.js'

/** The inventory of price files as `docs/tariffs.md` has to hold it, from the files alone. */
export function generatedTariffInventory(): { readonly path: string; readonly text: string } {
  const files = priceFiles()
  const provinces = [...new Set(files.map(({ province }) => province))]
  return {
    path: join(checkoutRoot, 'docs', 'tariffs.md'),
    text: [introduction, summary(files), ...provinces.map((province) => section(province, files))].join('\n'),
  }
}

const introduction = `# Price files 电价文件

What \`billing/tariffs/provinces/\` holds and what it lacks, generated from the files; do not edit (refresh: \`node build/test/docs/refresh-schemas.js\`).

- Each file is a tariff of components for \`rate\`; a worked example of each is in \`test/fixtures/rating/provinces/\`.
- Present: cells with the place where they stand. Grade: A notice read in full, B notice known through a summary or repost, C textbook, D public software, E weak page, U nothing public says so: our own choice.
- Absent: cells for which no source was found. Nothing is derived or copied from a neighbour; an account that needs one is refused with \`cell_absent\` and the reason below. Where nothing of a class was found, its file says just that.
- The files are not signed; two people of the utility sign a version before it is used. Check cells below grade A against the notice first.
`

interface PresentCell {
  readonly version: string
  readonly component: string
  readonly cell: string
  readonly value: string
  readonly grade: string
  readonly source: string
}

function presentCells({ tariff }: PriceFile): readonly PresentCell[] {
  return tariff.versions.flatMap((version) => [
    ...evidenceRows(version, version.evidence, version, ''),
    ...version.calendars.map(
      ({ name, slots, source = '', grade = '' }): PresentCell => ({
        version: String(version.version),
        component: '',
        cell: `calendar ${name}`,
        value: slots.map(cellText).join('; '),
        grade,
        source,
      }),
    ),
    ...version.components.flatMap((component) => evidenceRows(version, component.evidence, component, component.code)),
  ])
}

function evidenceRows(
  version: TariffVersion,
  evidence: TariffVersion['evidence'],
  of: unknown,
  component: string,
): readonly PresentCell[] {
  return Object.entries(evidence ?? {}).map(([cell, { source, grade, note }]) => ({
    version: String(version.version),
    component,
    cell: cell.replace(/^model\./, ''),
    value: cellText(cellAt(of, cell)),
    grade,
    source: note === undefined ? source : `${source}: ${note}`,
  }))
}

interface AbsentCell {
  readonly version: string
  readonly component: string
  readonly cell: string
  readonly reason: string
}

function absentOf({ tariff }: PriceFile): readonly AbsentCell[] {
  return tariff.versions.flatMap(({ version, components }) =>
    components.flatMap((component) =>
      absentCells(component)
        .filter(() => !component.code.endsWith('_stated'))
        .map(({ path, reason }) => ({
          version: String(version),
          component: component.code,
          cell: path.replace(/^model\./, ''),
          reason,
        })),
    ),
  )
}

function summary(files: readonly PriceFile[]): string {
  const rows = files.map((file) => {
    const present = presentCells(file)
    const priced = present.filter(({ cell }) => pricesAndBounds.test(cell))
    const weakest = grades.findLast((grade) => priced.some((cell) => cell.grade === grade)) ?? ''
    const [first, last] = [file.tariff.versions[0], file.tariff.versions.at(-1)]
    const validity = present.length === 0 ? '' : `${first?.validFrom ?? ''} – ${last?.validTo ?? ''}`
    return [file.province, `\`${file.name}\``, validity, present.length, absentOf(file).length, weakest]
  })
  return table(['province', 'file', 'valid', 'present', 'absent', 'weakest price or bound'], rows)
}

/** The grade of our own choices of rounding says nothing about prices. */
const pricesAndBounds = /^(price|blocks\.\d+\.(upTo|price))/

function section(province: string, files: readonly PriceFile[]): string {
  const own = files.filter((file) => file.province === province)
  return [`## ${own[0]?.tariff.province ?? province}`, '', ...own.map(fileSection)].join('\n')
}

function fileSection(file: PriceFile): string {
  const { zh = '', en = '' } = file.tariff.name ?? {}
  const present = presentCells(file).map((cell) => Object.values<string>({ ...cell }))
  const absent = absentOf(file).map((cell) => Object.values<string>({ ...cell }))
  return [
    `### \`${file.name}\` ${zh} · ${en}`,
    '',
    ...(present.length > 0
      ? ['Present:', '', table(['version', 'component', 'cell', 'value', 'grade', 'source'], present)]
      : []),
    ...(absent.length > 0 ? ['Absent:', '', table(['version', 'component', 'cell', 'reason'], absent)] : []),
  ].join('\n')
}

function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`)
  return `${lines.join('\n')}\n`
}
