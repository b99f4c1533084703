import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkoutRoot } from '../architecture/source-files.js'

const script = join(checkoutRoot, 'scripts', 'refresh-readme.mjs')
const hash = 'a'.repeat(64)
const readme = `before\n<!-- demo-output:begin -->\nresult hash ${hash}\n<!-- demo-output:end -->\nafter\n`
const sections = [
  'Meter reading\n┌┐\n└┘',
  'Lines\n┌┐\n└┘',
  'Billing\n┌┐\n└┘\nledger',
  'Dunning\n┌┐\n└┘',
  'Proof of bill\n    line-1 #996 dlt645_2007\n    → 68',
]

function demo(resultHash: string): string {
  return [...sections, `Compared with the simulator’s truth\n┌┐\nresult hash ${resultHash}`].join('\n\n')
}

function refresh(t: { readonly testdir: (files: Record<string, string>) => string }, input: string, ...args: string[]) {
  const folder = t.testdir({ 'README.md': readme })
  const { status, stderr } = spawnSync(process.execPath, [script, folder, ...args], { input, encoding: 'utf8' })
  return { status, stderr, text: readFileSync(join(folder, 'README.md'), 'utf8') }
}

t.test('the demo’s words go into the README, without what npm says and without frame numbers', async (t) => {
  const { status, stderr, text } = refresh(
    t,
    `\n> shuangwu@0.1.0 demo\n> node build/console/main.js demo\n\n${demo(hash)}\n`,
  )
  t.match({ status, stderr }, { status: 0, stderr: '' })
  t.match(text, /^before\n[\s\S]*Meter reading\n┌┐\n└┘\n\nBilling\n┌┐\n└┘\n\nDunning[\s\S]*after\n$/)
  t.match(text, /line-1 #… dlt645_2007/)
  t.notMatch(text, /Lines|ledger|npm|shuangwu@/)
})

t.test('what is not the demo’s output of this README is refused in one line', async (t) => {
  for (const [input, says] of [
    ['', /nothing came/],
    ['\n> shuangwu@0.1.0 demo\n', /nothing came/],
    ['Meter reading\n', /expected 5 sections/],
    [demo('b'.repeat(64)), /another run than the one in README\.md/],
  ] as const) {
    const { status, stderr, text } = refresh(t, input)
    t.equal(status, 2)
    t.match(stderr, says)
    t.equal(stderr.trimEnd().split('\n').length, 1)
    t.equal(text, readme)
  }
  t.equal(refresh(t, demo('b'.repeat(64)), '--new-hash').status, 0)
})
