// Puts the demo's own words into the README of their language, shortened; run it with --lang en and with --lang zh-CN:
// node build/console/main.js --lang en demo --exit | node scripts/refresh-readme.mjs
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const width = 110
const shownSections = ['Meter reading', 'Billing', 'Dunning', 'Proof of bill', 'truth']
const chinese = { file: 'README.zh-CN.md', introduction: '种子为 42 时打印如下（有删节）：' }
const english = { file: 'README.md', introduction: 'What it prints with the seed 42 (shortened):' }

const sections = readFileSync(0, 'utf8').trim().split(/\n\n/)
const titleOf = (section) => section.split('\n')[0]
const shown = sections.filter((section) => shownSections.some((title) => titleOf(section).includes(title)))
if (shown.length !== shownSections.length)
  throw new Error(`expected ${shownSections.length} sections, found ${shown.length}`)
const text = shown.map(withoutLedger).join('\n\n').split('\n').map(shortened).join('\n')

const { file, introduction } = /\p{Script=Han}/u.test(titleOf(shown[0])) ? chinese : english
const path = join(root, file)
const block = `<!-- demo-output:begin -->\n\n${introduction}\n\n\`\`\`text\n${text}\n\`\`\`\n\n<!-- demo-output:end -->`
writeFileSync(
  path,
  readFileSync(path, 'utf8').replace(/<!-- demo-output:begin -->[\s\S]*<!-- demo-output:end -->/, () => block),
)

/** The trial balance is long, and `ledger trial-balance` shows it. */
function withoutLedger(section) {
  return titleOf(section).includes('Billing') ? section.slice(0, section.indexOf('┘') + 1) : section
}

function shortened(line) {
  return line.length > width && /[→←]/.test(line) ? `${line.slice(0, width)} …` : line
}
