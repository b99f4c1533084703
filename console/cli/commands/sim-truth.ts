import { type Command, InvalidArgumentError } from 'commander'
import { formatScaled } from '../../../domain/scaled.js'
import { describeMeters } from '../../../simulators/field/field-meters.js'
import { repeated } from '../../../simulators/field/start-field.js'
import type { Io } from '../io.js'
import { loadUtilityFile } from './sim-up.js'

interface SimTruthFlags {
  readonly file: string
  readonly at: number
}

/** What the meters of a utility file really counted, to be compared with what was read; it follows from the file alone. */
export function addSimTruthCommand(sim: Command, io: Io): void {
  sim
    .command('truth')
    .description('各表某时刻的真实示数，每表一行 JSON  true registers at an instant, one JSON line a meter')
    .requiredOption('--file <file>', '现场描述文件 the field (YAML)')
    .requiredOption('--at <instant>', '时刻 instant, 2026-07-02T00:00:00+08:00', parseInstant)
    .action(({ file, at }: SimTruthFlags) => {
      const described = loadUtilityFile(io, file)
      const settings = { seed: described.seed, energisedFrom: Date.parse(described.energisedFrom) }
      const groups = [
        ...described.lines.flatMap(repeated).map(({ name, meters }) => ({ name, meters })),
        ...described.concentrators.map(({ name, meters }) => ({ name, meters })),
      ]
      for (const { name, meters } of groups)
        for (const { address, source } of describeMeters(meters, settings)) {
          const { totalE4, touE4 } = source.registersAt(at)
          const tou = touE4.map((each) => (each === null ? null : formatScaled(each, 4, 4)))
          io.out(JSON.stringify({ line: name, address, totalKwh: formatScaled(totalE4, 4, 4), touKwh: tou }))
        }
    })
}

function parseInstant(text: string): number {
  const instant = Date.parse(text)
  if (!/T.*(?:Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(instant))
    throw new InvalidArgumentError(
      '应为带时区的时刻 expected an instant with its offset, such as 2026-07-02T00:00:00+08:00.',
    )
  return instant
}
