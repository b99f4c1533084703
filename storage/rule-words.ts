/** What the rules of the database say in their triggers, by the English of it; the first that fits. */
const words: readonly (readonly [said: RegExp, chinese: string])[] = [
  [/nobody has given them the right to approve/, '没有审批权'],
  [/may not approve it: that takes another person/, '本人所提，须由他人审批'],
  [/approved by people|^only people approve/, '须由人审批'],
  [/acts through a database login of their own/, '须用本人的数据库账号'],
  [/needs the approval of another person/, '须由他人审批'],
  [/has expired and can no longer be approved/, '已过期，不能再审批'],
  [/is part of group .* and approved with it/, '属于成组指令，随组审批'],
  [/lacks approvals|has \d+ of \d+ approvals/, '审批人数不足'],
  [/is not valid (at|on)/, '不在有效期'],
  [/is not for line/, '不含此线路'],
  [/ends the standing order/, '常设令已停用'],
  [/waits for the parts of its group/, '须先执行同组在前的指令'],
  [/does not hold line/, '线路由其他进程占用'],
  [/recorded no meter exchange/, '此人未登记过此线路的换表'],
  [/the registry has changed since push/, '下发提出后档案有变'],
  [/the table of push .* is not the one/, '下发内容与档案不符'],
  [/is not what was approved/, '与审批的内容不符'],
  [/opening batch .* does not have all of its items/, '期初批次条目不全'],
  [/an opening batch has more items/, '期初条目多于所报'],
  [/items of an opening batch come with it/, '期初条目随批次导入，遗漏的另立批次'],
  [/do not come to its control totals/, '期初条目合计与控制数不符'],
  [/opening batch .* is not in force/, '期初批次未生效或内容不同'],
  [/correction .* does not say what/, '更正单与所改内容不符'],
  [/correction .* withdraws a change/, '撤销变更须由第二人审批'],
  [/opening batch .* begins at an instant that is still to come/, '期初批次的起始时刻未到'],
  [/opening batch .* contradicts what is in force/, '期初批次与已生效批次矛盾'],
  [/a decision that is closed/, '决定已定，不能再加异常'],
  [/decision .* holds until .* which is past/, '暂缓日期已过'],
  [/decision .* goes against the rules|an override code belongs to/, '与校核规则不符，须写明理由'],
  [/decision .* does not hold its|did not speak of all/, '决定与其异常不符'],
  [/has decided nothing of the kind/, '此人未作过此决定'],
  [/is about no reading/, '此异常不涉及示数'],
  [/no claim of .* says what is to be accepted/, '没有可认可的这一示数'],
  [/corrected to less than the last accepted value/, '更正值低于上次认可的示数'],
  [/does not follow the last one/, '期间已有更新，请重试'],
  [/is the line's day, not/, '日期与线路所在时区不符'],
  [/keeps the server's time|the server's clock says/, '时间须为服务器时间'],
]

/** A refusal of the database with the Chinese before it; one without a word of its own as it is. */
export function ruleText(message: string): string {
  const word = words.find(([said]) => said.test(message))?.[1]
  return word === undefined ? message : `${word} ${message}`
}
