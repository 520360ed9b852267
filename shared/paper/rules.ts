import type { RefusalCode } from '../core/refusals'
import { addDays, addSeconds, type Day, instantOf } from '../core/time'

export const SIGNERS = ['elder', 'proxy', 'nobody'] as const
export type Signer = (typeof SIGNERS)[number]
export const SIGNER_WORDS: Record<Signer, string> = { elder: '老人签了', proxy: '家人签了', nobody: '没有签' }

/** Columns of the spreadsheet, as people read them. */
export const PAPER_COLUMNS = [
  { title: '行码', help: '扫打印单上这一行的码，可不填', width: 30 },
  { title: '老人', must: true, help: '姓名' },
  { title: '老人编号', help: '门牌或随身卡的编号；有同名的要填', width: 18 },
  { title: '志愿者', must: true, help: '姓名' },
  { title: '志愿者电话', must: true, width: 16 },
  { title: '服务项目', must: true, help: '和服务目录里的名字一样' },
  { title: '日期', must: true, help: '写成 2026-11-22' },
  { title: '开始', must: true, help: '写成 09:05' },
  { title: '结束', must: true, help: '写成 10:10' },
  { title: '老人签字', choices: ['本人', '家人', '没有'], help: '不填就是没有' },
] as const satisfies readonly {
  title: string
  must?: true
  choices?: readonly string[]
  help?: string
  width?: number
}[]
export type PaperColumn = (typeof PAPER_COLUMNS)[number]['title']
export const SIGNER_OF: Record<string, Signer | undefined> = {
  '': 'nobody',
  没有: 'nobody',
  本人: 'elder',
  家人: 'proxy',
}

/** The instants of a line; over midnight it ends the next day. */
export function spanOf(day: Day, from: string, to: string): { from: Date; to: Date } {
  const begin = instantOf(day, from)
  const end = instantOf(day, to)
  return { from: begin, to: end > begin ? end : addSeconds(end, 86_400) }
}

const LONGEST_SECONDS = 16 * 3600

/** Why this can't have been a visit that may still be entered, or null. Longer than the cap is E05, not a refusal. */
export function whyNotSpan(
  span: { from: Date; to: Date },
  day: Day,
  today: { day: Day; at: Date },
  paperDaysMax: number,
): RefusalCode | null {
  if (span.to.getTime() - span.from.getTime() > LONGEST_SECONDS * 1000) return 'PAPER_TIME'
  if (day > today.day || span.to > today.at) return 'DATE_IN_FUTURE'
  return day < addDays(today.day, -paperDaysMax) ? 'PAPER_TOO_OLD' : null
}

export type SheetLine = { kind: 'elder' | 'member'; id: string; month: string; line: number }

/** What the code beside a printed line says: whose sheet, of which month, which line. It names nobody. */
export function sheetLineCode({ kind, id, month, line }: SheetLine): string {
  return `MLP1.${kind === 'elder' ? 'e' : 'm'}.${id}.${month}.${line}`
}

export function readSheetLine(code: string): SheetLine | null {
  const read = /^MLP1\.([em])\.([0-9a-f-]{36})\.(\d{4}-\d{2})\.(\d{1,3})$/.exec(code.trim())
  if (read === null) return null
  const [, kind, id, month, line] = read as unknown as [string, string, string, string, string]
  return { kind: kind === 'e' ? 'elder' : 'member', id, month, line: Number(line) }
}
