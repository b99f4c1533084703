import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { checkoutRoot, sourceFolders } from '../architecture/source-files.js'

const documents = ['.', 'docs', 'docs/adr', ...sourceFolders]
  .flatMap((folder) => readdirSync(join(checkoutRoot, folder)).map((name) => join(folder, name)))
  .filter((path) => path.endsWith('.md'))
const fewestDocuments = 25
const fewestReferences = 100

interface Reference {
  readonly from: string
  readonly to: string
}

/** Targets of links, from the document; files and folders named in code font, from the checkout. */
function referencesIn(document: string): readonly Reference[] {
  const text = readFileSync(join(checkoutRoot, document), 'utf8')
  const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '')
  const named = [...text.matchAll(/`((?:[a-z0-9-]+\/)+(?:[\w.-]+\.(?:ts|mjs|sh|json|sql|md|svg))?)`/g)].map(
    (match) => match[1] ?? '',
  )
  return [
    ...links
      .filter((link) => !/^[a-z]+:/.test(link))
      .map((link) => ({ from: document, to: join(dirname(document), link) })),
    ...named.filter((path) => isOurs(path)).map((path) => ({ from: document, to: path })),
  ]
}

/** A name such as `policy/` in a folder's own README is relative to that folder and not looked at. */
function isOurs(path: string): boolean {
  const folder = path.slice(0, path.indexOf('/'))
  return ['docs', 'scripts', ...sourceFolders].includes(folder)
}

t.test('every file that a document names is there', async (t) => {
  const references = documents.flatMap(referencesIn)
  t.ok(documents.length >= fewestDocuments, `${documents.length} documents`)
  t.ok(references.length >= fewestReferences, `${references.length} references`)
  t.same(
    references.filter(({ to }) => !existsSync(join(checkoutRoot, to))),
    [],
  )
})
