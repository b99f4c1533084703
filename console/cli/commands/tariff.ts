import type { Command } from 'commander'
import type { Io } from '../io.js'
import { addTariffFileCommands } from './tariff-files.js'
import { addTariffShowCommands } from './tariff-show.js'
import { addTariffTermsCommands } from './tariff-terms.js'

export function addTariffCommand(program: Command, io: Io): void {
  const tariff = program
    .command('tariff')
    .description('电价：登记、两人签署、查询 · tariffs on record, each version signed by two people')
  addTariffFileCommands(tariff, io)
  addTariffShowCommands(tariff, io)
  addTariffTermsCommands(tariff, io)
}
