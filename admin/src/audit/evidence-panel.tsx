import { Button, Input } from 'antd'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Outcomes } from '../../../shared/audit/view'
import type { VisitDetail } from '../../../shared/visit/view'
import { Choice } from '../components/choice'
import { Key } from '../components/key'
import { ReasonPicker } from '../components/reason-picker'
import { Failed, Loading, Refused } from '../components/states'
import { Pill } from '../components/status'
import type { Failure } from '../core/call'
import { isTyping } from '../core/keys'
import { newId } from '../core/new-id'
import { useAction } from '../core/use-action'
import { useOne } from '../core/use-list'
import { VisitPanel } from '../visit/visit-panel'
import { SEVERITIES } from '../visit/words'
import { type Decision, decide, needsNote, RESOLUTION_OPTIONS, reasonsFor } from './decide'

interface EvidencePanelProps {
  id: string
  place: string
  mayDecide: boolean
  listening: boolean
  onDecided: (outcomes: Outcomes) => void
}

export function EvidencePanel({ id, place, mayDecide, listening, onDecided }: EvidencePanelProps) {
  const visit = useOne<VisitDetail>(`/visits/${id}`)
  if (visit.isError) return <Failed error={visit.error} retry={() => visit.refetch()} />
  if (!visit.data) return <Loading />
  return <Desk visit={visit.data} place={place} mayDecide={mayDecide} listening={listening} onDecided={onDecided} />
}

/** One decision on one visit: a reason, for each open exception how it was settled, then 通过 or 退回. */
function Desk({
  visit,
  place,
  mayDecide,
  listening,
  onDecided,
}: Omit<EvidencePanelProps, 'id'> & { visit: VisitDetail }) {
  const open = visit.exceptions.filter(({ resolved, severity }) => !resolved && severity !== 'info')
  const [intent, setIntent] = useState<Decision>('approve')
  const [reason, setReason] = useState<string | null>(open.length === 0 ? 'allGood' : null)
  const [note, setNote] = useState('')
  const [settled, setSettled] = useState<Readonly<Record<string, string>>>({})
  const [missing, setMissing] = useState<Failure | null>(null)
  const key = useRef(newId())
  const { run, busy, failure } = useAction(
    (decision: Decision, reasonCode: string) =>
      decide({
        id: key.current,
        decision,
        visitIds: [visit.id],
        reasonCode,
        note: note.trim() || undefined,
        resolutions:
          decision === 'approve'
            ? open.map(({ code }) => ({ code, reasonCode, resolutionCode: settled[code] ?? '' }))
            : undefined,
      }),
    (outcomes) => {
      key.current = newId()
      const [outcome] = outcomes.outcomes
      if (outcome && !outcome.ok)
        setMissing({ code: outcome.code ?? 'UNKNOWN', sentence: outcome.sentence ?? '没有成功' })
      else onDecided(outcomes)
    },
  )

  const turn = useCallback(
    (next: Decision) => {
      setIntent(next)
      setMissing(null)
      setReason(next === 'approve' && open.length === 0 ? 'allGood' : null)
    },
    [open.length],
  )

  const press = useCallback(
    (decision: Decision) => {
      if (intent !== decision) return turn(decision)
      if (reason === null) return setMissing({ code: 'AUDIT_REASON', sentence: '请先选一个理由（按数字键）' })
      if (needsNote(reason) && note.trim() === '')
        return setMissing({ code: 'AUDIT_REASON', sentence: '选“其他”时，请写明情况' })
      if (decision === 'approve' && open.some(({ code }) => !settled[code]))
        return setMissing({ code: 'AUDIT_RESOLUTION', sentence: '请为每个异常选处理办法' })
      setMissing(null)
      run(decision, reason)
    },
    [intent, reason, note, settled, open, run, turn],
  )

  const canDecide = mayDecide && visit.whyNotDecide === null
  useEffect(() => {
    if (!listening || !canDecide) return
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return
      if (event.key.toLowerCase() === 'a') press('approve')
      if (event.key.toLowerCase() === 'r') press('return')
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [listening, canDecide, press])

  return (
    <>
      <div className="panel-body">
        <div className="panel-paper">
          <VisitPanel visit={visit} place={place} />
          {mayDecide && visit.whyNotDecideSentence && <p className="note warn">{visit.whyNotDecideSentence}</p>}
          {canDecide && intent === 'approve' && open.length > 0 && (
            <div className="stack" style={{ gap: 8 }}>
              <h3 style={{ fontSize: 14 }}>异常怎么处理的</h3>
              {open.map(({ code, severity, sentence }) => (
                <div key={code} className="row">
                  <Pill tone={SEVERITIES[severity]?.tone ?? 'warn'}>{code}</Pill>
                  <Choice
                    label={`${code} ${sentence}的处理办法`}
                    all="请选择"
                    width={200}
                    value={settled[code]}
                    options={RESOLUTION_OPTIONS}
                    onChange={(value) => setSettled((now) => ({ ...now, [code]: value ?? '' }))}
                  />
                </div>
              ))}
            </div>
          )}
          {canDecide && (
            <ReasonPicker
              title={intent === 'approve' ? '通过的理由' : '退回的理由'}
              hint={open.length > 0 || intent === 'return' ? '要选一个' : '没有异常，已选好'}
              name={`reason-${intent}`}
              reasons={reasonsFor(intent)}
              value={reason}
              listening={listening}
              onPick={(code) => {
                setReason(code)
                setMissing(null)
              }}
            />
          )}
          {canDecide && (
            <div className="field">
              <label htmlFor="audit-note">{needsNote(reason) ? '写明情况' : '备注（可不填）'}</label>
              <Input.TextArea
                id="audit-note"
                rows={2}
                maxLength={200}
                value={note}
                onChange={(event) => setNote(event.target.value)}
              />
            </div>
          )}
          <Refused failure={missing ?? failure} />
        </div>
      </div>
      {canDecide && (
        <div className="decide">
          <Button
            danger
            type={intent === 'return' ? 'primary' : 'default'}
            loading={busy && intent === 'return'}
            onClick={() => press('return')}
          >
            退回 <Key>R</Key>
          </Button>
          <Button
            type={intent === 'approve' ? 'primary' : 'default'}
            loading={busy && intent === 'approve'}
            onClick={() => press('approve')}
          >
            通过 <Key>A</Key>
          </Button>
        </div>
      )}
    </>
  )
}
