import type { RefusalCode } from '../core/refusals'
import { addSeconds } from '../core/time'
import type { RatingHow } from './said'
import type { VisitState } from './view'

/** Three faces, as the elder taps them. */
export const FACES = { 3: '很好', 2: '一般', 1: '不太好' } as const
export type Face = keyof typeof FACES
export const FACE_LIST: readonly Face[] = [3, 2, 1]

/** Later than this nobody remembers which visit it was. */
const RATE_DAYS = 30

/** Why this visit can't get a face now, or null: somebody must have come. */
export function whyNotRate(visit: { state: VisitState; checkOutAt: Date | null }, at: Date): RefusalCode | null {
  if (visit.checkOutAt === null || visit.state === 'inProgress' || visit.state === 'finished')
    return 'RATE_FIRST_CONFIRM'
  if (visit.state === 'disputed') return 'RATE_DISPUTED'
  return at > addSeconds(visit.checkOutAt, RATE_DAYS * 86_400) ? 'RATE_TOO_LATE' : null
}

/** 很好, 4 分 */
export const saidWords = (how: RatingHow, score: number): string =>
  how === 'call' ? `${score} 分` : FACES[score as Face]
