import { createCipheriv, createDecipheriv } from 'node:crypto'
import { inspect } from 'node:util'
import { z } from 'zod'
import { err, ok, type Result } from '../../domain/result.js'
import type { WriteAuthority } from '../../protocols/dlt645/write-requests.js'

/** A password with its level and operator code. However it is printed, it shows only that it is there. */
export class MeterCredential {
  readonly #authority: WriteAuthority

  constructor(authority: WriteAuthority) {
    this.#authority = authority
  }

  /** For the guard alone, which puts it into a frame. */
  open(): WriteAuthority {
    return this.#authority
  }

  toString(): string {
    return shown
  }

  toJSON(): string {
    return shown
  }

  [inspect.custom](): string {
    return shown
  }
}

const shown = '[credential]'

export interface SealedCredential {
  readonly credentialCode: string
  readonly version: number
  readonly nonce: Buffer
  readonly cipherText: Buffer
  readonly tag: Buffer
}

export interface CredentialName {
  readonly credentialCode: string
  readonly version: number
}

const algorithm = 'aes-256-gcm'
export const nonceBytes = 12

const authoritySchema = z.strictObject({
  level: z.string().regex(/^\d{2}$/, 'two digits'),
  password: z.string().regex(/^\d{6}$/, 'six digits'),
  operator: z.string().regex(/^\d{8}$/, 'eight digits'),
})

/** Checks `{"level","password","operator"}`; the error names the field and never the value. */
export function parseCredential(
  document: unknown,
): Result<MeterCredential, { readonly kind: 'credential_malformed'; readonly path: string }> {
  const parsed = authoritySchema.safeParse(document)
  if (parsed.success) return ok(new MeterCredential(parsed.data))
  return err({ kind: 'credential_malformed', path: parsed.error.issues[0]?.path.join('.') || 'document' })
}

/** Seals a credential under its name, so that it opens under no other. `nonce`: 12 random bytes, never used before. */
export function sealCredential(
  credential: MeterCredential,
  name: CredentialName,
  key: Buffer,
  nonce: Buffer,
): SealedCredential {
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(boundTo(name))
  const cipherText = Buffer.concat([cipher.update(JSON.stringify(credential.open()), 'utf8'), cipher.final()])
  return { ...name, nonce, cipherText, tag: cipher.getAuthTag() }
}

/** `credential_unreadable`: another key, or a row that was changed or moved. */
export function openCredential(
  sealed: SealedCredential,
  key: Buffer,
): Result<MeterCredential, { readonly kind: 'credential_unreadable' }> {
  try {
    const decipher = createDecipheriv(algorithm, key, sealed.nonce).setAAD(boundTo(sealed)).setAuthTag(sealed.tag)
    const text = Buffer.concat([decipher.update(sealed.cipherText), decipher.final()]).toString('utf8')
    const credential = parseCredential(JSON.parse(text))
    return credential.ok ? credential : err({ kind: 'credential_unreadable' })
  } catch {
    return err({ kind: 'credential_unreadable' })
  }
}

/** 64 hexadecimal digits, as `openssl rand -hex 32` writes them; null for anything else. */
export function parseCredentialKey(text: string): Buffer | null {
  const digits = text.trim()
  return /^[0-9a-fA-F]{64}$/.test(digits) ? Buffer.from(digits, 'hex') : null
}

function boundTo({ credentialCode, version }: CredentialName): Buffer {
  return Buffer.from(JSON.stringify([credentialCode, version]))
}
