const mostTries = 20_000

/** A small input that fails too: stretches are taken out, ever shorter ones, then bytes are made plain. */
export function minimise(input: Buffer, fails: (candidate: Buffer) => boolean): Buffer {
  let triesLeft = mostTries
  const isFailing = (candidate: Buffer) => {
    triesLeft -= 1
    return triesLeft >= 0 && fails(candidate)
  }
  let smallest = Buffer.from(input)
  let isSmaller = true
  while (isSmaller) {
    isSmaller = false
    for (let size = Math.ceil(smallest.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
      for (let at = 0; at + size <= smallest.length; ) {
        const shorter = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)])
        if (isFailing(shorter)) {
          smallest = shorter
          isSmaller = true
        } else at += size
      }
  }
  for (const at of smallest.keys()) {
    if (smallest[at] === 0) continue
    const plainer = Buffer.from(smallest).fill(0, at, at + 1)
    if (isFailing(plainer)) smallest = plainer
  }
  return smallest
}
