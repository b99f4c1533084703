import type { Command } from 'commander'
import { migrate } from '../../../storage/migrate.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withResolvedDatabase } from '../session.js'

export function addMigrateCommand(program: Command, io: Io): void {
  program
    .command('migrate')
    .description('建库升级 brings the database to the version of this program')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async ({ json }: { readonly json?: true }) => {
      const applied = await withResolvedDatabase(io, (resolved) => migrate(resolved.ownerUrl, resolved.migrateOptions))
      if (json === true) return io.out(toJson({ applied }))
      io.out(applied.length === 0 ? '已是最新 up to date' : applied.map((name) => `✓ ${name}`).join('\n'))
    })
}
