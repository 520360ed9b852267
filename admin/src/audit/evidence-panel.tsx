import { Button, Input } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { type Given, whyNotReason, whyNotSettled } from '../../../shared/audit/rules'
import type { Outcomes } from '../../../shared/audit/view'
import { REFUSALS } from '../../../shared/core/refusals'
import type { ExceptionCode } from '../../../shared/visit/exceptions'
import type { VisitDetail } from '../../../shared/visit/view'
import { Choice } from '../components/choice'
import { Key } from '../components/key'
import { ReasonPicker } from '../components/reason-picker'
import { Refused, Unread } from '../components/states'
import { Pill } from '../components/status'
import { isTyping } from '../core/keys'
import { newId } from '../core/new-id'
import { useAction } from '../core/use-action'
import { useOne } from '../core/use-list'
import { VisitPanel } from '../visit/visit-panel'
import { SEVERITIES } from '../visit/words'
import { type Decision, decide, needsNote, reasonsFor, resolutionsOf, useDictionary } from './decide'

interface EvidencePanelProps {
  id: string
  place?: string
  mayDecide: boolean
  listening: boolean
  onDecided: (outcomes: Outcomes) => void
}

export function EvidencePanel({ id, place, mayDecide, listening, onDecided }: EvidencePanelProps) {
  const visit = useOne<VisitDetail>(`/visits/${id}`)
  if (!visit.data) return <Unread of={visit} />
  return (
    <Desk
      key={visit.data.state}
      visit={visit.data}
      place={place}
      mayDecide={mayDecide}
      listening={listening}
      onDecided={onDecided}
    />
  )
}

/** What there is to decide: an approved visit can only be returned, a returned one only be taken up again. */
function decisionsFor({ state }: VisitDetail): readonly [Decision, ...Decision[]] {
  if (state === 'approved') return ['return']
  return state === 'returned' ? ['approve'] : ['approve', 'return']
}

/** One decision on one visit: a reason, for each red exception how it was settled, then 通过 or 退回. */
function Desk({
  visit,
  place,
  mayDecide,
  listening,
  onDecided,
}: Omit<EvidencePanelProps, 'id'> & { visit: VisitDetail }) {
  const open = visit.exceptions.filter(({ resolved }) => !resolved)
  const reds = open.filter(({ severity }) => severity === 'red')
  const hasExceptions = visit.flag !== 'clean'
  const usual = hasExceptions ? null : 'allGood'
  const offered = decisionsFor(visit)
  const [intent, setIntent] = useState<Decision>(offered[0])
  const [reason, setReason] = useState<string | null>(offered[0] === 'approve' ? usual : null)
  const [note, setNote] = useState('')
  const [settled, setSettled] = useState<Readonly<Record<string, string>>>({})
  const [missing, setMissing] = useState<string | null>(null)
  const key = useRef(newId())
  const dictionary = useDictionary()
  const { run, busy, failure } = useAction(
    (given: Given) =>
      decide({
        id: key.current,
        visitIds: [visit.id],
        ...given,
        resolutions: [...(given.resolutions ?? [])],
        note: given.note ?? undefined,
      }),
    (outcomes) => {
      key.current = newId()
      const refused = outcomes.outcomes.find(({ ok }) => !ok)
      if (refused) setMissing(refused.sentence ?? '没有办成，请刷新再看')
      else onDecided(outcomes)
    },
  )

  function turn(decision: Decision): void {
    setIntent(decision)
    setMissing(null)
    setReason(decision === 'approve' ? usual : null)
  }

  /** The first press turns to the decision and shows its reasons, the second decides. */
  function press(decision: Decision): void {
    if (!offered.includes(decision)) return
    if (intent !== decision) {
      turn(decision)
      return
    }
    const resolutions =
      decision === 'approve'
        ? reds.map(({ code }) => ({ code, reasonCode: reason ?? '', resolutionCode: settled[code] ?? '' }))
        : []
    const given: Given = { decision, reasonCode: reason ?? '', note: note.trim() || undefined, resolutions }
    const whyNot =
      whyNotReason(given, dictionary) ??
      whyNotSettled({ open: open.map(({ code }) => code as ExceptionCode) }, given, dictionary)
    setMissing(whyNot === null ? null : whyNot === 'REQUIRED' ? '选“其他”时，请写明情况' : REFUSALS[whyNot][1])
    if (whyNot === null) run(given)
  }

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
  })

  return (
    <>
      <div className="panel-body">
        <div className="panel-paper">
          <VisitPanel visit={visit} place={place} />
          {mayDecide && visit.whyNotDecideSentence && <p className="note warn">{visit.whyNotDecideSentence}</p>}
          {canDecide && intent === 'approve' && reds.length > 0 && (
            <div className="stack" style={{ gap: 8 }}>
              <h3 style={{ fontSize: 14 }}>红色异常怎么处理的</h3>
              {reds.map(({ code, severity, sentence }) => (
                <div key={code} className="row">
                  <Pill tone={SEVERITIES[severity]?.tone ?? 'warn'}>{code}</Pill>
                  <Choice
                    label={`${code} ${sentence}的处理办法`}
                    all="请选择"
                    width={200}
                    value={settled[code]}
                    options={resolutionsOf(dictionary)}
                    onChange={(value) => setSettled((now) => ({ ...now, [code]: value ?? '' }))}
                  />
                </div>
              ))}
            </div>
          )}
          {canDecide && (
            <ReasonPicker
              title={visit.state === 'returned' ? '重新通过的理由' : intent === 'approve' ? '通过的理由' : '退回的理由'}
              hint={hasExceptions || intent === 'return' ? '要选一个' : '没有异常，已选好'}
              name={`reason-${intent}`}
              reasons={reasonsFor(dictionary, intent, hasExceptions)}
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
              <label htmlFor="audit-note">
                {needsNote(dictionary, intent, reason) ? '写明情况' : '备注（可不填）'}
              </label>
              <Input.TextArea
                id="audit-note"
                rows={2}
                maxLength={200}
                value={note}
                onChange={(event) => setNote(event.target.value)}
              />
            </div>
          )}
          <Refused failure={missing === null ? failure : { sentence: missing }} />
        </div>
      </div>
      {canDecide && (
        <div className="decide" style={{ gridTemplateColumns: `repeat(${offered.length}, 1fr)` }}>
          {offered.includes('return') && (
            <Button
              danger
              type={intent === 'return' ? 'primary' : 'default'}
              loading={busy && intent === 'return'}
              onClick={() => press('return')}
            >
              退回 <Key>R</Key>
            </Button>
          )}
          {offered.includes('approve') && (
            <Button
              type={intent === 'approve' ? 'primary' : 'default'}
              loading={busy && intent === 'approve'}
              onClick={() => press('approve')}
            >
              通过 <Key>A</Key>
            </Button>
          )}
        </div>
      )}
    </>
  )
}
