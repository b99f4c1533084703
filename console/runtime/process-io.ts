import type { Io } from '../cli/io.js'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The real process. A closed pipe behind stdout (`shuangwu … | head`) ends the program quietly. */
export function createProcessIo(): Io {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    errStream: process.stderr,
    interactive: process.stderr.isTTY,
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
