import { Form } from 'antd'
import { useRef } from 'react'
import { useNavigate } from 'react-router'
import type { PlateView } from '../../../shared/elder/view'
import type { OrganisationView } from '../../../shared/registry/view'
import { Choice } from '../components/choice'
import { FormDialog } from '../components/form'
import { LinesInput } from '../components/lines-input'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { useScoped } from '../core/scope'

const KINDS = [
  { value: 'site', label: '站点牌' },
  { value: 'bed', label: '床位牌' },
]

/** Plates for a house: one beside a door of it, one at each bed. They are printed from the list of the batch. */
export function HousePlates({ house, onClose }: { house: OrganisationView | null; onClose: () => void }) {
  const key = useRef(newId())
  const goTo = useNavigate()
  const scoped = useScoped()
  return (
    <FormDialog<{ kind: 'site' | 'bed'; labels?: string[] }, PlateView[]>
      title={`给${house?.name ?? ''}制牌`}
      open={house !== null}
      onClose={onClose}
      okText="制牌"
      initial={{ kind: 'site', labels: [] }}
      note={<p className="note">同一处、同一张床再制一块，旧的马上作废。床位牌制好以后，在门牌列表里登记住着谁。</p>}
      submit={({ kind, labels = [] }) =>
        post<PlateView[]>('/plates', {
          batchId: key.current,
          plates: (labels.length === 0 ? [''] : labels).map((label) => ({ kind, organisationId: house?.id, label })),
        })
      }
      done={([first]) => {
        key.current = newId()
        void goTo(scoped(`/plates?batchId=${first?.batchId ?? ''}`))
      }}
    >
      <Form.Item name="kind" label="种类">
        <Choice options={KINDS} />
      </Form.Item>
      <Form.Item name="labels" label="哪个门、哪张床，一行一个（站点牌可以不填）">
        <LinesInput rows={6} />
      </Form.Item>
    </FormDialog>
  )
}
