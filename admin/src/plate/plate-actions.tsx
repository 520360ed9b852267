import { Form, Input } from 'antd'
import { useRef, useState } from 'react'
import type { PlateView } from '../../../shared/elder/view'
import { FormDialog } from '../components/form'
import { PersonPicker } from '../components/person-picker'
import { Status } from '../components/status'
import { post, put } from '../core/call'
import { fullTime } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useAction, useTell } from '../core/use-action'
import { printSheet } from './sheet'

export function PlateState({ plate }: { plate: PlateView }) {
  if (plate.revokedAt === null)
    return (
      <span className="row" style={{ gap: 8 }}>
        <Status tone="ok">在用</Status>
        <span className="t3">{fullTime(plate.issuedAt)} 制</span>
      </span>
    )
  return (
    <span className="row" style={{ gap: 8 }}>
      <Status tone="none">已作废</Status>
      <span className="t3">
        {fullTime(plate.revokedAt)}，{plate.revokeReason}
      </span>
    </span>
  )
}

/** Print it again, replace it by a new one (the old stops working), or take it out of use. */
export function PlateActions({ plate, onChanged }: { plate: PlateView; onChanged: () => void }) {
  const tell = useTell()
  const [asking, setAsking] = useState<'revoke' | 'replace' | 'bed' | null>(null)
  const batch = useRef(newId())
  const print = useAction(() => printSheet([plate.id]))
  if (plate.revokedAt !== null) return null
  return (
    <span className="row" style={{ gap: 2 }}>
      <button
        type="button"
        className="txt"
        disabled={print.busy}
        aria-label={`打印 ${plate.serial}`}
        onClick={() => print.run()}
      >
        打印
      </button>
      <button type="button" className="txt" aria-label={`换新 ${plate.serial}`} onClick={() => setAsking('replace')}>
        换新
      </button>
      {plate.kind === 'bed' && (
        <button type="button" className="txt" aria-label={`住着谁 ${plate.serial}`} onClick={() => setAsking('bed')}>
          住着谁
        </button>
      )}
      <button
        type="button"
        className="txt danger"
        aria-label={`作废 ${plate.serial}`}
        onClick={() => setAsking('revoke')}
      >
        作废
      </button>
      {print.failure && (
        <span role="alert" className="status bad">
          {print.failure.sentence}
        </span>
      )}
      <FormDialog<{ reason: string }, unknown>
        title={`作废 ${plate.serial}`}
        open={asking === 'revoke'}
        onClose={() => setAsking(null)}
        okText="作废"
        danger
        submit={(values) => post(`/plates/${plate.id}/revocation`, values)}
        done={() => {
          tell('已作废，再扫会提示牌子已换')
          onChanged()
        }}
      >
        <Form.Item name="reason" label="为什么作废" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
      </FormDialog>
      <FormDialog<{ elderId?: string }, unknown>
        title={`${plate.label}现在住着谁`}
        open={asking === 'bed'}
        onClose={() => setAsking(null)}
        note={<p className="note">没有人住就空着。一位老人只登记在一张床上。</p>}
        submit={({ elderId }) => put(`/plates/${plate.id}/elder`, { elderId: elderId || null })}
        done={() => {
          tell('登记好了')
          onChanged()
        }}
      >
        <Form.Item name="elderId" label="老人">
          <PersonPicker path="/elders" narrow={{ state: 'active' }} optional />
        </Form.Item>
      </FormDialog>
      <FormDialog<object, PlateView>
        title={`换新 ${plate.serial}`}
        open={asking === 'replace'}
        onClose={() => setAsking(null)}
        okText="作废旧的，制一块新的"
        note={<p style={{ marginBottom: 14 }}>旧的立即作废，新的接着下载打印。</p>}
        submit={() => post<PlateView>(`/plates/${plate.id}/replacement`, { batchId: batch.current })}
        done={(fresh) => {
          batch.current = newId()
          onChanged()
          printSheet([fresh.id]).catch(() => tell('新的制好了，请点打印'))
        }}
      >
        {null}
      </FormDialog>
    </span>
  )
}
