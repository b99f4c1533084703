import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkoutRoot, sourceFiles } from '../architecture/source-files.js'
import { failureNames, namesInProse } from './failure-names.js'

const registry = readFileSync(join(checkoutRoot, 'docs', 'errors.md'), 'utf8')
const listed = [...registry.matchAll(/^\| `([^`]+)`\s*\|/gm)].map((match) => match[1] ?? '')
const sources = sourceFiles([
  'domain',
  'protocols',
  'headend',
  'mdm',
  'billing',
  'dunning',
  'storage',
  'console',
  'simulators',
])
const found = failureNames(sources)
const fewestNames = 40

t.test('every kind and code of the sources is in docs/errors.md', async (t) => {
  t.ok(found.length >= fewestNames, `${found.length} names found`)
  t.same(
    found.filter(({ name }) => !listed.includes(name)),
    [],
  )
})

t.test('every name in docs/errors.md is in the sources, once, in snake_case', async (t) => {
  const names = new Set(found.map(({ name }) => name))
  t.same(
    listed.filter((name) => !names.has(name)),
    [],
  )
  t.same(
    listed.filter((name, index) => listed.indexOf(name) !== index),
    [],
  )
  t.same(
    listed.filter((name) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)),
    [],
  )
})

t.test('the rule finds names wherever the sources declare them', async (t) => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [
      `export const failureCauses = [\n  /** It's down. */\n  'line_down',\n  'no_reply',\n] as const\n`,
      ['line_down', 'no_reply'],
    ],
    [`const exitCodes = {\n  refused: 1,\n  not_found: 1,\n} as const\n`, ['refused', 'not_found']],
    [`export type HoldCode = 'a_code' | 'b_code'\n`, ['a_code', 'b_code']],
    [
      `export type FrameError =\n  | { readonly kind: 'too_short' }\n  | { readonly kind: 'too_long'; readonly length: number }\n\n`,
      ['too_short', 'too_long'],
    ],
    [
      `export interface LineError {\n  readonly kind:\n    | 'a_defect'\n    | 'b_defect'\n  readonly where: string\n}\n`,
      ['a_defect', 'b_defect'],
    ],
    [`return err({ kind: 'register_decreased' })\n`, ['register_decreased']],
    [`throw new UserError('refused', \`\${who} reviewed it\`, { reason: 'four_eyes' })\n`, ['four_eyes']],
    [`rejected.push({ reason: 'stamp_out_of_range', payload })\n`, ['stamp_out_of_range']],
    [`record({ kind: 'failed', detail: 'not_taken' })\n`, ['not_taken']],
    [`record({ reason: 'registry import', detail: '' })\n`, []],
    [
      `export interface ChangeRefused {\n  readonly kind: 'change_refused'\n  readonly code:\n    | 'not_installed'\n    | 'no_agreement'\n  readonly reason: string\n}\n`,
      ['change_refused', 'not_installed', 'no_agreement'],
    ],
    [`export type LineProblem = 'not_owner'\n`, ['not_owner']],
    [`): Result<bigint, { readonly kind: 'this' | 'that' }> {\n`, ['this', 'that']],
    [`export type Outcome = { readonly kind: 'stored' }\n// err({ kind: 'only_a_comment' })\n`, []],
  ]
  for (const [text, expected] of cases)
    t.same(
      failureNames([{ path: 'x.ts', text }]).map(({ name }) => name),
      expected,
      text,
    )
})

t.test('a UserError gives its reason a field, not a place in its prose', async (t) => {
  t.same(
    sources.filter(({ text }) => namesInProse(text).length > 0).map(({ path }) => path),
    [],
  )
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["new UserError('refused', `four_eyes: ${actor} may not`)", ['four_eyes']],
    ["new UserError(\n  'refused',\n  'tariff_gap: none',\n)", ['tariff_gap']],
    ["new UserError('refused', `${actor} may not`, { reason: 'four_eyes' })", []],
    ["new UserError('bad_input', `tariff refused: ${defects}`)", []],
    ["// new UserError('refused', 'tariff_gap: none')", []],
  ]
  for (const [text, expected] of cases) t.same(namesInProse(text), expected, text)
})
