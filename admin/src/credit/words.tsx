import type { CreditRow } from '../../../shared/credit/view'
import { Pill, type Tone } from '../components/status'

const TONES: Record<string, Tone> = { '5A': 'ok', '4A': 'ok', '3A': 'ok', '2A': 'warn', A: 'bad' }

/** A grade, and that somebody is on a list. */
export function Grade({ grade, words }: { grade: string | null; words: string }) {
  return grade === null ? <span className="t3">{words}</span> : <Pill tone={TONES[grade] ?? 'none'}>{words}</Pill>
}

export function Listed({ listed }: Pick<CreditRow, 'listed'>) {
  if (listed === null) return '—'
  return <Pill tone={listed === 'black' ? 'bad' : 'ok'}>{listed === 'black' ? '黑名单' : '红名单'}</Pill>
}

/** Points have at most three decimals, and mostly none. */
export const scoreText = (milliPoints: number | null): string =>
  milliPoints === null ? '—' : String(milliPoints / 1000)

export const smileText = ({ good, fair, bad }: { good: number; fair: number; bad: number }): string =>
  good + fair + bad === 0 ? '还没有' : `很好 ${good}，一般 ${fair}，不太好 ${bad}`

/** Which rule a grade was made by; a place without one of its own has that of the system. */
export const ruleWords = (version: number): string => (version === 0 ? '系统标准办法' : `办法第 ${version} 版`)
