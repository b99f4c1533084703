import type { Endpoint } from '../../domain/runtime.js'

/** Where the utility's devices can be reached. */
export interface UtilityEndpoints {
  /** Of each serial line and each Modbus gateway, by line code. */
  readonly lines: ReadonlyMap<string, Endpoint>
  readonly broker: Endpoint
}

/** Topics of one concentrator: it publishes uploads on `upload` and hears receipts on `receipt`. */
export function topicsOf(concentrator: string): { readonly upload: string; readonly receipt: string } {
  return { upload: `metering/${concentrator}/up`, receipt: `metering/${concentrator}/receipt` }
}

export function brokerUrlOf({ host, port }: Endpoint): string {
  return `mqtt://${host}:${port}`
}
