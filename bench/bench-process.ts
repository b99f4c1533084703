import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BenchArguments, type BenchName, parseBenchArguments } from './bench-sizes.js'

const usageExitCode = 2
const interruptedExitCode = 130

type Close = () => Promise<void> | void
const open = new Set<Close>()
let isEnding = false

/** The arguments of this program; when they are not what it takes, it says so in one line and ends with 2. */
export function benchArguments<Name extends BenchName>(name: Name): BenchArguments<Name> {
  const parsed = parseBenchArguments(name, process.argv.slice(2))
  if (parsed.ok) return parsed.value
  process.stderr.write(`bench ${name}: ${parsed.error.reason}\n`)
  return process.exit(usageExitCode)
}

/** A folder of the bench's own that the database's user can pass. */
export function makeBenchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sw-bench-'))
  chmodSync(folder, 0o755)
  return folder
}

export function removeBenchFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** Runs `close` once: when its result is called, or when the bench is interrupted, the last opened first. */
export function closeInAnyCase(close: Close): () => Promise<void> {
  listen()
  let closing: Promise<void> | null = null
  const once = (): Promise<void> => {
    open.delete(once)
    closing ??= Promise.resolve(close())
    return closing
  }
  open.add(once)
  return once
}

let isListening = false

function listen(): void {
  if (isListening) return
  isListening = true
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
}

/** A second signal does not wait. */
function end(): void {
  if (isEnding) process.exit(interruptedExitCode)
  isEnding = true
  // What the bench was waiting for fails now, and that is no news.
  process.on('uncaughtException', () => undefined)
  void endAll().finally(() => process.exit(interruptedExitCode))
}

async function endAll(): Promise<void> {
  for (const close of [...open].toReversed()) await close()
}
