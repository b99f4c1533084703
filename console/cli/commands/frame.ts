import type { Command } from 'commander'
import { addFrameDecodeCommand } from './frame-decode.js'
import { addFrameEncodeCommand } from './frame-encode.js'
import { addFrameTraceCommand } from './frame-trace.js'
import type { Io } from '../io.js'

export function addFrameCommand(program: Command, io: Io): void {
  const frame = program
    .command('frame')
    .description('报文工具（trace 之外不需数据库）· protocol tool; all but trace works offline')
  addFrameDecodeCommand(frame, io)
  addFrameEncodeCommand(frame, io)
  addFrameTraceCommand(frame, io)
}
