/** What one frame says, in plain values: the form in which the protocol tool shows every family of frames. */
export interface InspectedFrame {
  readonly protocol: FrameProtocol
  /** Upper-case hexadecimal, high byte first: 12 digits for a DL/T 645 meter, `AA` for bytes that are not compared. */
  readonly address: string
  readonly direction: 'request' | 'reply'
  /** Two hexadecimal digits. */
  readonly controlCode: string
  /** High byte first: 8 digits (2007, or the OAD of DL/T 698.45), 4 digits (1997); null where the frame names no item. */
  readonly dataIdentifier: string | null
  /** More data wait in the meter. */
  readonly followUp: boolean
  readonly refusal: Refusal | null
  /** One entry per field, in wire order. */
  readonly values: readonly InspectedValue[]
  /** Where the frame begins in the input. */
  readonly offset: number
  /** The whole frame from 68H to 16H, upper-case, without blanks. */
  readonly hex: string
  /** What follows the identifier, in wire order, upper-case; for DL/T 645 with the 33H taken off. */
  readonly payload: string
  /** The frame that an envelope carries. */
  readonly inner: InspectedFrame | null
  /** Q/GDW 1376.1 only. */
  readonly afn?: string
  readonly seq?: string
  readonly pn?: number
  readonly fn?: number
}

/** `dlt645`: a sound frame whose function neither edition knows. */
export type FrameProtocol = 'dlt645-2007' | 'dlt645-1997' | 'dlt645' | 'gdw1376.1' | 'dlt698.45'

export interface InspectedValue {
  readonly name: string
  /** Exact decimal, digits or text; null unless the state is `ok`. */
  readonly value: string | null
  readonly unit: string | null
  readonly state: ValueState
}

/** `absent`: the meter says that it has no such value. `invalid`: the bytes are no value of this kind. */
export type ValueState = 'ok' | 'absent' | 'invalid'

/** A well-formed answer that says no. */
export interface Refusal {
  /** The code as sent, hexadecimal, high byte first. */
  readonly code: string
  /** Names of the code or of each bit that is set, in snake_case; empty for a code without a name. */
  readonly reasons: readonly string[]
}
