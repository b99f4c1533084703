import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'
import { checkoutRoot, sourceFiles, type SourceFile } from './source-files.js'

const everything = ['domain', 'protocols', 'headend', 'mdm', 'billing', 'dunning', 'storage', 'simulators', 'console']

/** Which folders a folder may import, besides itself. Anything not said here is not allowed. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  protocols: ['domain'],
  storage: ['domain'],
  headend: ['domain', 'protocols', 'storage'],
  mdm: ['domain', 'storage'],
  billing: ['domain', 'storage'],
  dunning: ['domain', 'storage'],
  simulators: ['domain', 'protocols'],
  console: everything,
  bench: [...everything, 'bench'],
  test: [...everything, 'bench', 'test'],
}

/** Folders that stand alone on purpose: they check the product and may share nothing with it. */
const alone = ['billing/checker/', 'simulators/truth-check/']
const fewestFiles = 60

interface Import {
  readonly from: string
  readonly specifier: string
}

function importsOf({ path, text }: SourceFile): readonly Import[] {
  const statements = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|import\(\s*'([^']+)'\s*\)/g,
  )
  return [...statements].map((match) => ({ from: path, specifier: match[1] ?? match[2] ?? match[3] ?? '' }))
}

function targetOf({ from, specifier }: Import): string {
  return normalize(join(dirname(from), specifier))
    .replaceAll('\\', '/')
    .replace(/\.js$/, '.ts')
}

const files = sourceFiles()
const imports = files.flatMap(importsOf)
const local = imports.filter(({ specifier }) => specifier.startsWith('.'))

t.test('sees the whole tree', async (t) => {
  t.ok(files.length >= fewestFiles, `${files.length} source files`)
  t.ok(local.length >= fewestFiles, `${local.length} imports between them`)
})

t.test('every relative specifier names a source file', async (t) => {
  t.same(
    local.filter((one) => !existsSync(join(checkoutRoot, targetOf(one)))),
    [],
  )
})

t.test('folders import only in the allowed directions, type-only imports included', async (t) => {
  const folderOf = (path: string) => path.split('/')[0] ?? ''
  const wrong = local.filter((one) => {
    const [from, to] = [folderOf(one.from), folderOf(targetOf(one))]
    return from !== to && !(allowed[from] ?? []).includes(to)
  })
  t.same(wrong, [])
})

t.test('the independent checkers import nothing but Node and themselves', async (t) => {
  const wrong = imports.filter((one) => {
    const home = alone.find((folder) => one.from.startsWith(folder))
    if (home === undefined || one.specifier.startsWith('node:')) return false
    return !(one.specifier.startsWith('.') && targetOf(one).startsWith(home))
  })
  t.same(wrong, [])
})

t.test('there are no import cycles', async (t) => {
  const graph = new Map<string, string[]>()
  for (const one of local) graph.set(one.from, [...(graph.get(one.from) ?? []), targetOf(one)])
  t.same(cyclesIn(graph), [])
})

t.test('only domain/decimal.ts knows decimal.js', async (t) => {
  t.same(
    [...new Set(imports.filter(({ specifier }) => specifier === 'decimal.js').map(({ from }) => from))],
    ['domain/decimal.ts'],
  )
})

function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
    if (done.has(file) || path.includes(file)) return
    for (const next of graph.get(file) ?? []) visit(next, [...path, file])
    done.add(file)
  }
  for (const file of graph.keys()) visit(file, [])
  return cycles
}
