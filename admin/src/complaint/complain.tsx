import { useQueryClient } from '@tanstack/react-query'
import { Form } from 'antd'
import { useRef, useState } from 'react'
import { COMPLAINT_KINDS, COMPLAINT_WORDS, type ComplaintKind } from '../../../shared/complaint/words'
import { Choice } from '../components/choice'
import { FormDialog } from '../components/form'
import { Icon } from '../components/icon'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useTell } from '../core/use-action'

const KINDS = COMPLAINT_KINDS.map((value) => ({ value, label: COMPLAINT_WORDS[value] }))

/** What an elder says on the telephone about a visit; somebody else asks both sides and decides. */
export function Complain({ visitId, elderNames }: { visitId: string; elderNames: string }) {
  const [open, setOpen] = useState(false)
  const key = useRef(newId())
  const cache = useQueryClient()
  const tell = useTell()
  return (
    <>
      <button type="button" className="txt" style={{ alignSelf: 'flex-start' }} onClick={() => setOpen(true)}>
        <Icon name="alert" size={16} />
        老人来电反映问题
      </button>
      <FormDialog<{ kind: ComplaintKind }, unknown>
        title={`替${elderNames}反映问题`}
        open={open}
        onClose={() => setOpen(false)}
        okText="记下来"
        initial={{}}
        note={<p>核实以前，这次的积分先放在一边；由另一个人问清两边再决定。</p>}
        submit={({ kind }) => post('/complaints', { id: key.current, visitId, kind })}
        done={() => {
          key.current = newId()
          cache.invalidateQueries()
          tell('记下了，在“投诉”里等核实')
        }}
      >
        <Form.Item name="kind" label="老人说什么" rules={REQUIRED}>
          <Choice options={KINDS} />
        </Form.Item>
      </FormDialog>
    </>
  )
}
