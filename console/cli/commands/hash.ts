import type { Command } from 'commander'
import { resultHash } from '../../../storage/result-hash.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

export function addHashCommand(program: Command, io: Io): void {
  program
    .command('hash')
    .description('结果哈希 SHA-256 over the canonical rows of the named tables')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async ({ json }: { readonly json?: true }) => {
      const hash = await withDatabase(io, 'reader', resultHash)
      if (json === true) return io.out(toJson(hash))
      io.out(
        textTable(
          ['表 table', '行 rows', 'SHA-256'],
          hash.tables.map(({ name, rows, sha256 }) => [name, rows, sha256]),
        ),
      )
      io.out(hash.sha256)
    })
}
