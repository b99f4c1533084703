/** Why an attempt at a due point brought nothing, or nobody came to try, as a crew says it. */
const attemptWords: ReadonlyMap<string, string> = new Map([
  ['line_down', '线路不通'],
  ['no_reply', '电表无应答'],
  ['damaged', '线路干扰，报文受损'],
  ['wrong_answer', '应答不符（他表或他项）'],
  ['refused', '电表拒绝应答'],
  ['no_freeze', '表内无此日冻结'],
  ['wrong_stamp', '冻结时标不符'],
  ['invalid_value', '数据无效'],
  ['no_register_map', '表型无寄存器定义'],
  ['no_upload', '集中器未上传'],
  ['window_over', '未轮到，窗口已过'],
  ['live_too_late', '表无冻结，已过零点时限'],
  ['unknown_item', '电表无此数据项'],
  ['wrong_password', '口令不符'],
  ['no_such_data', '电表无此数据'],
  ['value_absent', '数据缺失'],
  ['settlement_unused', '未设结算日'],
  ['settlement_at_hand', '临近结算时刻'],
  ['settlement_unknown', '结算日未知'],
  ['not_owner', '线路由采集节点占用'],
  ['interrupted', '中断'],
])

/** The word with its code, or the bare code of a cause that has none. */
export function attemptText(cause: string): string {
  const word = attemptWords.get(cause)
  return word === undefined ? cause : `${word} ${cause}`
}
