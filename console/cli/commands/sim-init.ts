import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { exampleUtilityFile } from '../../../simulators/field/example-file.js'
import type { Io } from '../io.js'

const usualFile = 'utility.yaml'

export function addSimInitCommand(sim: Command, io: Io): void {
  sim
    .command('init')
    .description('生成现场描述文件 writes a utility file to start from')
    .option('--file <file>', '写到此文件，不覆盖已有文件 where to write it; never over another file', usualFile)
    .action(({ file }: { readonly file: string }) => {
      try {
        writeFileSync(resolve(io.cwd, file), exampleUtilityFile, { flag: 'wx' })
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause)
        throw new UserError('bad_input', `${file}: ${reason}`, { cause })
      }
      io.out(file)
      io.err(`下一步 next: shuangwu sim up --file ${file}`)
    })
}
