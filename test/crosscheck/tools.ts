import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { checkoutRoot } from '../architecture/source-files.js'

const run = promisify(execFile)
const patienceMs = 20_000
/** Debian puts daemons where an ordinary user's PATH does not lead. */
const daemonFolder = '/usr/sbin'

export interface ToolOutcome {
  readonly code: number
  /** What the tool wrote, standard output and error one after the other. */
  readonly text: string
}

/** Path of a tool that these tests are made of. Without it they fail, because a check that did not run proves nothing. */
export function requireTool(name: string, debianPackage: string): string {
  const found = [...(process.env['PATH'] ?? '').split(delimiter), daemonFolder]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))
  if (found === undefined) throw new Error(`${name} is missing; on Debian: apt-get install ${debianPackage}`)
  return found
}

/** Runs a tool to its end. A code other than 0 is an outcome. */
export async function runTool(path: string, args: readonly string[]): Promise<ToolOutcome> {
  try {
    const { stdout, stderr } = await run(path, [...args], { timeout: patienceMs })
    return { code: 0, text: stdout + stderr }
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string }
    return { code: typeof code === 'number' ? code : -1, text: stdout + stderr }
  }
}

export interface StartedTool {
  readonly process: ChildProcess
  /** Sends SIGTERM. @returns the exit code, null when the signal itself ended it. */
  readonly stop: () => Promise<number | null>
}

/** Starts a tool that goes on, and waits until `isReady` says so of what it has written. */
export async function startTool(
  path: string,
  args: readonly string[],
  isReady: (text: string) => boolean,
): Promise<StartedTool & { readonly text: string }> {
  const child = spawn(path, [...args], { stdio: ['ignore', 'pipe', 'pipe'], cwd: checkoutRoot })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let text = ''
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${path} is not ready: ${text}`)), patienceMs)
    const hear = (chunk: Buffer): void => {
      text += chunk.toString()
      if (!isReady(text)) return
      clearTimeout(late)
      resolve()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', (code) => {
      clearTimeout(late)
      reject(new Error(`${path} ended with ${code}: ${text}`))
    })
  })
  return {
    process: child,
    text,
    async stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** A file beside the sources of these tests; only TypeScript is compiled. */
export function sourceOf(name: string): string {
  return join(checkoutRoot, 'test', 'crosscheck', name)
}
