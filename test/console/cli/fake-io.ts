import { Readable, Writable } from 'node:stream'
import type { Io } from '../../../console/cli/io.js'

export interface FakeIo extends Io {
  readonly outText: () => string
  readonly errText: () => string
}

/** A process that only remembers what was written. Its environment asks for English and has a wide screen, so that texts can be compared. */
export function createFakeIo(options: {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** What is piped in. */
  readonly input?: readonly string[]
}): FakeIo {
  const out: string[] = []
  const err: string[] = []
  return {
    out: (text) => void out.push(text),
    drained: () => Promise.resolve(),
    err: (text) => void err.push(text),
    input: Readable.from((options.input ?? []).map((chunk) => Buffer.from(chunk))),
    errStream: new Writable({ write: (_chunk, _encoding, done) => done() }),
    interactive: false,
    columns: undefined,
    env: { LANG: 'en_US.UTF-8', COLUMNS: '1000', ...options.env },
    cwd: options.cwd,
    onInterrupt: () => () => undefined,
    exit(code) {
      throw new Error(`exit ${code}`)
    },
    outText: () => out.join('\n'),
    errText: () => err.join('\n'),
  }
}
