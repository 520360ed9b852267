/** What a rule of an explanation is called: its path in the scheme, in words. Free of zod: the phone shows it. */
const WORDS: readonly (readonly [path: RegExp, words: (name: string) => string])[] = [
  [/^earn\.prices\.?(.*)$/, () => '按项目计分'],
  [/^earn\.milliPoints()$/, () => '按时长计分'],
  [/^earn()$/, () => '怎么得分'],
  [/^bonuses\.festivals\.(.*)$/, (name) => `节日另加：${name}`],
  [/^bonuses\.referralMilliPoints()$/, () => '介绍新志愿者'],
  [/^bonuses\.organiserMilliPoints()$/, () => '组织活动'],
  [/^grants\.(.*)$/, (name) => `发放：${name}`],
  [/^transfer()$/, () => '送给家人'],
  [/^donate()$/, () => '捐赠'],
  [/^expiry.*()$/, () => '过期'],
  [/^penalties.*()$/, () => '扣分'],
  [/^closing.*()$/, () => '销户'],
  [/^challenge.*()$/, () => '中途再扫一次'],
  [/^redeem.*()$/, () => '兑换'],
]

export function ruleWords(rule: string): string {
  for (const [path, words] of WORDS) {
    const found = path.exec(rule)
    if (found !== null) return words(found[1] ?? '')
  }
  return rule
}
