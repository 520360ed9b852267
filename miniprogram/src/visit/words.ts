import { signedPointsText } from '../../../shared/core/amounts'
import type { VisitView } from '../../../shared/visit/view'
import { visitStateWords } from '../../../shared/visit/words'
import type { StatusKind } from '../components/words'

/** What became of a visit, as its helper reads it in a list. */
export function visitStatus(visit: VisitView): { kind: StatusKind; words: string } {
  switch (visit.state) {
    case 'inProgress':
      return { kind: 'wait', words: '正在帮忙' }
    case 'finished':
      return { kind: 'wait', words: visitStateWords(visit) }
    case 'confirmed':
      return visit.awardedMilliPoints === null ? { kind: 'wait', words: '等社区审核' } : { kind: 'ok', words: '已到账' }
    case 'disputed':
      return { kind: 'warn', words: '有点不对，社区会核实' }
    case 'approved':
      return { kind: 'ok', words: '已到账' }
    case 'returned':
      return { kind: 'bad', words: '社区退回了' }
  }
}

/** "+13" once posted, else what it is likely to become; null when there is nothing to say yet. */
export function visitAmount(visit: VisitView): string | undefined {
  const milliPoints = visit.awardedMilliPoints ?? visit.expectedMilliPoints
  return milliPoints === null ? undefined : signedPointsText(milliPoints)
}
