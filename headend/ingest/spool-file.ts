import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The file behind a spool. Everything that is appended is on the disk when the promise resolves. */
export interface SpoolFile {
  /** Bytes in the file, whatever became of the last append. */
  readonly size: () => number
  /** All of it, or nothing that counts: what a failed append left behind is taken off again as far as the disk allows. */
  readonly append: (bytes: Buffer) => Promise<void>
  /** Fewer than `length` bytes only at the end of the file. */
  readonly read: (offset: number, length: number) => Promise<Buffer>
  readonly truncate: (size: number) => Promise<void>
  /** Keeps bytes in a file of their own beside this one, once however often it is asked. @returns that file's path. */
  readonly setAside: (bytes: Buffer) => Promise<string>
  readonly close: () => Promise<void>
}

const ownerOnly = 0o600

/** Opens the file, making it where there is none. */
export async function openSpoolFile(path: string): Promise<SpoolFile> {
  const handle = await open(path, 'a+', ownerOnly)
  await syncFolderOf(path)
  let { size } = await handle.stat()
  return {
    size: () => size,
    async append(bytes) {
      try {
        await handle.appendFile(bytes)
        await handle.datasync()
        size += bytes.length
      } catch (error) {
        // A full disk takes a part of it: left there it would take room, and the next record would begin in its middle.
        await handle.truncate(size).catch(() => undefined)
        size = await sizeOf(handle, size)
        throw error
      }
    },
    async read(offset, length) {
      const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(length), position: offset, length })
      return buffer.subarray(0, bytesRead)
    },
    async truncate(end) {
      await handle.truncate(end)
      await handle.datasync()
      size = end
    },
    setAside: (bytes) => keepBeside(path, bytes),
    close: () => handle.close(),
  }
}

/** A disk that answers nothing says nothing of the size either; then the last one that is known counts. */
async function sizeOf(handle: FileHandle, known: number): Promise<number> {
  return handle.stat().then(
    (found) => found.size,
    () => known,
  )
}

/** Named by its content, so that the same bytes asked for again after a restart are the same file. */
async function keepBeside(path: string, bytes: Buffer): Promise<string> {
  const digest = createHash('sha256').update(bytes).digest('hex')
  const beside = `${path}.damaged-${digest.slice(0, 16)}`
  const handle = await open(beside, 'w', ownerOnly)
  try {
    await handle.writeFile(bytes)
    await handle.datasync()
  } finally {
    await handle.close()
  }
  await syncFolderOf(beside)
  return beside
}

/** A new file is there after a power cut only when its folder says so. */
async function syncFolderOf(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
