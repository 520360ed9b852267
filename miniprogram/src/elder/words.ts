import { CATEGORY_WORDS } from '../../../shared/elder/words'

/** "独居、空巢" */
export function categoryWords(categories: readonly string[]): string {
  return categories.map(categoryWord).join('、')
}

export function categoryWord(category: string): string {
  return Object.entries(CATEGORY_WORDS).find(([code]) => code === category)?.[1] ?? category
}
