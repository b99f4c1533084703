import type { FuzzRandom } from '../fuzz-random.js'
import { appendText, createInput, maxInputBytes } from '../input.js'
import { anyFrame } from './dlt645.js'
import type { Grammar } from './grammar.js'

const scratch = createInput()

/** What no concentrator should send. Everything is text, some of it no JSON. */
const hostileTexts: readonly string[] = [
  'null',
  'true',
  '-0',
  '-1',
  '1.5',
  '1e999',
  '9007199254740993',
  '1e-400',
  '00',
  '0x10',
  'NaN',
  '""',
  '"\\ud800"',
  '"\\u0000"',
  '"\u2028"',
  '[]',
  '{}',
  '[[]]',
  '{"__proto__":{"batch":1}}',
  '{"constructor":{"prototype":{}}}',
  '{"toString":1}',
  '"é𝒳"',
  '"68',
  '"6"',
  '"6g"',
  `"${'A'.repeat(70)}"`,
  '['.repeat(200),
  '{"a":'.repeat(100),
  `${'['.repeat(100)}${']'.repeat(100)}`,
  '1'.repeat(400),
  '"\\',
  ',',
  '\uFEFF{',
]
const keys = ['concentrator', 'batch', 'items', 'frame', '__proto__', 'constructor', 'Batch', '', '\\u0062atch']

/** An upload, right in most places. */
export const uploadText: Grammar = (random, input) => {
  const count = random.oneIn(40) ? 40 : 1 + random.below(3)
  const items: string[] = []
  for (let item = 0; item < count; item += 1)
    items.push(random.oneIn(10) ? random.pick(hostileTexts) : itemText(random))
  const members = [
    member(random, 'concentrator', `"C${random.below(1000)}"`),
    member(random, 'batch', String(random.below(100_000))),
    member(random, 'items', `[${items.join(',')}]`),
  ]
  if (random.oneIn(4)) members.push(member(random, random.pick(keys), random.pick(hostileTexts)))
  appendText(input, `{${members.join(',')}}`)
  if (random.oneIn(20)) appendText(input, random.pick(hostileTexts))
  breakEncoding(random, input)
}

export const receiptText: Grammar = (random, input) => {
  const members = [member(random, 'concentrator', '"C001"'), member(random, 'batch', String(random.below(100_000)))]
  if (random.oneIn(3)) members.push(member(random, random.pick(keys), random.pick(hostileTexts)))
  appendText(input, random.oneIn(10) ? random.pick(hostileTexts) : `{${members.join(', ')}}`)
  breakEncoding(random, input)
}

function itemText(random: FuzzRandom): string {
  scratch.length = 0
  anyFrame(random, scratch)
  return `{${member(random, 'frame', `"${scratch.bytes.toString('hex', 0, scratch.length)}"`)}}`
}

function member(random: FuzzRandom, name: string, value: string): string {
  const isOdd = random.oneIn(16)
  return `"${isOdd && random.oneIn(2) ? random.pick(keys) : name}":${isOdd ? random.pick(hostileTexts) : value}`
}

/** Bytes that no UTF-8 text has. */
function breakEncoding(random: FuzzRandom, input: Parameters<Grammar>[1]): void {
  if (input.length === 0 || input.length === maxInputBytes || !random.oneIn(10)) return
  input.bytes[random.below(input.length)] = random.pick([0x80, 0xc0, 0xed, 0xf5, 0xff])
}
