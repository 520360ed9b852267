import { useQueryClient } from '@tanstack/react-query'
import { Form, Radio } from 'antd'
import { useRef } from 'react'
import type { VisitDetail } from '../../../shared/visit/view'
import { FormDialog } from '../components/form'
import { post } from '../core/call'
import { duration, fullTime } from '../core/format'
import { newId } from '../core/new-id'
import { useTell } from '../core/use-action'
import { Reveal } from '../person/reveal'
import { ANSWERS } from './words'

interface Answer {
  elderId: string
  answer: 'yes' | 'no' | 'unsure'
}

/** What is needed to ask about a visit. */
type Asked = Pick<VisitDetail, 'id' | 'elders' | 'memberName' | 'serviceName' | 'checkInAt' | 'servedSeconds'>

/** Staff telephoned the elder: whom, and what the elder said. The server keeps who asked and when. */
export function PhoneConfirmDialog({ visit, open, onClose }: { visit: Asked; open: boolean; onClose: () => void }) {
  const cache = useQueryClient()
  const tell = useTell()
  const key = useRef(newId())
  return (
    <FormDialog<Answer, unknown>
      title="电话核实"
      open={open}
      onClose={onClose}
      okText="记下老人的回答"
      initial={{ elderId: visit.elders[0]?.id }}
      submit={({ elderId, answer }) =>
        post(`/visits/${visit.id}/confirmation`, { id: key.current, elderId, answer, how: 'phone' })
      }
      done={() => {
        key.current = newId()
        tell('老人的回答记下了')
        cache.invalidateQueries()
      }}
      note={
        <div className="note stack" style={{ gap: 6, marginBottom: 14 }}>
          <span>
            请问老人：{visit.memberName} 在 {fullTime(visit.checkInAt)} 来做{visit.serviceName}
            {visit.servedSeconds !== null && `，${duration(visit.servedSeconds)}`}，是吗？
          </span>
          {visit.elders.map(({ id, name }) => (
            <span key={id} className="row">
              {name}的电话{' '}
              <Reveal path={`/elders/${id}/reveals`} field="phone" label={`${name}的电话`} masked="点开查看" />
            </span>
          ))}
        </div>
      }
    >
      {visit.elders.length > 1 && (
        <Form.Item name="elderId" label="哪一位老人回答的">
          <Radio.Group options={visit.elders.map(({ id, name }) => ({ value: id, label: name }))} />
        </Form.Item>
      )}
      {visit.elders.length === 1 && <Form.Item name="elderId" hidden noStyle />}
      <Form.Item name="answer" label="老人怎么说" rules={[{ required: true, message: '请选老人的回答' }]}>
        <Radio.Group options={Object.entries(ANSWERS).map(([value, label]) => ({ value, label }))} />
      </Form.Item>
    </FormDialog>
  )
}
