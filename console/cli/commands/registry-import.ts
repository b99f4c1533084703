import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { importRegistry, rehearseImport } from '../../../mdm/registry/import-registry.js'
import { findActorKind } from '../../../storage/billing/actors.js'
import { isRefusedData } from '../../../storage/database.js'
import { readPurpose } from '../../../storage/deployment.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { readJsonFile } from '../read-json-file.js'
import { namesActor, refuseDocument, sayImported } from '../registry-report.js'
import { withDatabase } from '../session.js'

interface ImportFlags {
  readonly actor: string
  readonly dryRun?: true
  readonly json?: true
}

export function addRegistryImportCommand(registry: Command, io: Io): void {
  registry
    .command('import')
    .description(
      '导入档案：全部或全不；同一文件再导入不改变任何东西 takes master data in, all of it or nothing; the same file again changes nothing',
    )
    .argument('<file>', 'JSON，见 see docs/schemas/registry.schema.json')
    .requiredOption('--actor <code>', '导入人，须在文件 actors 中或已登记 who imports: in the file’s actors, or known')
    .option('--dry-run', '只试不写 tries it and leaves everything as it was')
    .option('--json', 'one JSON document')
    .action((file: string, flags: ImportFlags) => importFile(io, file, flags))
}

async function importFile(io: Io, file: string, { actor, dryRun, json }: ImportFlags): Promise<void> {
  const document = readJsonFile(io, file)
  const report = { file, document, json: json === true, isRehearsal: dryRun === true }
  await withDatabase(io, 'mdm', async (database) => {
    if ((await readPurpose(database)) === 'demo')
      throw new UserError(
        'refused',
        '此库为演示库 this database holds a demo; use another folder (SHUANGWU_FOLDER) or database',
      )
    if (!namesActor(document, actor) && (await findActorKind(database, actor)) === null)
      throw new UserError('bad_usage', `unknown actor ${actor}: neither among the file’s actors nor in the database`)
    const stamp = { actor, recordedAt: createRealClock().now() }
    const imported = await sayRefusedData(file, () =>
      (report.isRehearsal ? rehearseImport : importRegistry)(database, document, stamp),
    )
    if (!imported.ok) refuseDocument(io, report, imported.error)
    sayImported(io, report, imported.value)
  })
}

/** What only the database could see, such as a code that another import took in the meantime. */
async function sayRefusedData<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    if (!isRefusedData(cause) || !(cause instanceof Error)) throw cause
    throw new UserError('refused', `${file}: ${cause.message}`, { cause })
  }
}
