// Puts the demo's own words into the README of their language, shortened; run it with --lang en and with --lang zh-CN:
// node build/console/main.js --lang en demo --exit | node scripts/refresh-readme.mjs [FOLDER] [--new-hash]
// It takes the run with the seed of the README alone, which it knows by its result hash; --new-hash says that the result has changed.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const args = process.argv.slice(2)
const takesNewHash = args.includes('--new-hash')
const root = args.find((arg) => !arg.startsWith('--')) ?? dirname(dirname(fileURLToPath(import.meta.url)))
const width = 110
const shownSections = ['Meter reading', 'Billing', 'Dunning', 'Proof of bill', 'truth']
const chinese = { file: 'README.zh-CN.md', introduction: '种子为 42 时打印如下（有删节）：' }
const english = { file: 'README.md', introduction: 'What it prints with the seed 42 (shortened):' }
const resultHash = /result hash ([0-9a-f]{64})/

// npm prints what it runs before the program says anything.
const said = readFileSync(0, 'utf8')
  .replaceAll(/^> .*\n/gm, '')
  .trim()
if (said === '') refuse('expected the output of the demo on stdin, and nothing came')
const sections = said.split(/\n\n+/)
const titleOf = (section) => section.split('\n')[0]
const shown = sections.filter((section) => shownSections.some((title) => titleOf(section).includes(title)))
if (shown.length !== shownSections.length)
  refuse(`expected ${shownSections.length} sections of the demo's output, found ${shown.length}`)

const { file, introduction } = /\p{Script=Han}/u.test(titleOf(shown[0])) ? chinese : english
const path = join(root, file)
const readme = readFileSync(path, 'utf8')
const known = resultHash.exec(readme)?.[1]
const found = resultHash.exec(said)?.[1]
if (found === undefined) refuse('expected a result hash in the output of the demo')
if (found !== known && !takesNewHash)
  refuse(
    `another run than the one in ${file}: result hash ${found}, not ${known}; the seed is 42 (--new-hash takes it)`,
  )

const text = shown.map(withoutLedger).join('\n\n').split('\n').map(withoutNumber).map(shortened).join('\n')
const block = `<!-- demo-output:begin -->\n\n${introduction}\n\n\`\`\`text\n${text}\n\`\`\`\n\n<!-- demo-output:end -->`
writeFileSync(
  path,
  readme.replace(/<!-- demo-output:begin -->[\s\S]*<!-- demo-output:end -->/, () => block),
)

function refuse(reason) {
  process.stderr.write(`refresh-readme: ${reason}\n`)
  process.exit(2)
}

/** The trial balance is long, and `ledger trial-balance` shows it. */
function withoutLedger(section) {
  return titleOf(section).includes('Billing') ? section.slice(0, section.indexOf('┘') + 1) : section
}

/** Lines draw their frame numbers from one sequence as they come to it, so they differ between runs (ADR 0012). */
function withoutNumber(line) {
  return line.replace(/ #\d+(?= dlt645_2007$)/, ' #…')
}

function shortened(line) {
  return line.length > width && /[→←]/.test(line) ? `${line.slice(0, width)} …` : line
}
