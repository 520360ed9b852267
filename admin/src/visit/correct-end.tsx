import { useQueryClient } from '@tanstack/react-query'
import { Form, Input } from 'antd'
import { useRef, useState } from 'react'
import { clockOf, dayOf, instantOf } from '../../../shared/core/time'
import type { VisitDetail } from '../../../shared/visit/view'
import { FormDialog } from '../components/form'
import { Icon } from '../components/icon'
import { post } from '../core/call'
import { clock } from '../core/format'
import { newId } from '../core/new-id'
import { useTell } from '../core/use-action'

/** The clock closed it: an auditor writes down when it really ended. What the clock wrote stays in the timeline. */
export function CorrectEnd({ visit }: { visit: VisitDetail }) {
  const cache = useQueryClient()
  const tell = useTell()
  const key = useRef(newId())
  const [open, setOpen] = useState(false)
  const claimed = visit.notes.flatMap(({ claimedEndAt }) => claimedEndAt ?? []).at(-1) ?? null
  const began = new Date(visit.checkInAt)
  return (
    <>
      <button type="button" className="txt" style={{ alignSelf: 'flex-start' }} onClick={() => setOpen(true)}>
        <Icon name="clock" size={16} />
        按实际时间改结束
      </button>
      <FormDialog<{ end: string; note?: string }, unknown>
        title="按实际时间改结束"
        open={open}
        onClose={() => setOpen(false)}
        okText="改成这个时间"
        initial={{ end: claimed === null ? '' : clockOf(new Date(claimed)) }}
        submit={({ end, note }) =>
          post(`/visits/${visit.id}/end-correction`, {
            id: key.current,
            endAt: endOf(began, end).toISOString(),
            ...(note ? { note } : {}),
          })
        }
        done={() => {
          key.current = newId()
          tell('结束时间改好了，原来的时间留在经过里')
          cache.invalidateQueries()
        }}
        note={
          <p className="note" style={{ marginBottom: 14 }}>
            {clock(visit.checkInAt)} 开始，没有按「帮完了」，{clock(visit.checkOutAt)} 自动结束。
            {claimed === null ? '志愿者还没有说实际时间。' : `志愿者说 ${clock(claimed)} 结束。`}
          </p>
        }
      >
        <Form.Item
          name="end"
          label="实际结束时间"
          rules={[{ required: true, pattern: /^([01]\d|2[0-3]):[0-5]\d$/, message: '请写成 10:30 这样' }]}
        >
          <Input maxLength={5} placeholder="10:30" />
        </Form.Item>
        <Form.Item name="note" label="怎么核实的">
          <Input maxLength={200} />
        </Form.Item>
      </FormDialog>
    </>
  )
}

/** "HH:mm" after the beginning: of the same day, or of the next one when it went past midnight. */
function endOf(began: Date, time: string): Date {
  const same = instantOf(dayOf(began), time)
  return same > began ? same : new Date(same.getTime() + 86_400_000)
}
