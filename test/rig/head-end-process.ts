// The receiving half of a head-end in a process of its own, to be killed: node build/test/rig/head-end-process.js NODE URL
import { createRealClock } from '../../console/runtime/real-clock.js'
import { createRealNetwork } from '../../console/runtime/real-network.js'
import { startHeadEnd } from '../../headend/head-end.js'
import { openDatabase } from '../../storage/database.js'

const [node, url] = process.argv.slice(2)
if (node === undefined || url === undefined) throw new Error('see the head of this file')
const clock = createRealClock()
const database = openDatabase({ url, clock, connections: 4 })
await startHeadEnd({ database, clock, network: createRealNetwork(), node })
console.log('head-end is up')
