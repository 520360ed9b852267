import { pointsText } from '../core/amounts'
import type { SchemeDocument } from './document'
import type { ExpressionError } from './expression'
import { compileForPerson, compileForVisit } from './fields'
import { postStepOf, spanText } from './rules'

/** What is wrong with a scheme: where (a path such as earn.coefficients.0.when) and a sentence for who wrote it. */
export type Problem = { path: string; sentence: string; severity: 'error' | 'warning' }

type Found = (path: string, sentence: string, severity?: Problem['severity']) => void

/**
 * What no shape can say: a scheme that can never pay, caps that contradict, services nobody knows, expressions that don't
 * parse.
 *
 * @param services codes of the catalogue of the place; null where it isn't known
 */
export function problemsOf(document: SchemeDocument, services: readonly string[] | null = null): Problem[] {
  const problems: Problem[] = []
  const found: Found = (path, sentence, severity = 'error') => problems.push({ path, sentence, severity })
  checkPays(document, found)
  checkCaps(document, found)
  checkEarn(document, found)
  checkServices(document, services, found)
  checkExpressions(document, found)
  checkSpending(document, found)
  checkStars(document, found)
  return problems
}

/** As it is shown on a terminal and under a field. */
export function problemText({ path, sentence, severity }: Problem): string {
  return `${path === '' ? '（整份）' : path}：${severity === 'warning' ? '提醒：' : ''}${sentence}`
}

/** 第 12 个字：… */
export function expressionErrorText(error: ExpressionError): string {
  return `第 ${error.at + 1} 个字：${error.sentence}`
}

function checkPays(document: SchemeDocument, found: Found): void {
  const { earn } = document
  const hasRate = earn.milliPoints !== undefined && earn.seconds !== undefined
  if ((earn.milliPoints === undefined) !== (earn.seconds === undefined))
    found(earn.milliPoints === undefined ? 'earn.milliPoints' : 'earn.seconds', '单价要同时写“多少分”和“多少秒”')
  if (!hasRate && (earn.prices ?? []).length === 0) found('earn', '没有单价，也没有按项目的价：这份规则永远不会给分')
  if (earn.natures?.length === 0) found('earn.natures', '没有一种性质计分：这份规则永远不会给分')
  if ([0, 1, 2, 3, 4].every((level) => postStepOf(document, level) === 'never'))
    found('earn.postAt', '每一级凭证都不计分：这份规则永远不会给分')
  if (postStepOf(document, 0) !== 'never')
    found('earn.postAt.0', '补录的记录（L0）也计分：要有两个人经手和每月限额，确认要这样吗', 'warning')
  const { visitSecondsMin = 0, visitSecondsMax } = earn
  if (visitSecondsMax !== undefined && visitSecondsMin > visitSecondsMax)
    found(
      'earn.visitSecondsMin',
      `一次最少 ${spanText(visitSecondsMin)}，比最多 ${spanText(visitSecondsMax)} 还长：永远不会给分`,
    )
  if (!hasRate || earn.milliPoints === undefined || earn.seconds === undefined) return
  const { stepMilliPoints, over, mode } = earn.rounding ?? { stepMilliPoints: 1, over: 'visit', mode: 'down' }
  const most = visitSecondsMax ?? 86_400
  if (
    over === 'visit' &&
    mode === 'down' &&
    BigInt(earn.milliPoints) * BigInt(most) < BigInt(stepMilliPoints) * BigInt(earn.seconds)
  )
    found(
      'earn.rounding.stepMilliPoints',
      `做满 ${spanText(most)} 也不够 ${pointsText(BigInt(stepMilliPoints))} 分，舍去以后永远是 0`,
    )
}

const CAPS = [
  ['activityCapMilliPoints', '一次'],
  ['dayCapMilliPoints', '每天'],
  ['monthCapMilliPoints', '每月'],
  ['yearCapMilliPoints', '每年'],
] as const

function checkCaps({ earn }: SchemeDocument, found: Found): void {
  const step = earn.rounding?.stepMilliPoints ?? 1
  for (const [name, word] of [...CAPS, ['accountCapMilliPoints', '账户里'] as const]) {
    const cap = earn[name]
    if (cap === undefined) continue
    if (cap < step) found(`earn.${name}`, `${word}最多 ${pointsText(BigInt(cap))} 分，不够记 1 份：永远不会给分`)
    else if (cap % step !== 0)
      found(
        `earn.${name}`,
        `${word}最多 ${pointsText(BigInt(cap))} 分，不是 ${pointsText(BigInt(step))} 分的整数倍，到不了这个数`,
        'warning',
      )
  }
  const given = CAPS.flatMap(([name, word]) => {
    const cap = earn[name]
    return cap === undefined ? [] : [{ name, word, cap }]
  })
  for (let place = 1; place < given.length; place++) {
    const [narrow, wide] = [given[place - 1], given[place]]
    if (narrow !== undefined && wide !== undefined && narrow.cap > wide.cap)
      found(
        `earn.${narrow.name}`,
        `${narrow.word}最多 ${pointsText(BigInt(narrow.cap))} 分，比${wide.word}最多 ${pointsText(BigInt(wide.cap))} 分还多：互相矛盾`,
      )
  }
  const to = earn.overflow ?? {}
  const named = { activity: 'activity', day: 'day', month: 'month', year: 'year', account: 'account' } as const
  for (const key of Object.values(named))
    if (to[key] !== undefined && earn[`${key}CapMilliPoints`] === undefined)
      found(`earn.overflow.${key}`, '没有这个上限，不会有超出的', 'warning')
}

function checkEarn({ earn }: SchemeDocument, found: Found): void {
  if (earn.rounding?.over === 'cumulative' && earn.rounding.mode !== 'down')
    found('earn.rounding.mode', '累计取整只能舍去：零头留给下一次，多记的要不回来')
  ;(earn.earners ?? []).forEach(({ fromAge, toAge }, place) => {
    if (fromAge !== undefined && toAge !== undefined && fromAge > toAge)
      found(`earn.earners.${place}`, `从 ${fromAge} 岁到 ${toAge} 岁：没有人在里面`)
  })
  ;(earn.coefficients ?? []).forEach(({ fromClock, toClock, name, times: [n] }, place) => {
    if ((fromClock === undefined) !== (toClock === undefined))
      found(`earn.coefficients.${place}.toClock`, '时段要同时写从几点和到几点')
    if (fromClock !== undefined && fromClock === toClock) found(`earn.coefficients.${place}.toClock`, '时段是空的')
    if (n === 0) found(`earn.coefficients.${place}.times`, `“${name}”乘以 0：这些分钟不计分，确认要这样吗`, 'warning')
  })
  if (earn.group === 'nobody' && earn.minors?.groupsOnly === true)
    found('earn.minors.groupsOnly', '未成年人只能参加集体活动，集体活动又不计分：未成年人永远没有分', 'warning')
}

function checkServices({ earn, redeem }: SchemeDocument, services: readonly string[] | null, found: Found): void {
  const twice = (codes: readonly string[], path: string) =>
    codes.forEach((code, place) => {
      if (codes.indexOf(code) !== place) found(`${path}.${place}`, `“${code}”写了两次`)
    })
  const priced = (earn.prices ?? []).map(({ service }) => service)
  twice(priced, 'earn.prices')
  twice(
    (redeem?.prices ?? []).map(({ item }) => item),
    'redeem.prices',
  )
  if (services === null) return
  priced.forEach((code, place) => {
    if (!services.includes(code)) found(`earn.prices.${place}.service`, `服务项目里没有“${code}”`)
  })
  ;(redeem?.prices ?? []).forEach(({ item }, place) => {
    if (!services.includes(item)) found(`redeem.prices.${place}.item`, `服务项目里没有“${item}”`)
  })
}

function checkExpressions(document: SchemeDocument, found: Found): void {
  const person = (path: string, text: string | undefined) => {
    const compiled = text === undefined ? null : compileForPerson(text)
    if (compiled?.ok === false) found(path, expressionErrorText(compiled.error))
  }
  const visit = (path: string, text: string | undefined) => {
    const compiled = text === undefined ? null : compileForVisit(text)
    if (compiled?.ok === false) found(path, expressionErrorText(compiled.error))
  }
  visit('earn.when', document.earn.when)
  for (const [place, { when }] of (document.earn.coefficients ?? []).entries())
    visit(`earn.coefficients.${place}.when`, when)
  person('helpers.when', document.helpers?.when)
  person('serve.when', document.serve?.when)
  for (const [place, { when }] of (document.grants ?? []).entries()) person(`grants.${place}.when`, when)
  for (const [place, text] of (document.donate?.priority ?? []).entries()) person(`donate.priority.${place}`, text)
}

function checkSpending(document: SchemeDocument, found: Found): void {
  const { redeem, expiry, closing, grants } = document
  if (redeem?.kinds?.includes('yuan') === true && redeem.yuan === undefined)
    found('redeem.yuan', '可以抵扣现金，但是没有写抵扣比例')
  if (redeem?.yuan !== undefined && redeem.kinds !== undefined && !redeem.kinds.includes('yuan'))
    found('redeem.kinds', '写了抵扣比例，但是不能抵扣现金', 'warning')
  const perPeriod = [
    ['timesPerMonth', redeem?.timesPerMonth],
    ['timesPerQuarter', redeem?.timesPerQuarter],
    ['timesPerYear', redeem?.timesPerYear],
  ] as const
  for (const [name, times] of perPeriod) if (times === 0) found(`redeem.${name}`, '写成 0 就永远不能兑换')
  if (expiry?.kind === 'rolling' && expiry.months === undefined) found('expiry.months', '要写几个月后过期')
  if (expiry?.kind === 'yearEnd' && expiry.months !== undefined)
    found('expiry.months', '年底过期不用写几个月', 'warning')
  if (closing?.heirRelations !== undefined && closing.onDeath !== 'heir')
    found('closing.onDeath', '写了谁可以继承，去世后却不是继承')
  ;(grants ?? []).forEach(({ name, from }, place) => {
    if ((grants ?? []).findIndex((one) => one.name === name) !== place)
      found(`grants.${place}.name`, `“${name}”写了两次`)
    if (
      from === 'pool' &&
      document.donate === undefined &&
      document.earn.overflow === undefined &&
      document.earn.group !== 'pool'
    )
      found(`grants.${place}.from`, '公益池里不会有分：没有捐赠、超出的和集体活动的分进去', 'warning')
  })
}

function checkStars({ stars = [] }: SchemeDocument, found: Found): void {
  stars.forEach((star, place) => {
    const before = stars[place - 1]
    if (star.seconds === undefined && star.milliPoints === undefined)
      found(`stars.${place}`, `${star.stars} 星没有条件：人人都是`)
    if (before === undefined) return
    if (star.stars <= before.stars) found(`stars.${place}.stars`, '星级要从低到高写，不能重复')
    if ((star.seconds ?? 0) < (before.seconds ?? 0) || (star.milliPoints ?? 0) < (before.milliPoints ?? 0))
      found(`stars.${place}`, `${star.stars} 星比 ${before.stars} 星还容易`)
  })
}
