import { download } from '../core/call'

/** The A4 sheet of these plates, as PDF. */
export function printSheet(ids: readonly string[]): Promise<void> {
  return download('/plates/sheet', { ids: ids.join(',') }, '门牌打印.pdf')
}
