import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { exampleUtilityFile } from '../../../simulators/field/example-file.js'
import { exampleModbusMap } from '../../../simulators/modbus/example-map.js'
import { fileProblem } from '../file-problem.js'
import type { Io } from '../io.js'

const field = { file: 'utility.yaml', content: exampleUtilityFile, next: 'sim up --file' }
const modbus = { file: 'map.yaml', content: exampleModbusMap, next: 'sim modbus --map' }

export function addSimInitCommand(sim: Command, io: Io): void {
  sim
    .command('init')
    .description('生成现场描述文件 writes a file to start from')
    .option('--file <file>', '写到此文件，不覆盖已有文件 where to write it; never over another file')
    .option('--modbus', '改为 Modbus 设备文件 a map of Modbus devices instead')
    .action((flags: { readonly file?: string; readonly modbus?: true }) => {
      const { content, next, file: usual } = flags.modbus === true ? modbus : field
      const file = flags.file ?? usual
      try {
        writeFileSync(resolve(io.cwd, file), content, { flag: 'wx' })
      } catch (cause) {
        throw new UserError('bad_input', `${file}: ${fileProblem(cause)}`, { cause })
      }
      io.out(file)
      io.err(`下一步 next: npx shuangwu ${next} ${file}`)
    })
}
