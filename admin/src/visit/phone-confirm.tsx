import { useQueryClient } from '@tanstack/react-query'
import { Form, Input, Radio, Rate } from 'antd'
import { useRef } from 'react'
import type { VisitDetail } from '../../../shared/visit/view'
import { callScript } from '../../../shared/visit/words'
import { FormDialog } from '../components/form'
import { post } from '../core/call'
import { fullTime } from '../core/format'
import { newId } from '../core/new-id'
import { useTell } from '../core/use-action'
import { Reveal } from '../person/reveal'
import { ANSWERS } from './words'

interface Said {
  elderId: string
  answer: 'yes' | 'no' | 'unsure' | 'missed'
  satisfaction?: number
  note?: string
}

/** What is needed to ask about a visit. */
type Asked = Pick<VisitDetail, 'id' | 'elders' | 'memberName' | 'serviceName' | 'checkInAt' | 'servedSeconds'>

const SCORES = ['很不满意', '不满意', '一般', '满意', '很满意']

/** Staff telephone the elder: what to read out, what the elder said, how content the elder is. The server keeps who asked. */
export function PhoneConfirmDialog({ visit, open, onClose }: { visit: Asked; open: boolean; onClose: () => void }) {
  const cache = useQueryClient()
  const tell = useTell()
  const key = useRef(newId())
  const { memberName, serviceName, checkInAt } = visit
  return (
    <FormDialog<Said, unknown>
      title="电话回访"
      open={open}
      onClose={onClose}
      okText="记下来"
      initial={{ elderId: visit.elders[0]?.id }}
      submit={({ elderId, answer, satisfaction, note }) =>
        post(`/visits/${visit.id}/calls`, {
          id: key.current,
          elderId,
          reached: answer !== 'missed',
          ...(answer === 'missed' ? {} : { answer }),
          ...(answer !== 'missed' && satisfaction ? { satisfaction } : {}),
          ...(note ? { note } : {}),
        })
      }
      done={() => {
        key.current = newId()
        tell('这次回访记下了')
        cache.invalidateQueries()
      }}
      note={
        <div className="note stack" style={{ gap: 6, marginBottom: 14 }}>
          <span className="strong">照着问</span>
          <ol style={{ paddingLeft: 20 }}>
            {callScript({ memberName, serviceName, when: fullTime(checkInAt) }).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ol>
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
        <Radio.Group
          options={[
            ...Object.entries(ANSWERS).map(([value, label]) => ({ value, label })),
            { value: 'missed', label: '没打通' },
          ]}
        />
      </Form.Item>
      <Form.Item name="satisfaction" label="满意几分（没问就不填）">
        <Rate tooltips={SCORES} />
      </Form.Item>
      <Form.Item name="note" label="老人还说了什么">
        <Input.TextArea rows={2} maxLength={200} />
      </Form.Item>
    </FormDialog>
  )
}
