/** What status word 3 (04000503) says of the relay and of the time-of-use tables in use. */
export interface RelayState {
  readonly statusWord: number
  /** Bit 4, the relay itself. */
  readonly relayOpen: boolean
  /** Bit 6, which only repeats the command: it can differ from what the relay did. */
  readonly commandOpen: boolean
  /** Bit 0: which of the two sets of day tables decides to which register energy goes. */
  readonly dayTableSet: 1 | 2
  /** Bit 5: which of the two zone tables is in use. */
  readonly zoneTable: 1 | 2
}

const dayTableBit = 0
const relayBit = 4
const zoneTableBit = 5
const commandBit = 6

export function relayStateOf(statusWord: number): RelayState {
  const isSet = (bit: number): boolean => (statusWord & (1 << bit)) !== 0
  return {
    statusWord,
    relayOpen: isSet(relayBit),
    commandOpen: isSet(commandBit),
    dayTableSet: isSet(dayTableBit) ? 2 : 1,
    zoneTable: isSet(zoneTableBit) ? 2 : 1,
  }
}
