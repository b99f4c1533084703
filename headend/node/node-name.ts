/**
 * A node's name goes into MQTT topics and client ids, into the names of files and leases: letters, digits, `.`, `_` and `-` pass
 * through all of them unchanged.
 */
const nodeName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/

export function isNodeName(text: string): boolean {
  return nodeName.test(text)
}
