import { pinyin } from 'pinyin-pro'

/**
 * The pinyin initials a name is searched by: 王秀英 → `wxy`, 单雄信 → `sxx` (a surname is read as a surname). Dots, blanks
 * and characters without a known reading leave nothing.
 */
export function initialsOf(name: string): string {
  const letters = pinyin(name, { pattern: 'first', toneType: 'none', type: 'array', surname: 'head' })
  return letters
    .join('')
    .toLowerCase()
    .replace(/[^a-z]/g, '')
}
