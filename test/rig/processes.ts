import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

const readyPatienceMs = 30_000
const endPatienceMs = 150_000

/** A child of ours. Only children are ever killed, by their own pid. */
export interface RigProcess {
  /** kill -9. Resolves when it is gone. */
  readonly kill: () => Promise<void>
  /** SIGTERM, then its exit code; null when it had to be killed. */
  readonly stop: () => Promise<number | null>
  readonly output: () => string
}

/** Starts a program and waits until it has said what tells that it is ready. */
export async function startProcess(
  command: string,
  args: readonly string[],
  { ready, env = {} }: { readonly ready: RegExp; readonly env?: Readonly<Record<string, string>> },
): Promise<RigProcess> {
  const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  let output = ''
  const hear = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-mostOutput))
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const gone = once(child, 'exit')
  // A rig that ends before its time leaves nothing behind.
  const endWithUs = (): void => void child.kill('SIGKILL')
  process.once('exit', endWithUs)
  child.once('exit', () => process.off('exit', endWithUs))
  const giveUpAt = Date.now() + readyPatienceMs
  while (!ready.test(output)) {
    if (hasEnded(child)) throw new Error(`${command} ended before it was ready: ${output}`)
    if (Date.now() > giveUpAt) throw new Error(`${command} is not ready: ${output}`)
    await sleep(pollMs)
  }
  return {
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
    async stop() {
      child.kill('SIGTERM')
      const killer = setTimeout(() => child.kill('SIGKILL'), endPatienceMs)
      const [code] = (await gone) as [number | null]
      clearTimeout(killer)
      return code
    },
    output: () => output,
  }
}

const mostOutput = 20_000
const pollMs = 10

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}
