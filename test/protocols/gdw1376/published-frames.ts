/**
 * Frames from public sources. The first four, a login and a forwarded read, stand in a Node.js server (public code on GitHub); the others
 * in remarks of servers for concentrators (public code on GitHub).
 */
export const login = bytesOf('68 32 00 32 00 68 C9 00 02 34 12 00 02 71 00 00 01 00 85 16')
export const confirmation = bytesOf('68 32 00 32 00 68 0B 00 02 34 12 00 00 61 00 00 01 00 B5 16')
export const forwardRequest = bytesOf(
  `68 E2 00 E2 00 68 4B 00 02 34 12 04 10 E0 00 00 01 00 1F 6B BC 0A 10 00
   68 61 10 01 30 12 15 68 11 04 33 33 34 33 7B 16
   00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 13 51 23 21 05 A1 16`,
)
export const forwardReply = bytesOf(
  `68 AE 00 AE 00 68 A8 00 02 34 12 04 10 E0 00 00 01 00 1F 14 00
   68 61 10 01 30 12 15 68 91 08 33 33 34 33 AB 39 33 33 49 16
   4F 00 00 06 50 23 21 05 AE 16`,
)
export const heartbeat = bytesOf('68 32 00 32 00 68 C9 00 02 34 12 00 02 71 00 00 04 00 88 16')

export const publishedFrames: readonly Buffer[] = [
  login,
  confirmation,
  forwardRequest,
  forwardReply,
  heartbeat,
  bytesOf('68 32 00 32 00 68 C9 20 21 07 00 00 02 71 00 00 04 00 88 16'),
  bytesOf('68 4A 00 4A 00 68 0B 20 21 07 00 00 00 61 00 00 04 00 02 00 00 04 00 00 BE 16'),
  bytesOf('68 32 00 32 00 68 C9 03 41 A9 F9 00 02 7F 00 00 04 00 34 16'),
  bytesOf('68 32 00 32 00 68 C9 14 03 32 63 00 02 73 00 00 01 00 EB 16'),
  bytesOf('68 32 00 32 00 68 C9 21 05 AA AA 00 02 79 00 00 01 00 BF 16'),
]

function bytesOf(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ''), 'hex')
}
