import type { Day } from '../../../shared/core/time'
import { dayWords } from '../core/words'

/** "上午", "下午", "什么时候都行", "9:00" */
export function wantedTimeWords(wanted: string): string {
  if (wanted === 'morning') return '上午'
  if (wanted === 'afternoon') return '下午'
  if (wanted === 'any') return '什么时候都行'
  return wanted.replace(/^0/, '')
}

/** "明天上午", "11 月 30 日 9:00" */
export function wantedWords(day: Day, time: string, today: Day): string {
  const words = wantedTimeWords(time)
  return time === 'any' ? dayWords(day, today) : `${dayWords(day, today)}${/^\d/.test(words) ? ' ' : ''}${words}`
}

export const ORDER_STATES = {
  open: { words: '等人来接', kind: 'wait' },
  accepted: { words: '有人接了', kind: 'ok' },
  done: { words: '帮完了', kind: 'ok' },
  cancelled: { words: '取消了', kind: 'none' },
} as const
