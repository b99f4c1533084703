import type { MqttClient, Packet, PacketCallback } from 'mqtt'

/** Sends the PUBACK of the message that was being delivered when it was made; does nothing once the connection is another. */
export type ReleaseAcknowledgement = () => void

/** The private method that every outgoing packet passes. */
type SendPacket = (packet: Packet, callback?: PacketCallback, ...rest: readonly unknown[]) => MqttClient

/**
 * Holds back the PUBACK of every QoS 1 message until it is released, so that the broker keeps a message that is not committed yet.
 * Call the returned function from the `message` handler. Wraps a private method of mqtt 5.16, which acknowledges right after the
 * handler returns; its own hooks for late acknowledgement stop the flow after each message.
 */
export function holdAcknowledgements(client: MqttClient): (messageId: number | undefined) => ReleaseAcknowledgement {
  const send: SendPacket = client['_sendPacket'].bind(client)
  const held = new Map<number, Packet>()
  let connection = 0

  const sendLater: SendPacket = (packet, callback, ...rest) => {
    if (packet.cmd !== 'puback' || packet.messageId === undefined) return send(packet, callback, ...rest)
    held.set(packet.messageId, packet)
    callback?.()
    return client
  }
  client['_sendPacket'] = sendLater
  // The broker sends what it has no PUBACK for again under the next connection.
  client.on('close', () => {
    connection += 1
    held.clear()
  })

  return (messageId) => {
    const madeOn = connection
    return () => {
      const packet = messageId === undefined || madeOn !== connection ? undefined : held.get(messageId)
      if (messageId === undefined || packet === undefined) return
      held.delete(messageId)
      send(packet)
    }
  }
}
