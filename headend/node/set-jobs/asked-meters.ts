import { type MeterQuirks, quirksOf } from '../../../domain/meter-quirks.js'
import type { Parity } from '../../../domain/runtime.js'
import type { MeterOnLine } from '../../../storage/headend/set-due-reads.js'
import type { Line } from '../../line-settings.js'
import type { SetMeter } from '../../reading-sets/ask-item.js'
import { calledAddress } from '../../transports/dlt645-reader.js'
import type { SetJobsOptions } from './set-job.js'

export interface AskedMeter extends MeterOnLine {
  readonly meter: SetMeter
  readonly quirks: MeterQuirks
}

export function askedMeters({ plan, line, meters }: SetJobsOptions): readonly AskedMeter[] {
  return meters.map((each) => {
    const quirks = quirksOf(plan.models, each.model)
    const meter: SetMeter = {
      meterId: each.meterId,
      address: calledAddress(each.communicationAddress, quirks),
      edition: quirks.edition ?? '2007',
      hasParity: (quirks.parity ?? parityOf(line)) !== 'none',
    }
    return { ...each, meter, quirks }
  })
}

function parityOf({ settings }: Line): Parity {
  return 'parity' in settings ? settings.parity : 'even'
}
