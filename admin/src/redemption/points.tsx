import { type UseQueryResult, useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Form, Input } from 'antd'
import { useRef, useState } from 'react'
import type { PointView } from '../../../shared/redemption/view'
import { may } from '../../../shared/session/permissions'
import { FormDialog } from '../components/form'
import { Section } from '../components/page'
import { RegionPicker } from '../components/region-picker'
import { Failed, Loading } from '../components/states'
import { Status } from '../components/status'
import { post, put } from '../core/call'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope } from '../core/scope'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'

interface Values {
  name: string
  address: string
  phone: string
  openingHours: string
  active: boolean
  regionId: string
}

/** The canteens, shops and offices that hand over what was redeemed. */
export function PointsSection({ places }: { places: UseQueryResult<PointView[]> }) {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const { home } = useScope()
  const [editing, setEditing] = useState<PointView | 'new' | null>(null)
  const key = useRef(newId())
  const old = editing === 'new' ? null : editing
  const mayEdit = may(me, 'product.keep')

  return (
    <Section title="兑换点" actions={mayEdit && <Button onClick={() => setEditing('new')}>加兑换点</Button>}>
      {places.isError && <Failed error={places.error} retry={() => places.refetch()} />}
      {places.isPending && <Loading rows={3} />}
      {places.data?.length === 0 && <p className="t3">还没有兑换点</p>}
      <ul className="stack" style={{ gap: 10 }}>
        {places.data?.map((place) => (
          <li key={place.id} className="row num">
            <span className="strong">{place.name}</span>
            {place.active ? <Status tone="ok">开着</Status> : <Status tone="none">停用</Status>}
            <span className="t2">
              {place.regionName} {place.address}
            </span>
            <span className="t2">{place.phone}</span>
            <span className="t3">{place.openingHours}</span>
            <span className="grow" />
            {mayEdit && (
              <button type="button" className="txt" aria-label={`修改 ${place.name}`} onClick={() => setEditing(place)}>
                修改
              </button>
            )}
          </li>
        ))}
      </ul>
      <FormDialog<Values, PointView>
        title={old ? `修改 ${old.name}` : '加兑换点'}
        open={editing !== null}
        onClose={() => setEditing(null)}
        initial={old ? { ...old } : { active: true, regionId: home.regionId, openingHours: '8:30 到 17:00' }}
        submit={({ regionId, name, address, phone, openingHours, active }) => {
          const body = { name, address, phone, openingHours, active }
          return old
            ? put<PointView>(`/redemption-points/${old.id}`, body)
            : post<PointView>('/redemption-points', { ...body, id: key.current, regionId })
        }}
        done={() => {
          key.current = newId()
          tell('已保存')
          cache.invalidateQueries({ queryKey: ['/redemption-points'] })
        }}
      >
        {old === null && (
          <Form.Item name="regionId" label="在哪里" rules={REQUIRED}>
            <RegionPicker name={home.regionName} />
          </Form.Item>
        )}
        <Form.Item name="name" label="名称" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="address" label="地址" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="phone" label="电话" rules={REQUIRED}>
          <Input maxLength={20} inputMode="tel" />
        </Form.Item>
        <Form.Item name="openingHours" label="什么时候开门" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="active" valuePropName="checked">
          <Checkbox>开着</Checkbox>
        </Form.Item>
      </FormDialog>
    </Section>
  )
}
