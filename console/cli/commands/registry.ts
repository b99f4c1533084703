import type { Command } from 'commander'
import type { Io } from '../io.js'
import { addRegistryAuditCommand } from './registry-audit.js'
import { addRegistryChangeCommand } from './registry-change.js'
import { addRegistryCheckCommand } from './registry-check.js'
import { addRegistryCorrectionsCommand } from './registry-corrections.js'
import { addRegistryExportCommand } from './registry-export.js'
import { addRegistryImportCommand } from './registry-import.js'
import { addRegistryOpeningCommand } from './registry-opening.js'
import { addRegistryShowCommand } from './registry-show.js'

/** Master data: what a utility hands over at go-live, and what joins it later. */
export function addRegistryCommand(program: Command, io: Io): void {
  const registry = program
    .command('registry')
    .description('档案：线路、电表、用户 · master data: lines, meters, customers')
  addRegistryCheckCommand(registry, io)
  addRegistryImportCommand(registry, io)
  addRegistryExportCommand(registry, io)
  addRegistryShowCommand(registry, io)
  addRegistryAuditCommand(registry, io)
  addRegistryChangeCommand(registry, io)
  addRegistryCorrectionsCommand(registry, io)
  addRegistryOpeningCommand(registry, io)
}
