import { CATEGORY_WORDS, PROXY_SCOPE_PHRASES, PROXY_SCOPES } from '../../../shared/elder/words'

/** "独居、空巢" */
export function categoryWords(categories: readonly string[]): string {
  return categories.map(categoryWord).join('、')
}

export function categoryWord(category: string): string {
  return Object.entries(CATEGORY_WORDS).find(([code]) => code === category)?.[1] ?? category
}

/** What a proxy may do, in a row of words: 说谁来过、请人帮忙. */
export function phrases(scopes: readonly string[]): string {
  return PROXY_SCOPES.filter((one) => scopes.includes(one))
    .map((one) => PROXY_SCOPE_PHRASES[one])
    .join('、')
}
