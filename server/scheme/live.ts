import type { Problem } from '../../shared/scheme/check'
import type { SchemeDocument } from '../../shared/scheme/document'

/**
 * What the engine reckons but the running system doesn't yet act on. A scheme with such a part can be written and tried; to
 * publish it would promise people something that nobody keeps, so publishing is refused with the list.
 */
export function whyNotLive(document: SchemeDocument): Problem[] {
  const { redeem } = document
  const parts: [path: string, isThere: boolean][] = [
    ...ruleTexts(document).map(([path, text]): [string, boolean] => [
      path,
      UNKNOWN.some((word) => text.includes(word)),
    ]),
    ['redeem.relations', redeem?.relations !== undefined && !redeem.relations.includes('self')],
    ['redeem.whenNobodyTakes', redeem?.whenNobodyTakes === 'marketService'],
    ['redeem.serviceHourMilliPoints', redeem?.serviceHourMilliPoints !== undefined],
    ['redeem.yuan', redeem?.yuan !== undefined],
    ['redeem.prices', redeem?.prices !== undefined],
    ['donate.to', document.donate?.to?.includes('organisation') === true],
  ]
  return parts
    .filter(([, isThere]) => isThere)
    .map(([path]) => ({ path, sentence: '这一项可以试算，还不能发布：系统还不会照着做', severity: 'error' as const }))
}

/** Facts that the engine knows and nobody records yet: their rules would hold for nobody. */
const UNKNOWN = ['ability', 'Ability', '能力等级', 'credit', 'Credit', '信用等级']

/** Every rule text of a scheme, by its path. */
function ruleTexts({
  earn,
  helpers,
  serve,
  grants,
  donate,
}: SchemeDocument): (readonly [path: string, text: string])[] {
  const texts: (readonly [string, string | undefined])[] = [
    ['earn.when', earn.when],
    ...(earn.coefficients ?? []).map(({ when }, no) => [`earn.coefficients.${no}.when`, when] as const),
    ['helpers.when', helpers?.when],
    ['serve.when', serve?.when],
    ...(grants ?? []).map(({ when }, no) => [`grants.${no}.when`, when] as const),
    ...(donate?.priority ?? []).map((text, no) => [`donate.priority.${no}`, text] as const),
  ]
  return texts.filter((one): one is readonly [string, string] => one[1] !== undefined)
}
