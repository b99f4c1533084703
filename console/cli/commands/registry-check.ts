import type { Command } from 'commander'
import { checkRegistryDocument } from '../../../mdm/registry/import-registry.js'
import type { Io } from '../io.js'
import { readJsonFile } from '../read-json-file.js'
import { refuseDocument, sayDocument } from '../registry-report.js'

export function addRegistryCheckCommand(registry: Command, io: Io): void {
  registry
    .command('check')
    .description('检查档案文件，不需数据库 checks a file; needs no database')
    .argument('<file>', 'JSON，见 see docs/schemas/registry.schema.json')
    .option('--json', 'one JSON document')
    .action((file: string, { json }: { readonly json?: true }) => {
      const document = readJsonFile(io, file)
      const checked = checkRegistryDocument(document)
      if (!checked.ok) refuseDocument(io, { file, document, json: json === true }, checked.error)
      sayDocument(io, checked.value, json === true)
    })
}
