import { maskedContact } from '../../domain/masked-contact.js'
import type { RegistryCard } from '../../storage/registry/card.js'

/** A supply as lines of a title and what stands there; what is not there is said, because somebody looks for it. */
export function cardLines(card: RegistryCard): readonly (readonly [title: string, text: string])[] {
  const { customer, customerName, customerKind, isKeyAccount, gridCell, gridManager } = card
  const key = isKeyAccount === true ? ' · 重要客户 key account' : ''
  const multiplier = card.multiplier === null ? null : `× ${card.multiplier}`
  const agreement = [
    card.tariff,
    card.usageClass,
    card.contractCapacityKva === null ? null : `${card.contractCapacityKva} kVA`,
  ]
  return [
    ['计量点 usage point', joined(card.usagePoint, card.supplyAddress)],
    ['客户 customer', joined(customer, customerName, customerKind) + key],
    ['户号 account', joined(card.account)],
    ['用电协议 agreement', joined(...agreement)],
    ['联系方式 contacts', card.contacts.map(contactText).join('; ') || none],
    ['电表 meter', joined(card.meter, card.meterModel, multiplier)],
    ['通信 communication', joined(card.communicationAddress, card.line)],
    ['台区 / 班组 area / crew', `${card.transformerArea ?? none} / ${card.crew ?? none}`],
    ['网格 grid cell', joined(gridCell, gridManager)],
    ['单位 organisation', joined(card.organisation, card.timeZone)],
  ]
}

/** The same for programs, contacts masked as well. */
export function cardForJson({ contacts, ...card }: RegistryCard) {
  return { ...card, contacts: contacts.map((contact) => ({ ...contact, address: maskedContact(contact.address) })) }
}

const none = '无 none'

function joined(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(' · ') || none
}

function contactText({ channel, address, verified }: RegistryCard['contacts'][number]): string {
  return `${channel} ${maskedContact(address)}${verified ? '' : ' (未核实 not verified)'}`
}
