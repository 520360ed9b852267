import { yuanText } from '../../../shared/core/amounts'
import type { FundChangeView } from '../../../shared/fund/view'
import { PRODUCT_KIND_WORDS, wordOf } from '../core/words'

/** "1234500" fen → "12,345.00" */
export function yuan(fen: string): string {
  const [whole = '', rest] = yuanText(BigInt(fen)).split('.')
  return `${whole.replace(/\d(?=(\d{3})+$)/g, '$&,')}.${rest}`
}

/** "3500.5" yuan as a person types them → "350050" fen, or null. */
export function toFen(text: string): string | null {
  const match = /^(\d{1,11})(?:\.(\d{1,2}))?$/.exec(text.replaceAll(',', '').trim())
  return match ? String(BigInt(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`)) : null
}

/** What a line pays for, in one phrase. */
export function rule({ kinds, productNames }: Pick<FundChangeView['terms'], 'kinds' | 'productNames'>): string {
  if (productNames.length > 0) return `只付：${productNames.join('、')}`
  return kinds.length === 0 ? '所有兑换' : `只付${kinds.map((kind) => wordOf(PRODUCT_KIND_WORDS, kind)).join('、')}`
}
