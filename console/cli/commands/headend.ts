import { hostname } from 'node:os'
import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { secondMs } from '../../../domain/time.js'
import { nodeDatabaseLimits } from '../../../headend/database-limits.js'
import { isNodeName } from '../../../headend/node/node-name.js'
import { openDatabase } from '../../../storage/database.js'
import { nodeApplicationPrefix } from '../../../storage/headend/running-nodes.js'
import type { ResolvedDatabase } from '../../../storage/resolve-database.js'
import { requireMigrated } from '../../../storage/schema-version.js'
import { brokersFrom } from '../../brokers.js'
import { loadConfig, parsePort } from '../../config.js'
import { createJsonLog } from '../../headend/json-log.js'
import { runNode } from '../../headend/run-node.js'
import { loadCredentialKey } from '../../orders/credential-key.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { createRealNetwork } from '../../runtime/real-network.js'
import { createSerialPorts } from '../../runtime/serial-port.js'
import type { Io } from '../io.js'
import { withResolvedDatabase } from '../session.js'
import { untilInterrupted } from '../until-interrupted.js'

interface HeadEndFlags {
  readonly node: string
  readonly metricsPort?: number
}

export function addHeadEndCommand(program: Command, io: Io): void {
  program
    .command('headend')
    .description('采集节点，直到 Ctrl-C；可多机多开 a collection node until Ctrl-C; any number share the lines')
    .option(
      '--node <name>',
      '节点名，每个进程一个，重启不变 a name for each process, the same after a restart',
      hostname(),
    )
    .option(
      '--metrics-port <port>',
      '在本机此端口给出 /metrics 与 /healthz · Prometheus figures on this port',
      (text) => parsePort(text, '--metrics-port'),
    )
    .action((flags: HeadEndFlags) => runHeadEnd(io, flags))
}

async function runHeadEnd(io: Io, { node, metricsPort }: HeadEndFlags): Promise<void> {
  checkNodeName(node)
  const clock = createRealClock()
  const log = createJsonLog(clock, node, io.err)
  const interrupted = untilInterrupted(io)
  const { brokers, spool } = loadConfig(io.cwd, io.env)
  try {
    const work = async (resolved: ResolvedDatabase): Promise<void> => {
      await checkSchema(resolved.ownerUrl)
      const url = resolved.url('headend')
      const database = openDatabase({
        url,
        clock,
        applicationName: `${nodeApplicationPrefix}${node}`,
        limits: nodeDatabaseLimits,
        onSilence: (statementMs) => log('error', 'database_silent', { seconds: statementMs / secondMs }),
      })
      try {
        await runNode({
          database,
          url,
          clock,
          network: createRealNetwork(),
          serialPorts: createSerialPorts(),
          brokers: brokersFrom(brokers, io.cwd, io.env),
          credentialKey: loadCredentialKey(io.env),
          node,
          instance: `${node}#${process.pid}@${clock.now()}`,
          metricsPort: metricsPort ?? null,
          spool,
          log,
          ended: interrupted.happened,
        })
      } finally {
        await database.close()
      }
    }
    await withResolvedDatabase(io, work, {
      takenOver: () => log('info', 'local_database_taken_over'),
      failed: (error) => log('error', 'local_database_lost', { reason: error.message }),
    })
  } finally {
    interrupted.stop()
  }
}

function checkNodeName(node: string): void {
  if (isNodeName(node)) return
  throw new UserError(
    'bad_usage',
    `--node ${JSON.stringify(node)}: 须为 1 至 60 个字母、数字、. _ -，以字母或数字开头 expected 1 to 60 letters, digits, . _ -, beginning with a letter or digit`,
  )
}

async function checkSchema(ownerUrl: string): Promise<void> {
  const owner = openDatabase({ url: ownerUrl, clock: createRealClock() })
  try {
    await requireMigrated(owner)
  } finally {
    await owner.close()
  }
}
