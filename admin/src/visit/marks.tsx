import type { VisitView } from '../../../shared/visit/view'
import { visitStateWords } from '../../../shared/visit/words'
import { Pill, Status } from '../components/status'
import { minutes, points } from '../core/format'
import { SEVERITIES, VISIT_STATES } from './words'

export function VisitState({ visit }: { visit: Pick<VisitView, 'state' | 'siteName'> }) {
  return <Status tone={VISIT_STATES[visit.state]?.tone ?? 'none'}>{visitStateWords(visit)}</Status>
}

/** The heaviest open exception, and how many more. None is said too. */
export function Exceptions({ visit }: { visit: Pick<VisitView, 'exceptions'> }) {
  const open = visit.exceptions.filter(({ resolved }) => !resolved)
  const order = ['red', 'amber', 'info']
  const [first] = [...open].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
  if (!first) return <Status tone="ok">{visit.exceptions.length > 0 ? '异常已处理' : '无异常'}</Status>
  return (
    <span className="row marks">
      <Pill tone={SEVERITIES[first.severity]?.tone ?? 'warn'}>
        {first.code} {first.sentence}
      </Pill>
      {open.length > 1 && <span className="t3 small nb">另 {open.length - 1} 项</span>}
    </span>
  )
}

export function Minutes({ seconds }: { seconds: number | null }) {
  return <>{seconds === null ? '—' : minutes(seconds)}</>
}

/** What was booked, else what is expected. */
export function VisitPoints({ visit }: { visit: Pick<VisitView, 'awardedMilliPoints' | 'expectedMilliPoints'> }) {
  const shown = visit.awardedMilliPoints ?? visit.expectedMilliPoints
  return <span className="strong">{shown === null ? '—' : points(shown)}</span>
}
