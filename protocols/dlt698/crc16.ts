const reflectedPolynomial = 0x8408

/** CRC-16/X.25 (of `123456789`: 906EH), the check of DL/T 698.45 headers and frames. Sent low byte first. */
export function crc16X25(bytes: Uint8Array): number {
  return bytes.reduce((crc, byte) => (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0), 0xffff) ^ 0xffff
}

const table = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ reflectedPolynomial
  return crc
})
