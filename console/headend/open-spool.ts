import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../domain/errors.js'
import { openSpool, type Spool, type SpoolDamage } from '../../headend/ingest/spool.js'
import { openSpoolFile } from '../../headend/ingest/spool-file.js'
import { isSystemError } from '../../storage/local-database/atomic-file.js'
import { takeLock } from '../../storage/local-database/lock.js'
import type { SpoolPlace } from '../config.js'

export interface NodeSpool {
  readonly spool: Spool
  readonly close: () => Promise<void>
}

/**
 * The file of a node, which outlives its process, for this process alone.
 * @throws UserError bad_usage while another process runs under the same name on this machine, bad_config where nothing can be written.
 */
export async function openNodeSpool(
  { folder, maxBytes }: SpoolPlace,
  node: string,
  onDamage: (damage: SpoolDamage) => void = () => undefined,
): Promise<NodeSpool> {
  const path = join(folder, `${encodeURIComponent(node)}.spool`)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const lock = takeLock(`${path}.lock`, (pid) => alreadyRunning(node, pid))
    const file = await openSpoolFile(path)
    return {
      spool: await openSpool(file, maxBytes, onDamage),
      async close() {
        await file.close()
        lock.release()
      },
    }
  } catch (cause) {
    if (!isSystemError(cause, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC')) throw cause
    throw new UserError(
      'bad_config',
      `headend.spoolFolder ${folder}: 写不了 cannot be written: ${cause.code ?? cause.message}`,
      { cause },
    )
  }
}

function alreadyRunning(node: string, pid: number): UserError {
  return new UserError(
    'bad_usage',
    `该节点名已有进程在用 node ${node} runs already as process ${pid}: each process needs a --node of its own`,
  )
}
