/** What the option parser says, by what is found in its English; the first that fits. */
const chinese: readonly (readonly [RegExp, string])[] = [
  [/^unknown option/, '未知选项'],
  [/^unknown command/, '未知命令'],
  [/^missing required argument/, '缺少参数'],
  [/^required option/, '缺少必给选项'],
  [/^option .* argument missing$/, '选项缺少值'],
  [/^too many arguments/, '参数过多'],
  [/ cannot be used with /, '选项不能同用'],
  [/ is invalid/, '取值不对'],
]

/**
 * A complaint of the option parser on one line. What it quotes stays as it was typed.
 * @param complaint `error: unknown option '--x'`, as commander 14 words it.
 */
export function complaintText(complaint: string): string {
  return complaint
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim()
}

/** The same with the Chinese before it. */
export function usageProblemText(complaint: string): string {
  const english = complaintText(complaint)
  const word = chinese.find(([said]) => said.test(english))?.[1] ?? '用法不对'
  return `${word} ${english.replace('Allowed choices are', '可用 allowed choices are')}`
}
