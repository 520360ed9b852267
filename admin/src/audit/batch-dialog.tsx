import { Button, Input, Modal } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { Outcomes, QueueRow } from '../../../shared/audit/view'
import { servedWords } from '../../../shared/visit/words'
import { ReasonPicker } from '../components/reason-picker'
import { Refused } from '../components/states'
import { Status } from '../components/status'
import { dayClock, hours, points } from '../core/format'
import { newId } from '../core/new-id'
import { useAction } from '../core/use-action'
import { type Decision, decide, needsNote, reasonsFor, sumOf, useDictionary } from './decide'

interface BatchDialogProps {
  decision: Decision | null
  chosen: readonly QueueRow[]
  leftOut: readonly QueueRow[]
  onClose: () => void
  onDecided: (outcomes: Outcomes) => void
}

/** Says before what will happen (how many, hours, points, what is left out and why), and afterwards what did. */
export function BatchDialog({ decision, chosen, leftOut, onClose, onDecided }: BatchDialogProps) {
  return (
    <Modal
      open={decision !== null}
      onCancel={onClose}
      footer={null}
      title={decision === 'return' ? '批量退回' : '批量通过'}
      destroyOnHidden
      width={560}
    >
      {decision !== null && (
        <Batch decision={decision} chosen={chosen} leftOut={leftOut} onClose={onClose} onDecided={onDecided} />
      )}
    </Modal>
  )
}

function Batch({ decision, chosen, leftOut, onClose, onDecided }: BatchDialogProps & { decision: Decision }) {
  // The rows leave the queue once they are decided; the dialog keeps telling about those it was opened for.
  const [rows] = useState(chosen)
  const hasExceptions = rows.some(({ flag }) => flag !== 'clean')
  const [reason, setReason] = useState<string | null>(decision === 'approve' && !hasExceptions ? 'allGood' : null)
  const [note, setNote] = useState('')
  const [result, setResult] = useState<Outcomes | null>(null)
  const [excluded] = useState(leftOut)
  const key = useRef(newId())
  const dictionary = useDictionary()
  const sum = sumOf(rows)
  const incomplete = reason === null || (needsNote(dictionary, decision, reason) && note.trim() === '')
  const { run, busy, failure } = useAction(
    () =>
      decide({
        id: key.current,
        decision,
        visitIds: rows.map(({ id }) => id),
        reasonCode: reason ?? '',
        note: note.trim() || undefined,
      }),
    (outcomes) => {
      setResult(outcomes)
      onDecided(outcomes)
    },
  )
  if (result) return <Result result={result} rows={rows} decision={decision} onClose={onClose} />
  return (
    <div className="stack">
      <p className="num" style={{ fontSize: 16 }}>
        将{decision === 'approve' ? '通过' : '退回'} <b>{sum.n}</b> 条，<b>{hours(sum.seconds)}</b> 小时，
        <b>{points(sum.milliPoints)}</b> 分。
      </p>
      {excluded.length > 0 && (
        <div className="note">
          <p>本页另有 {excluded.length} 条不在内：</p>
          <ul>
            {excluded.slice(0, 6).map((one) => (
              <li key={one.id} className="small">
                {dayClock(one.checkInAt)} {one.memberName} 帮 {servedWords(one)}：{one.whyNotSentence}
              </li>
            ))}
            {excluded.length > 6 && <li className="small">还有 {excluded.length - 6} 条</li>}
          </ul>
        </div>
      )}
      <ReasonPicker
        title="理由"
        name="batch-reason"
        reasons={reasonsFor(dictionary, decision, hasExceptions)}
        value={reason}
        onPick={setReason}
      />
      <div className="field">
        <label htmlFor="batch-note">{needsNote(dictionary, decision, reason) ? '写明情况' : '备注（可不填）'}</label>
        <Input.TextArea
          id="batch-note"
          rows={2}
          maxLength={200}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
      <Refused failure={failure} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button onClick={onClose}>取消</Button>
        <ConfirmButton danger={decision === 'return'} busy={busy} disabled={incomplete} onClick={run}>
          {decision === 'approve' ? `确认通过 ${sum.n} 条` : `确认退回 ${sum.n} 条`}
        </ConfirmButton>
      </div>
    </div>
  )
}

/** Has the focus when the dialog opens, so that Enter is the third press of "approve fifty". */
function ConfirmButton({
  danger,
  busy,
  disabled,
  onClick,
  children,
}: {
  danger: boolean
  busy: boolean
  disabled: boolean
  onClick: () => void
  children: string
}) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const timer = setTimeout(() => button.current?.focus(), 150)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Button ref={button} type="primary" danger={danger} loading={busy} disabled={disabled} onClick={onClick}>
      {children}
    </Button>
  )
}

function Result({
  result,
  rows,
  decision,
  onClose,
}: {
  result: Outcomes
  rows: readonly QueueRow[]
  decision: Decision
  onClose: () => void
}) {
  const refused = result.outcomes.filter(({ ok }) => !ok)
  return (
    <div className="stack" role="status">
      <Status tone={refused.length === 0 ? 'ok' : 'warn'}>
        {decision === 'approve' ? '通过' : '退回'}了 {result.done} 条
        {result.refused > 0 && `，${result.refused} 条没有办成`}
      </Status>
      {refused.length > 0 && (
        <ul>
          {refused.map(({ visitId, sentence }) => {
            const row = rows.find(({ id }) => id === visitId)
            return (
              <li key={visitId}>
                {row ? `${dayClock(row.checkInAt)} ${row.memberName} 帮 ${servedWords(row)}` : visitId}：{sentence}
              </li>
            )
          })}
        </ul>
      )}
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="primary" onClick={onClose}>
          知道了
        </Button>
      </div>
    </div>
  )
}
