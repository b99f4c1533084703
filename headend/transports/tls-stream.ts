import { once } from 'node:events'
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect, type ConnectionOptions } from 'node:tls'
import type { Certificates } from './broker-access.js'

/** IEC 62351-3: nothing older. */
const oldestTls = 'TLSv1.2'

/**
 * TLS over an open socket. Resolves when the server has shown a certificate of a trusted authority for the expected name; rejects
 * with the system's code (`CERT_HAS_EXPIRED`, `ERR_TLS_CERT_ALTNAME_INVALID`, `SELF_SIGNED_CERT_IN_CHAIN`, …).
 */
export async function securedStream(socket: Duplex, host: string, certificates: Certificates): Promise<Duplex> {
  const { authority, certificate, key, serverName } = certificates
  const name = serverName ?? host
  const options: ConnectionOptions = {
    socket,
    host: name,
    minVersion: oldestTls,
    rejectUnauthorized: true,
    // Addresses are compared with the certificate's addresses; only names may be announced.
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(authority === null ? {} : { ca: authority }),
    ...(certificate === null ? {} : { cert: certificate }),
    ...(key === null ? {} : { key }),
  }
  const secured = connect(options)
  try {
    await once(secured, 'secureConnect')
    return secured
  } catch (error) {
    secured.destroy()
    throw error
  }
}
