import { once } from 'node:events'
import t from 'tap'
import { createRealNetwork } from '../../../console/runtime/real-network.js'

const network = createRealNetwork()
const anyPort = { host: '127.0.0.1', port: 0 }

await t.test('carries bytes both ways and says which port it took', async (t) => {
  const listener = await network.listen(anyPort, (socket) => socket.pipe(socket))
  t.ok(listener.endpoint.port > 0)
  const socket = await network.connect(listener.endpoint)
  socket.write('frame')
  t.same(await once(socket, 'data'), [Buffer.from('frame')])
  await listener.close()
})

await t.test('closing a listener cuts its clients and refuses new ones, however often it is called', async (t) => {
  const listener = await network.listen(anyPort, (socket) => socket.resume())
  const socket = await network.connect(listener.endpoint)
  socket.resume()
  const cut = once(socket, 'close')
  await listener.close()
  await cut
  await listener.close()
  await t.rejects(network.connect(listener.endpoint), { code: 'ECONNREFUSED' })
})

await t.test('a taken port is the system’s error', async (t) => {
  const listener = await network.listen(anyPort, () => {})
  await t.rejects(
    network.listen(listener.endpoint, () => {}),
    { code: 'EADDRINUSE' },
  )
  await listener.close()
})
