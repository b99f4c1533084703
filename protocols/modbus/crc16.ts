const polynomial = 0xa001
const initial = 0xffff

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ polynomial : crc >> 1
  return crc
})

/** CRC of `bytes[from, to)`, as RTU sends it low byte first. Source: Modbus over Serial Line V1.02, section 6.2.2. */
export function crc16(bytes: Buffer, from = 0, to = bytes.length): number {
  let crc = initial
  for (let at = from; at < to; at += 1) crc = (crc >> 8) ^ (table[(crc ^ bytes.readUInt8(at)) & 0xff] ?? 0)
  return crc
}
