import { open } from 'node:fs/promises'

/** The file behind a spool. Everything that is appended is on the disk when the promise resolves. */
export interface SpoolFile {
  readonly size: () => number
  readonly append: (bytes: Buffer) => Promise<void>
  /** Fewer than `length` bytes only at the end of the file. */
  readonly read: (offset: number, length: number) => Promise<Buffer>
  readonly truncate: (size: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** Opens the file, making it where there is none. */
export async function openSpoolFile(path: string): Promise<SpoolFile> {
  const handle = await open(path, 'a+', 0o600)
  let { size } = await handle.stat()
  return {
    size: () => size,
    async append(bytes) {
      await handle.appendFile(bytes)
      await handle.datasync()
      size += bytes.length
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
    close: () => handle.close(),
  }
}
