import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { registerTariff } from '../../billing/tariffs/register-tariff.js'
import { signTariff } from '../../billing/tariffs/sign-tariff.js'
import type { DemoWorld } from './demo-world.js'

const folder = fileURLToPath(new URL('../../billing/tariffs/', import.meta.url))

/** The published tariffs that the repository holds, as texts in the order of their file names. */
export function tariffTexts(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
}

/** One writes, two others sign. */
export async function bringTariffsIntoForce({ clock, databases }: DemoWorld): Promise<void> {
  for (const text of tariffTexts()) {
    const { code, version } = await registerTariff(databases.billing, clock, JSON.parse(text), { author: 'tariff-1' })
    for (const actor of ['tariff-2', 'tariff-3']) await signTariff(databases.billing, clock, { code, version, actor })
  }
}
