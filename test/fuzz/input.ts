/** Bytes in the making. One buffer serves all inputs of a run. */
export interface Input {
  readonly bytes: Buffer
  length: number
}

export const maxInputBytes = 4096

export function createInput(): Input {
  return { bytes: Buffer.alloc(maxInputBytes), length: 0 }
}

/** Appends as much as there is room for. */
export function appendByte(input: Input, byte: number): void {
  if (input.length < maxInputBytes) input.bytes[input.length++] = byte
}

export function appendBytes(input: Input, source: Uint8Array, from = 0, to = source.length): void {
  for (let at = from; at < to; at += 1) appendByte(input, source[at] ?? 0)
}

export function appendText(input: Input, text: string): void {
  input.length += input.bytes.write(text, input.length, 'utf8')
}
