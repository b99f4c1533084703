import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UserError } from '../../domain/errors.js'
import type { Published, PublisherOptions } from './publisher.js'

export interface BenchBroker {
  readonly port: number
  readonly url: string
  readonly close: () => Promise<void>
}

/** Debian puts daemons where an ordinary user's PATH does not lead. */
const daemon = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto'].find(existsSync) ?? 'mosquitto'

/** mosquitto on loopback; more messages in flight than its usual 20, because whoever commits in batches acknowledges in batches. */
export async function startMosquitto(folder: string): Promise<BenchBroker> {
  const port = await freePort()
  const file = join(folder, 'mosquitto.conf')
  const settings = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'persistence false',
    'max_inflight_messages 2000',
    'max_queued_messages 0',
    'set_tcp_nodelay true',
    'log_dest stderr',
    'log_type error',
    'log_type information',
  ]
  writeFileSync(file, `${settings.join('\n')}\n`)
  const child = spawn(daemon, ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  await outputOf(child, child.stderr, /mosquitto version \S+ running/)
  return { port, url: `mqtt://127.0.0.1:${port}`, close: () => ended(child) }
}

export interface Publisher {
  /** Lets it send; resolves when all is published (and answered, where receipts are wanted). */
  readonly go: () => Promise<Published>
}

/** Connected and ready to send. */
export async function startPublisher(options: PublisherOptions): Promise<Publisher> {
  const path = fileURLToPath(new URL('publisher.js', import.meta.url))
  const child = spawn(process.execPath, [path, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'pipe'] })
  await outputOf(child, child.stderr, /ready/)
  return {
    async go() {
      let text = ''
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
      child.stdin.write('go\n')
      await once(child, 'close')
      return JSON.parse(text) as Published
    },
  }
}

async function outputOf(child: ChildProcess, stream: NodeJS.ReadableStream, wanted: RegExp): Promise<void> {
  let text = ''
  await new Promise<void>((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (wanted.test(text)) resolve()
    })
    child.once('error', reject)
    child.once('close', (code) => reject(new UserError('refused', `${child.spawnfile} ended with ${code}: ${text}`)))
  })
}

async function ended(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  await closed
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
