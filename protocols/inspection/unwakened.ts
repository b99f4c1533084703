const wakeUpByte = 0xfe

/** The bytes without the FEH bytes in front, which wake a line up and belong to no frame. */
export function unwakened(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== wakeUpByte)
  return start === -1 ? bytes.subarray(bytes.length) : bytes.subarray(start)
}
