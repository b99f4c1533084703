import type { Command } from 'commander'
import type { Io } from '../io.js'
import { addReadingsImportCommand } from './readings-import.js'

/** Readings that no head-end brings. */
export function addReadingsCommand(program: Command, io: Io): void {
  const readings = program
    .command('readings')
    .description('示数导入：他系统、纸质、照片 · readings of another system, of paper, of a photo')
  addReadingsImportCommand(readings, io)
}
