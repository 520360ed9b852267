import type { SchemeDocument } from './document'

/**
 * What a county begins with until it publishes its own rules. No source fixes these numbers, so it carries the label 示例:
 * 5 minutes are 1 point, from 15 minutes on, at most 4 hours a visit and 6 hours' worth a day.
 */
export const STANDARD_SCHEME: SchemeDocument = {
  title: '示例：每 5 分钟记 1 分',
  sample: true,
  pointsWord: '爱心分',
  earn: {
    milliPoints: 1000,
    seconds: 300,
    natures: ['volunteer', 'mutualAid'],
    visitSecondsMin: 900,
    visitSecondsMax: 14_400,
    rounding: { mode: 'down', stepMilliPoints: 1000, over: 'visit' },
    dayCapMilliPoints: 72_000,
    postAt: ['never', 'approval', 'confirmation', 'confirmation', 'finish'],
  },
}
