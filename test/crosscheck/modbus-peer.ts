import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkoutRoot } from '../architecture/source-files.js'
import { requireTool, runTool, sourceOf, type StartedTool, startTool } from './tools.js'

/** Compiles the libmodbus program into a folder. @returns its path. */
export async function compilePeer(folder: string): Promise<string> {
  const cc = requireTool('cc', 'gcc libc6-dev')
  const program = join(folder, 'libmodbus-peer')
  const args = ['-Wall', '-o', program, sourceOf('libmodbus-peer.c'), '-I/usr/include/modbus', '-lmodbus']
  const { code, text } = await runTool(cc, args)
  if (code !== 0) throw new Error(`libmodbus cannot be used; on Debian: apt-get install libmodbus-dev\n${text}`)
  return program
}

export interface Simulator extends StartedTool {
  readonly listening: readonly { readonly protocol: string; readonly port?: number; readonly path?: string }[]
}

/** The product's own command, as a user starts it. */
export async function startSimulator(mapFile: string, more: readonly string[] = []): Promise<Simulator> {
  const args = [join(checkoutRoot, 'build', 'console', 'main.js'), 'sim', 'modbus', '--map', mapFile, '--json', ...more]
  const started = await startTool(process.execPath, args, isJson)
  return { ...started, ...(JSON.parse(started.text) as Pick<Simulator, 'listening'>) }
}

/** Two pseudo terminals that stand for the two ends of a serial line, or one that stands for a serial server. */
export async function startSocat(addresses: readonly string[], links: readonly string[]): Promise<StartedTool> {
  const started = await startTool(requireTool('socat', 'socat'), ['-d', '-d', ...addresses], (text) =>
    text.includes('starting data transfer loop'),
  )
  while (!links.every((link) => existsSync(link))) await sleep(20)
  return started
}

export function pty(link: string): string {
  return `pty,raw,echo=0,link=${link}`
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Two models that count, a device with all four tables, and one that is refused everything but function 03. */
export const crosscheckMap = `
listen:
  - tcp: { port: 0 }
  - rtuTcp: { port: 0 }
devices:
  - units: [5]
    model: acrel-adl3000-e
    values:
      forward_active_energy_total: "429496.72"
      forward_active_energy_spike: "0.01"
      forward_active_energy_peak: "123.45"
  - units: [6]
    model: eastron-sdm72d-m
    values: { forward_active_energy_total: "12345.50", active_power_total: "-230.5" }
  - units: [7]
    coils: [{ address: 0, values: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0] }]
    discreteInputs: [{ address: 0, values: [1, 0, 1] }]
    holding: [{ address: 0, values: [1, 2, 3] }]
    input: [{ address: 0, values: [0xBEEF, 7] }]
    registers:
      - { name: serial_number, function: 3, address: 3000, type: uint32, wordOrder: high_first, byteOrder: high_first,
          multiplier: "1", decimals: 0, unit: "1", side: secondary }
    values: { serial_number: "20260731" }
  - units: [8]
    functions: [3]
    holding: [{ address: 0, values: [8] }]
`
