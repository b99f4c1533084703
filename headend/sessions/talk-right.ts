/** Whose turn it is to talk on a line. A hold on a line's lease is one; a person at a port of his own needs none. */
export interface TalkRight {
  /** Asked before each write of bytes: false when the line may be another's by now. Once false, it stays so. */
  readonly isSafe: () => boolean
}

/** Of a line that no lease governs. */
export const ownLine: TalkRight = { isSafe: () => true }
