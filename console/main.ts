#!/usr/bin/env node
import { runCli } from './cli/run-cli.js'
import { createProcessIo } from './runtime/process-io.js'

process.exitCode = await runCli(process.argv.slice(2), createProcessIo())
