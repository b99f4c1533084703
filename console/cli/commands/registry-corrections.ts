import type { Command } from 'commander'
import { listCorrections } from '../../../storage/registry/corrections.js'
import { correctionJson, correctionsTable } from '../../registry/corrections-table.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'

const mostListed = 100

export function addRegistryCorrectionsCommand(registry: Command, io: Io): void {
  registry
    .command('corrections')
    .description(
      `最近 ${mostListed} 条更正：撤销或改正的变更，谁提出、谁确认 the latest corrections of changes: who wrote them, who handed in the same`,
    )
    .option('--waiting', '仅待第二人 only what waits for a second person')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async ({ waiting, json }: { readonly waiting?: true; readonly json?: true }) => {
      const corrections = await withDatabase(io, 'reader', (reader) =>
        listCorrections(reader, { waiting: waiting === true, limit: mostListed }),
      )
      if (json === true) return io.out(toJson({ corrections: corrections.map(correctionJson) }))
      io.out(corrections.length === 0 ? '无 none' : correctionsTable(corrections))
    })
}
