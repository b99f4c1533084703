// Compiles and runs every test. tap needs its generated plugin set once per checkout, hence `tap build`.
// The database tests share one private cluster; SHUANGWU_TEST_TIER=plain|timescale chooses which PostgreSQL it is.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))))
const tap = join('node_modules', '.bin', 'tap')
run(process.execPath, ['scripts/build.mjs'])
run(tap, ['build'])
run(process.execPath, ['build/test/support/run-with-cluster.js', tap, 'run', ...process.argv.slice(2)])

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
