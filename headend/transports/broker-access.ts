/** How this machine gets into one broker. Certificates, keys and passwords live here and nowhere else: no row and no log holds them. */
export interface BrokerAccess {
  /** As in the settings of the lines behind it: `mqtt://host:port` or `mqtts://host:port`. */
  readonly url: string
  readonly protocolVersion: '3.1.1' | '5'
  /** Group whose head-ends divide the uploads among them (`$share`); null where each hears everything. MQTT 5 only. */
  readonly shareGroup: string | null
  /** Messages that the broker may send before the first of them is acknowledged. MQTT 5; a broker of 3.1.1 has a limit of its own. */
  readonly receiveMaximum: number
  readonly username: string | null
  readonly password: () => string | null
  /** Read anew for every connection, so that a renewed certificate is taken without a restart. Unused without TLS. */
  readonly certificates: () => Certificates
}

/** PEM texts; null where the system's own authorities are trusted, or where the broker wants no client certificate. */
export interface Certificates {
  readonly authority: string | null
  readonly certificate: string | null
  readonly key: string | null
  /** Name that the server's certificate must carry; the URL's host where it is null. */
  readonly serverName: string | null
}

/** Enough for a batch, and little enough that a broker keeps what a standing database cannot take. */
export const usualReceiveMaximum = 1000

/** Nothing but the address: for brokers that nobody configured. */
export function openAccess(url: string): BrokerAccess {
  return {
    url,
    protocolVersion: '3.1.1',
    shareGroup: null,
    receiveMaximum: usualReceiveMaximum,
    username: null,
    password: () => null,
    certificates: () => ({ authority: null, certificate: null, key: null, serverName: null }),
  }
}
