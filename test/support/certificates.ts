import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Files and texts of one certificate with its key. */
export interface IssuedCertificate {
  readonly certificateFile: string
  readonly keyFile: string
  readonly certificate: string
  readonly key: string
}

export interface Authority {
  readonly file: string
  readonly text: string
  /** `address`: an IP address that the certificate is for; `expired`: it ended long ago. */
  readonly issue: (
    commonName: string,
    more?: { readonly address?: string; readonly expired?: boolean },
  ) => IssuedCertificate
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** An authority made by openssl in a folder of its own, for one test. */
export function createAuthority(folder: string): Authority {
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  }
  const path = (name: string): string => join(folder, name)
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '3650',
    '-subj',
    '/CN=test authority',
  )
  writeFileSync(path('index.txt'), '')
  writeFileSync(path('ca.conf'), settings)
  return {
    file: path('ca.pem'),
    text: readFileSync(path('ca.pem'), 'utf8'),
    issue(commonName, { address, expired = false } = {}) {
      const stem = `${commonName}${expired ? '-expired' : ''}`
      writeFileSync(path('ext'), address === undefined ? '' : `subjectAltName=IP:${address}\n`)
      openssl('req', ...newKey, '-keyout', `${stem}.key`, '-out', `${stem}.csr`, '-subj', `/CN=${commonName}`)
      const validity = expired
        ? ['-startdate', '200101000000Z', '-enddate', '200102000000Z']
        : ['-startdate', '200101000000Z', '-days', '3650']
      const files = [
        '-in',
        `${stem}.csr`,
        '-out',
        `${stem}.pem`,
        '-cert',
        'ca.pem',
        '-keyfile',
        'ca.key',
        '-extfile',
        'ext',
      ]
      openssl('ca', '-batch', '-config', 'ca.conf', '-notext', ...files, ...validity)
      return {
        certificateFile: path(`${stem}.pem`),
        keyFile: path(`${stem}.key`),
        certificate: readFileSync(path(`${stem}.pem`), 'utf8'),
        key: readFileSync(path(`${stem}.key`), 'utf8'),
      }
    },
  }
}

const settings = `[ca]
default_ca = own
[own]
new_certs_dir = .
database = index.txt
default_md = sha256
policy = any
unique_subject = no
rand_serial = yes
[any]
commonName = supplied
`
