import t from 'tap'
import { type SourceFile, sourceFiles } from '../architecture/source-files.js'

const fewestRefusals = 250
const sources = sourceFiles(['domain', 'headend', 'mdm', 'billing', 'dunning', 'storage', 'console'])

/** What follows the code in each `new UserError(…)`. */
function refusalsIn({ text }: SourceFile): readonly string[] {
  return [...text.matchAll(/new UserError\(\s*'\w+',/g)].map(({ index, 0: head }) => {
    let depth = 1
    let end = index + head.length
    for (; depth > 0 && end < text.length; end += 1) {
      if (text[end] === '(') depth += 1
      if (text[end] === ')') depth -= 1
    }
    return text.slice(index + head.length, end - 1)
  })
}

/** Words of ours, not of what is put in. */
function isProse(refusal: string): boolean {
  const literals = refusal.match(/`(?:[^`\\]|\\.)*`|'(?:[^'\\]|\\.)*'/g) ?? []
  return literals.some((literal) => /[a-z]{2,} [a-z]{2,}/.test(literal.replaceAll(/\$\{[^}]*\}/g, '')))
}

t.test('whatever a refusal says in English it says in Chinese as well', async (t) => {
  const refusals = sources.flatMap(refusalsIn)
  t.ok(refusals.length >= fewestRefusals, `${refusals.length} refusals`)
  t.same(
    refusals.filter((refusal) => isProse(refusal) && !/\p{Script=Han}/u.test(refusal)),
    [],
  )
})

t.test('the rule tells prose from names', async (t) => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['`${file}: ${reason}`', false],
    ['`no meter ${code} hangs on a line`', true],
    ["'总账不平 the ledger does not balance'", true],
    ['what, { reason }', false],
  ]
  for (const [text, expected] of cases) t.equal(isProse(text), expected, text)
})
