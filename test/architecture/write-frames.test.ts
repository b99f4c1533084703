import { dirname, join, normalize } from 'node:path'
import t from 'tap'
import { sourceFiles, type SourceFile } from './source-files.js'

/** Who may import what turns a wish into bytes that change a meter. Simulators and the offline codec of `frame encode` reach no line. */
const closedModules: readonly {
  readonly module: string
  readonly names: RegExp | null
  readonly open: readonly string[]
}[] = [
  // Types are harmless: the credential has the shape of what a frame needs.
  {
    module: 'protocols/dlt645/write-requests.ts',
    names: /\b\w+Request\b(?<!\bWriteRequest)/,
    open: ['headend/orders/guard.ts'],
  },
  { module: 'headend/orders/fresh-use.ts', names: /\bmintUse\b/, open: ['headend/orders/use-order.ts'] },
  { module: 'protocols/dlt645/message.ts', names: /\bencodeMessage\b/, open: ['protocols/', 'simulators/'] },
  { module: 'protocols/dlt645/frame.ts', names: /\bencodeFrame\b/, open: ['protocols/', 'simulators/'] },
  { module: 'protocols/inspection/dlt645-spec.ts', names: null, open: ['protocols/'] },
  {
    module: 'protocols/inspection/frame-spec.ts',
    names: /\bencodeFrameText\b/,
    open: ['protocols/', 'console/cli/commands/frame-encode.ts'],
  },
]

/** Functions of modbus-serial that write registers or coils; the product reads Modbus meters and nothing else. */
const modbusWrites = /\.(?:writeCoils?|writeRegisters?|writeFC\d+|maskWriteRegister|readWriteRegisters)\s*\(/

interface Violation {
  readonly path: string
  readonly what: string
}

function violationsIn(files: readonly SourceFile[]): readonly Violation[] {
  return files.flatMap((file) => [
    ...importsOf(file).flatMap(({ target, names }) =>
      closedModules
        .filter(({ module, names: closed, open }) => {
          const isClosed = target === module && (closed === null || closed.test(names))
          return isClosed && !open.some((place) => file.path.startsWith(place))
        })
        .map(({ module }) => ({ path: file.path, what: module })),
    ),
    ...(modbusWrites.test(file.text) ? [{ path: file.path, what: 'a Modbus write' }] : []),
  ])
}

/** Every import, re-export and dynamic import, with the names it takes; a dynamic one takes all. */
function importsOf({ path, text }: SourceFile): readonly { readonly target: string; readonly names: string }[] {
  const everything = 'encodeMessage encodeFrame encodeFrameText mintUse writeItemRequest'
  const statements = [...text.matchAll(/(?:^|\n)\s*(?:import|export)\s([^'"]*?)from\s*'([^']+)'/g)].map(
    ([, names = '', specifier = '']) => ({ names: names.includes('*') ? everything : names, specifier }),
  )
  const dynamic = [...text.matchAll(/import\(\s*'([^']+)'\s*\)/g)].map(([, specifier = '']) => ({
    names: everything,
    specifier,
  }))
  return [...statements, ...dynamic]
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ names, specifier }) => ({ names, target: resolved(path, specifier) }))
}

function resolved(path: string, specifier: string): string {
  return normalize(join(dirname(path), specifier))
    .replaceAll('\\', '/')
    .replace(/\.js$/, '.ts')
}

const product = sourceFiles(['domain', 'protocols', 'headend', 'mdm', 'billing', 'dunning', 'storage', 'console'])

t.test('only the guard of orders makes frames that change a meter', async (t) => {
  t.ok(product.length >= 60, `${product.length} files looked at`)
  t.same(violationsIn(product), [])
  const guard = product.find(({ path }) => path === 'headend/orders/guard.ts')
  t.match(guard?.text, /write-requests\.js/, 'the guard is where it is looked for')
})

t.test('planted violations are found', async (t) => {
  const planted: readonly (readonly [path: string, text: string, what: string])[] = [
    [
      'headend/acquisition/sneak.ts',
      "import { writeItemRequest } from '../../protocols/dlt645/write-requests.js'\n",
      'protocols/dlt645/write-requests.ts',
    ],
    [
      'console/cli/commands/sneak.ts',
      "import {\n  type WriteAuthority,\n  broadcastTimeRequest,\n} from '../../../protocols/dlt645/write-requests.js'\n",
      'protocols/dlt645/write-requests.ts',
    ],
    [
      'headend/orders/sneak.ts',
      "import * as requests from '../../protocols/dlt645/write-requests.js'\n",
      'protocols/dlt645/write-requests.ts',
    ],
    [
      'headend/concentrators/sneak.ts',
      "const { encodeMessage } = await import('../../protocols/dlt645/message.js')\n",
      'protocols/dlt645/message.ts',
    ],
    [
      'headend/sessions/sneak.ts',
      "import { encodeFrame } from '../../protocols/dlt645/frame.js'\n",
      'protocols/dlt645/frame.ts',
    ],
    ['headend/sessions/again.ts', "export { mintUse } from '../orders/fresh-use.js'\n", 'headend/orders/fresh-use.ts'],
    ['headend/transports/sneak.ts', 'await client.writeRegisters(0, [1])\n', 'a Modbus write'],
  ]
  for (const [path, text, what] of planted) t.same(violationsIn([{ path, text }]), [{ path, what }], path)
})

t.test('what only asks or only names a type is no violation', async (t) => {
  const harmless: readonly (readonly [path: string, text: string])[] = [
    [
      'headend/sessions/line.ts',
      "import { encodeReadMessage, type Message } from '../../protocols/dlt645/message.js'\n",
    ],
    [
      'headend/orders/credential.ts',
      "import type { WriteAuthority } from '../../protocols/dlt645/write-requests.js'\n",
    ],
    ['simulators/meter.ts', "import { encodeMessage } from '../protocols/dlt645/message.js'\n"],
  ]
  for (const [path, text] of harmless) t.same(violationsIn([{ path, text }]), [], path)
})
