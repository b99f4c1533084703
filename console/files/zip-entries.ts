import { Inflate } from 'fflate'
import { err, ok, type Result } from '../../domain/result.js'
import { tableLimits } from './table-row.js'

/** A part of a ZIP archive, still packed. */
export interface ZipEntry {
  readonly name: string
  readonly packed: Uint8Array
  readonly isDeflated: boolean
}
/** Why an archive is not unpacked; `detail` says where. */
export interface ArchiveError {
  readonly kind: 'unsafe_archive'
  readonly detail: string
}
/** Thrown while unpacking, because that happens piece by piece. */
export class UnsafeArchive extends Error {
  override readonly name = 'UnsafeArchive'
}

const endSignature = 0x06054b50
const centralSignature = 0x02014b50
const localSignature = 0x04034b50
const endBytes = 22
const longestComment = 0xffff
const pieceBytes = 16 * 1024

/**
 * What an archive holds, by its central directory; no more than a packed byte range is believed of it. Encrypted parts, ZIP64, other
 * methods than deflate, overlapping parts (as bombs have) and two parts of one name are refused.
 */
export function zipEntries(bytes: Uint8Array): Result<ReadonlyMap<string, ZipEntry>, ArchiveError> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = endOfDirectory(view)
  if (end === null) return refuse('no end of directory')
  const count = view.getUint16(end + 10, true)
  const start = view.getUint32(end + 16, true)
  if (count > tableLimits.archiveEntries || start >= end) return refuse(`${count} parts, or a directory out of place`)
  const entries = new Map<string, ZipEntry>()
  let taken = 0
  let at = start
  for (let index = 0; index < count; index++) {
    const read = readEntry(bytes, view, at, start)
    if (read === null) return refuse(`part ${index + 1} is not where the directory says, or is packed in another way`)
    if (entries.has(read.entry.name)) return refuse(`${read.entry.name} is there twice`)
    taken += read.entry.packed.length
    if (taken > bytes.length) return refuse('parts overlap')
    entries.set(read.entry.name, read.entry)
    at = read.next
  }
  return ok(entries)
}

/** @throws UnsafeArchive when a part becomes larger than its packed size makes likely, or is damaged. */
export function* unpack({ name, packed, isDeflated }: ZipEntry): Generator<Uint8Array> {
  const most = Math.max(tableLimits.freelyUnpackedBytes, packed.length * tableLimits.unpackedRatio)
  const pieces: Uint8Array[] = []
  const inflate = new Inflate((piece) => pieces.push(piece))
  let total = 0
  for (let start = 0; start < packed.length; start += pieceBytes) {
    const piece = packed.subarray(start, start + pieceBytes)
    if (isDeflated) push(inflate, name, piece, start + pieceBytes >= packed.length)
    else pieces.push(piece)
    for (const part of pieces.splice(0)) {
      total += part.length
      if (total > Math.min(most, tableLimits.unpackedBytes))
        throw new UnsafeArchive(`${name}: > ${total} bytes unpacked`)
      yield part
    }
  }
}

function push(inflate: Inflate, name: string, piece: Uint8Array, isLast: boolean): void {
  try {
    inflate.push(piece, isLast)
  } catch (cause) {
    throw new UnsafeArchive(`${name}: damaged`, { cause })
  }
}

function endOfDirectory(view: DataView): number | null {
  const last = view.byteLength - endBytes
  for (let at = last; at >= Math.max(0, last - longestComment); at--)
    if (view.getUint32(at, true) === endSignature) return at
  return null
}

function readEntry(bytes: Uint8Array, view: DataView, at: number, directory: number) {
  if (at + 46 > bytes.length || view.getUint32(at, true) !== centralSignature) return null
  const isEncrypted = (view.getUint16(at + 8, true) & 1) === 1
  const method = view.getUint16(at + 10, true)
  const packedBytes = view.getUint32(at + 20, true)
  const nameBytes = view.getUint16(at + 28, true)
  const next = at + 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  const local = view.getUint32(at + 42, true)
  if (isEncrypted || (method !== 0 && method !== 8) || next > bytes.length) return null
  if (local + 30 > directory || view.getUint32(local, true) !== localSignature) return null
  const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
  if (from + packedBytes > directory) return null
  const name = Buffer.from(bytes.subarray(at + 46, at + 46 + nameBytes)).toString('utf8')
  return { entry: { name, packed: bytes.subarray(from, from + packedBytes), isDeflated: method === 8 }, next }
}

function refuse(detail: string) {
  return err<ArchiveError>({ kind: 'unsafe_archive', detail })
}
