// Runs a command, the test runner as a rule, with one database cluster for all its test files.
// It imports no tap: the runner it starts reports, and tap's timeout would end this process in mid-run.
import { spawn } from 'node:child_process'
import { clusterFolderVariable, openTestCluster } from './cluster.js'

const [command, ...args] = process.argv.slice(2)
if (command === undefined) throw new Error('usage: run-with-cluster COMMAND [ARGUMENT…]')
const cluster = await openTestCluster()
const { timescale, major } = cluster.database
process.stderr.write(
  `database tests run on PostgreSQL ${major} ${timescale ? 'with TimescaleDB' : 'without TimescaleDB'}\n`,
)
const child = spawn(command, args, {
  stdio: 'inherit',
  env: { ...process.env, [clusterFolderVariable]: cluster.folder },
})
// Ctrl-C reaches the runner as well; its end is what we wait for, so that the cluster goes last.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
const status = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)))
await cluster.close()
process.exitCode = status
