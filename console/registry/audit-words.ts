/** What the rules of the registry audit find fault with. */
const words: ReadonlyMap<string, string> = new Map([
  ['no_meter', '在用户无表'],
  ['multiplier_unknown', '倍率不明'],
  ['unknown_tariff', '电价不在册'],
  ['no_contract_capacity', '无合同容量'],
  ['shares_above_one', '定比合计大于 1'],
  ['parent_without_meter', '上级无电表'],
  ['address_twice', '同线地址重复'],
  ['class_unlike_customer', '类别与客户不符'],
  ['not_verified', '未检定或过期'],
  ['no_contact', '无联系方式'],
  ['area_without_supply', '台区无总表'],
  ['area_without_crew', '台区无班组'],
])

export function auditRuleText(rule: string): string {
  const word = words.get(rule)
  return word === undefined ? rule : `${word} ${rule}`
}
