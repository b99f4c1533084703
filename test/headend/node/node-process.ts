// A collection node as a process of its own, whose clock shows the time of the story: node-process.js URL NAME NOW SPOOLFOLDER [STATEMENTMS]
import { createJsonLog } from '../../../console/headend/json-log.js'
import { runNode } from '../../../console/headend/run-node.js'
import { loadCredentialKey } from '../../../console/orders/credential-key.js'
import { createRealClock } from '../../../console/runtime/real-clock.js'
import { createRealNetwork } from '../../../console/runtime/real-network.js'
import { createSerialPorts } from '../../../console/runtime/serial-port.js'
import { createShiftedClock } from '../../../console/runtime/shifted-clock.js'
import { secondMs } from '../../../domain/time.js'
import { nodeDatabaseLimits } from '../../../headend/database-limits.js'
import { openDatabase } from '../../../storage/database.js'

const [url, node, now, folder, statementMs] = process.argv.slice(2)
if (url === undefined || node === undefined || folder === undefined) throw new Error('see the head of this file')
const clock = createShiftedClock(createRealClock(), Number(now))
const log = createJsonLog(clock, node, (line) => process.stdout.write(`${line}\n`))
const database = openDatabase({
  url,
  clock,
  limits: statementMs === undefined ? nodeDatabaseLimits : { ...nodeDatabaseLimits, statementMs: Number(statementMs) },
  onSilence: (silentMs) => log('error', 'database_silent', { seconds: silentMs / secondMs }),
})
await runNode({
  database,
  url,
  clock,
  network: createRealNetwork(),
  serialPorts: createSerialPorts(),
  brokers: [],
  credentialKey: loadCredentialKey(process.env),
  node,
  instance: `${node}#${process.pid}`,
  metricsPort: null,
  spool: { folder, maxBytes: 1_000_000 },
  timing: { holdMs: 5000, heartbeatMs: 500, safetyMs: 500 },
  log,
  ended: new Promise((resolve) => process.once('SIGTERM', () => resolve())),
})
await database.close()
