import { useState } from 'react'
import { Link } from 'react-router'
import { durationText } from '../../../shared/core/amounts'
import { may } from '../../../shared/session/permissions'
import type { VisitDetail } from '../../../shared/visit/view'
import { servedWords } from '../../../shared/visit/words'
import { Complain } from '../complaint/complain'
import { Icon } from '../components/icon'
import { Mid } from '../components/page'
import { EvidenceBadge, Pill } from '../components/status'
import { Timeline } from '../components/timeline'
import { clock, dayClock, fullTime, isoDay, points } from '../core/format'
import { useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { NATURE_WORDS, wordOf } from '../core/words'
import { CorrectEnd } from './correct-end'
import { Distances } from './distances'
import { VisitState } from './marks'
import { PhoneConfirmDialog } from './phone-confirm'
import { ANSWERS, CHANNELS, HOW, SEVERITIES } from './words'

/** A visit and everything that speaks for or against it. The same at the audit desk and in the records. */
export function VisitPanel({ visit, place }: { visit: VisitDetail; place?: string }) {
  const scoped = useScoped()
  const me = useMe()
  const [asking, setAsking] = useState(false)
  const names = servedWords(visit)
  return (
    <>
      <div>
        <div className="row">
          <span className="t3 num">记录 {visit.number}</span>
          <VisitState visit={visit} />
          <span className="grow" />
          {place && <span className="t3 num small">{place}</span>}
        </div>
        <h2 style={{ marginTop: 4 }}>
          {visit.memberName} {visit.siteName === null ? '帮' : '在'} {names}
        </h2>
        <p className="t2">
          {visit.regionName}
          <Mid />
          {visit.serviceName}
          <Mid />
          {wordOf(NATURE_WORDS, visit.nature)}
          <Mid />
          {wordOf(CHANNELS, visit.channel)}
        </p>
        <p className="row small" style={{ gap: 14 }}>
          <Link to={scoped(`/visits?memberId=${visit.memberId}`)}>这位志愿者的记录</Link>
          {visit.elders.map(({ id, name }) => (
            <Link key={id} to={scoped(`/elders/${id}`)}>
              {name}的档案
            </Link>
          ))}
        </p>
      </div>
      <div className="row">
        {visit.level !== null && <EvidenceBadge level={visit.level} />}
        {visit.exceptions.map(({ code, severity, sentence, resolved }) => (
          <Pill key={code} tone={resolved ? 'none' : (SEVERITIES[severity]?.tone ?? 'warn')}>
            {code} {sentence}
            {resolved && '（已处理）'}
          </Pill>
        ))}
        {visit.exceptions.length === 0 && <Pill tone="ok">无异常</Pill>}
      </div>
      <Timeline
        items={visit.timeline.map(({ at, title, note, tone }) => ({
          at: isoDay(at) === visit.day ? clock(at) : dayClock(at),
          title,
          note,
          tone,
        }))}
      />
      <Worth visit={visit} />
      <Distances evidence={visit.evidence} nearMetres={visit.nearMetres} />
      {visit.tasks.length > 0 && <Tasks visit={visit} />}
      {visit.confirmation && (
        <p className="t2">
          {wordOf(HOW, visit.confirmation.how)}答“{wordOf(ANSWERS, visit.confirmation.answer)}”，
          {visit.confirmation.byName}，{fullTime(visit.confirmation.at)}
        </p>
      )}
      {visit.decision && (
        <p className={`note ${visit.decision.decision === 'approve' ? 'ok' : ''}`}>
          {visit.decision.decision === 'approve' ? '审核通过' : '审核退回'}：{visit.decision.reasonWords}
          {visit.decision.note && `，${visit.decision.note}`}。{visit.decision.byName}，{fullTime(visit.decision.at)}
        </p>
      )}
      <Said visit={visit} />
      {visit.mayCorrectEnd && <CorrectEnd visit={visit} />}
      {visit.mayConfirmByPhone && (
        <button type="button" className="txt" style={{ alignSelf: 'flex-start' }} onClick={() => setAsking(true)}>
          <Icon name="phone" size={16} />
          给老人打电话回访
        </button>
      )}
      {visit.state !== 'inProgress' && may(me, 'complaint.keep') && <Complain visitId={visit.id} elderNames={names} />}
      <PhoneConfirmDialog visit={visit} open={asking} onClose={() => setAsking(false)} />
    </>
  )
}

/** What the helper said about it. */
function Said({ visit }: { visit: VisitDetail }) {
  if (visit.notes.length === 0 && visit.appeal === null) return null
  return (
    <ul className="stack note" style={{ gap: 6 }} aria-label="志愿者怎么说">
      {visit.notes.map((note) => (
        <li key={note.at}>
          {note.code} 志愿者说：{note.words}
          {note.claimedEndAt && `，实际 ${clock(note.claimedEndAt)} 结束`}
          {note.note && `，${note.note}`}
        </li>
      ))}
      {visit.appeal && (
        <li>
          申诉：{visit.appeal.reasonWords}
          {visit.appeal.note && `，${visit.appeal.note}`}
        </li>
      )}
    </ul>
  )
}

/** How long, what it is worth, and by which rule. */
function Worth({ visit }: { visit: VisitDetail }) {
  const { explanation } = visit
  const shown = visit.awardedMilliPoints ?? visit.expectedMilliPoints
  return (
    <div className="stack" style={{ gap: 6 }}>
      <div className="calc num">
        <span className="t2">
          {visit.servedSeconds === null ? '还没有结束' : durationText(visit.servedSeconds)}
          {explanation && (
            <>
              <br />
              {explanation.formula}
            </>
          )}
        </span>
        <b>{shown === null ? '—' : `${points(shown)} 分`}</b>
      </div>
      {explanation?.cuts.map(({ code, sentence, milliPoints }) => (
        <p key={code} className="t2 small">
          {sentence}，少 {points(milliPoints)} 分
        </p>
      ))}
      <p className="t2 small">{visit.why}</p>
      {!visit.counted && visit.state !== 'inProgress' && <p className="t3 small">这次不计入探访。</p>}
    </div>
  )
}

function Tasks({ visit }: { visit: VisitDetail }) {
  return (
    <ul className="row" aria-label="做了什么" style={{ gap: 12 }}>
      {visit.tasks.map((task) => {
        const done = visit.tasksDone.includes(task)
        return (
          <li key={task} className={`status ${done ? 'ok' : 'none'}`}>
            <Icon name={done ? 'check' : 'minus'} size={16} />
            {task}
            <span className="sr">{done ? '，做了' : '，没有做'}</span>
          </li>
        )
      })}
    </ul>
  )
}
