import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Duplex } from 'node:stream'
import { once } from 'node:events'
import { UserError } from '../../domain/errors.js'

const readyAfterMs = 5000
const lookEveryMs = 20

/**
 * A pseudo terminal whose other end is linked at `path`, made by socat. What is written to the stream comes out there.
 * @throws UserError `serial_port_failed`, also where socat is missing.
 */
export async function openPty(path: string): Promise<{ readonly stream: Duplex; readonly close: () => Promise<void> }> {
  if (existsSync(path)) throw new UserError('serial_port_failed', `${path}: 已存在 is there already`)
  const socat = spawn('socat', [`PTY,link=${path},raw,echo=0`, 'STDIO'], { stdio: ['pipe', 'pipe', 'pipe'] })
  let complaint = ''
  socat.stderr.on('data', (chunk: Buffer) => (complaint = chunk.toString().trim().slice(0, 200)))
  let failure: string | null = null
  socat.once('error', (error: NodeJS.ErrnoException) => {
    failure = error.code === 'ENOENT' ? 'needs socat (Debian package socat)' : error.message
  })
  socat.once('exit', () => (failure ??= complaint === '' ? 'socat ended' : complaint))
  for (let waited = 0; !existsSync(path); waited += lookEveryMs) {
    if (failure !== null || waited > readyAfterMs) {
      socat.kill()
      throw new UserError('serial_port_failed', `${path}: ${failure ?? '未建成伪终端 no pseudo terminal was made'}`)
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
  return {
    stream: Duplex.from({ readable: socat.stdout, writable: socat.stdin }),
    async close() {
      if (socat.exitCode !== null || socat.signalCode !== null) return
      const ended = once(socat, 'exit')
      socat.kill()
      await ended
    },
  }
}
