/** An address as people may see it who do not use it: enough to recognise, too little to write to. */
export function maskedContact(address: string): string {
  const at = address.lastIndexOf('@')
  if (at > 0) return `${address.slice(0, 1)}***${address.slice(at)}`
  const shown = Math.min(4, Math.floor(address.length / 3))
  return `***${shown === 0 ? '' : address.slice(-shown)}`
}
