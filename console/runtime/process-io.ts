import { once } from 'node:events'
import type { Io } from '../cli/io.js'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const environmentExitCode = 3

/** The real process. A closed pipe behind stdout (`shuangwu … | head`) ends the program quietly; a full disk behind it does not. */
export function createProcessIo(): Io {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(0)
    process.stderr.write(`shuangwu: cannot write the result: ${message}\n`)
    process.exit(environmentExitCode)
  })
  // Without anybody to read it, progress is lost and nothing else: the exit code still tells.
  process.stderr.on('error', () => undefined)
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    async drained() {
      if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain')
    },
    err: (text) => void process.stderr.write(`${text}\n`),
    input: process.stdin,
    errStream: process.stderr,
    interactive: process.stderr.isTTY,
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    env: process.env,
    cwd: process.cwd(),
    onInterrupt(handle) {
      for (const signal of signals) process.on(signal, handle)
      return () => {
        for (const signal of signals) process.off(signal, handle)
      }
    },
    exit: (code) => process.exit(code),
  }
}
