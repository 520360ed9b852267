import type { Problem } from '../../shared/scheme/check'
import type { SchemeDocument } from '../../shared/scheme/document'

/**
 * What the engine reckons but the running system doesn't yet act on. A scheme with such a part can be written and tried; to
 * publish it would promise people something that nobody keeps, so publishing is refused with the list.
 */
export function whyNotLive(document: SchemeDocument): Problem[] {
  const { earn, redeem } = document
  const parts: [path: string, isThere: boolean][] = [
    ['earn.yearCapMilliPoints', earn.yearCapMilliPoints !== undefined],
    ['earn.overflow', Object.values(earn.overflow ?? {}).some((to) => to !== undefined && to !== 'drop')],
    ['earn.rounding.over', earn.rounding?.over === 'cumulative'],
    ['earn.coefficients', UNKNOWN.some((word) => ruleTexts(earn).some((text) => text.includes(word)))],
    ['earn.group', earn.group !== undefined],
    ['earn.minors', earn.minors !== undefined],
    ['helpers', document.helpers !== undefined],
    ['serve', document.serve !== undefined],
    ['redeem.relations', redeem?.relations !== undefined && !redeem.relations.includes('self')],
    ['redeem.whenNobodyTakes', redeem?.whenNobodyTakes === 'marketService'],
    ['redeem.serviceHourMilliPoints', redeem?.serviceHourMilliPoints !== undefined],
    ['redeem.yuan', redeem?.yuan !== undefined],
    ['redeem.prices', redeem?.prices !== undefined],
    ['transfer', document.transfer !== undefined],
    ['donate', document.donate !== undefined],
    ['grants', document.grants !== undefined],
    ['overdraftMilliPoints', document.overdraftMilliPoints !== undefined],
    ['expiry', document.expiry !== undefined],
    ['penalties', document.penalties !== undefined],
    ['bonuses', document.bonuses !== undefined],
    ['stars', document.stars !== undefined],
    ['closing', document.closing !== undefined],
  ]
  return parts
    .filter(([, isThere]) => isThere)
    .map(([path]) => ({ path, sentence: '这一项可以试算，还不能发布：系统还不会照着做', severity: 'error' as const }))
}

/** Facts that the engine knows from an event and no visit keeps yet: their rules would hold for nobody. */
const UNKNOWN = [
  'difficulty',
  '难度',
  'group',
  '集体活动',
  'atSite',
  '在机构',
  'organiser',
  '组织者',
  'Ability',
  '能力等级',
  'helperCredit',
  '信用等级',
]

function ruleTexts(earn: SchemeDocument['earn']): string[] {
  return [earn.when, ...(earn.coefficients ?? []).map(({ when }) => when)].filter((text) => text !== undefined)
}
