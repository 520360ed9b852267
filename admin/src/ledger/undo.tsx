import { Form, Input } from 'antd'
import { useRef, useState } from 'react'
import type { RequestKind } from '../../../shared/ledger/rules'
import type { EntryView } from '../../../shared/ledger/view'
import { MAY_ASK } from '../../../shared/member/rules'
import { may } from '../../../shared/session/permissions'
import { FormDialog } from '../components/form'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'

/** What undoes a line of an account; a second person agrees. */
const UNDOING: Record<string, { kind: RequestKind; word: string }> = {
  FREEZE: { kind: 'UNFREEZE', word: '解冻' },
  EXPIRE: { kind: 'RESTORE', word: '恢复' },
  GRANT: { kind: 'REVERSE', word: '冲正' },
  MANUAL: { kind: 'REVERSE', word: '冲正' },
  BONUS: { kind: 'REVERSE', word: '冲正' },
}

export function Undo({ entry, accountId, done }: { entry: EntryView; accountId: string; done: () => unknown }) {
  const me = useMe()
  const tell = useTell()
  const [open, setOpen] = useState(false)
  const key = useRef(newId())
  const undoing = UNDOING[entry.kind]
  if (undoing === undefined || !may(me, MAY_ASK[undoing.kind])) return '—'
  return (
    <>
      <button type="button" className="txt" onClick={() => setOpen(true)}>
        {undoing.word}
      </button>
      <FormDialog<{ reason: string }, unknown>
        title={`${undoing.word}：${entry.title}`}
        open={open}
        onClose={() => setOpen(false)}
        okText="提出"
        note={<p>提出以后，在“申请与发放”里由另一个人同意。</p>}
        submit={({ reason }) =>
          post('/point-requests', {
            ...{ id: key.current, kind: undoing.kind, accountId, transactionId: entry.transactionId, reason },
          })
        }
        done={() => {
          key.current = newId()
          tell('提出了')
          done()
        }}
      >
        <Form.Item name="reason" label="理由" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
      </FormDialog>
    </>
  )
}
