/** Chinese words of the rules, inputs and slots that stand in a bill; what somebody named otherwise is shown as it was named. */
const words: Readonly<Record<string, string>> = {
  charge_line: '计费',
  block_energy: '分档',
  block_chosen: '按量定档',
  power_factor: '功率因数调整',
  time_share: '按时间分摊',
  quantity: '数量',
  unitPrice: '单价',
  multiple: '倍数',
  amountExact: '未舍入金额',
  rounding: '舍入',
  bounds: '档界',
  before: '此前已用',
  by: '依据',
  powerFactor: '功率因数',
  share: '占比',
  day: '天数',
  month: '月数',
  period: '期数',
  sharp: '尖',
  peak: '峰',
  flat: '平',
  valley: '谷',
  deep_valley: '深谷',
}

/** A word in Chinese with the one of the document beside it. */
export function withChinese(word: string): string {
  const chinese = words[word]
  return chinese === undefined ? word : `${chinese} ${word}`
}
