import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Form, Input } from 'antd'
import { useState } from 'react'
import type { OrganisationView } from '../../../shared/registry/view'
import { NEED_WORDS, NEEDS, ORGANISATION_KINDS, ORGANISATION_WORDS } from '../../../shared/registry/words'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { ExportButton } from '../components/export-button'
import { FormDialog } from '../components/form'
import { Icon } from '../components/icon'
import { LinkButton } from '../components/link-button'
import { Page } from '../components/page'
import { RegionPicker } from '../components/region-picker'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { post, put } from '../core/call'
import { points } from '../core/format'
import { newId } from '../core/new-id'
import { useOwnVillage, useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { today } from '../core/today'
import { useTell } from '../core/use-action'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { HousePlates } from './house-plates'

const KINDS = ORGANISATION_KINDS.map((value) => ({ value, label: ORGANISATION_WORDS[value] }))

/** Mutual-aid points, canteens, centres, teams and organisations of all kinds. */
export default function OrganisationsPage() {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const scoped = useScoped()
  const { regionId } = useScope()
  const [state, setState] = useUrlState()
  const [open, setOpen] = useState<OrganisationView | 'new' | null>(null)
  const [house, setHouse] = useState<OrganisationView | null>(null)
  const filter = { regionId, kind: state.kind }
  const list = useList<OrganisationView>('/organisations', { ...filter, cursor: state.cursor, limit: 50 })
  const keeps = may(me, 'registry.keep')
  const columns: Column<OrganisationView>[] = [
    { key: 'name', title: '名称', fixed: true, render: (one) => <span className="strong">{one.name}</span> },
    { key: 'kind', title: '种类', render: (one) => ORGANISATION_WORDS[one.kind] },
    { key: 'place', title: '村（社区）', render: (one) => one.regionName },
    { key: 'needs', title: '五需', render: (one) => one.needs.map((need) => NEED_WORDS[need]).join('、') || '—' },
    { key: 'hours', title: '开放时间', render: (one) => one.openingHours || '—' },
    { key: 'phone', title: '电话', render: (one) => one.phone || '—' },
    { key: 'address', title: '地址', render: (one) => one.address || '—' },
    { key: 'members', title: '队员', align: 'right', render: (one) => one.members },
    { key: 'points', title: '收到的捐赠', align: 'right', render: (one) => `${points(one.milliPoints)} 分` },
    {
      key: 'state',
      title: '状态',
      render: (one) => <Status tone={one.active ? 'ok' : 'none'}>{one.active ? '在用' : '停用'}</Status>,
    },
    { key: 'external', title: '原系统编号', spare: true, render: (one) => one.externalNo ?? '—' },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) =>
        keeps ? (
          <span className="row" style={{ gap: 2 }}>
            <button type="button" className="txt" aria-label={`修改${one.name}`} onClick={() => setOpen(one)}>
              修改
            </button>
            {one.active && (
              <button type="button" className="txt" aria-label={`给${one.name}制牌`} onClick={() => setHouse(one)}>
                制牌
              </button>
            )}
          </span>
        ) : (
          '—'
        ),
    },
  ]
  return (
    <Page
      title="互助点和组织"
      actions={
        keeps && (
          <>
            <LinkButton to={scoped('/imports?kind=organisations')}>从表格导入</LinkButton>
            <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setOpen('new')}>
              登记一处
            </Button>
          </>
        )
      }
    >
      <DataTable
        name="organisations"
        label="互助点和组织"
        tools={
          <Choice
            label="种类"
            all="全部种类"
            value={state.kind}
            options={KINDS}
            onChange={(kind) => setState({ kind, cursor: undefined })}
          />
        }
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        exits={<ExportButton path="/exports/organisations" query={filter} name={`互助点和组织-${today()}`} />}
        empty={<Empty icon="place" title="这里还没有登记" next="用“登记一处”登记，或从表格导入。" />}
      />
      <HousePlates house={house} onClose={() => setHouse(null)} />
      <Dialog
        open={open}
        onClose={() => setOpen(null)}
        done={() => {
          cache.invalidateQueries({ queryKey: ['/organisations'] })
          tell('登记好了')
        }}
      />
    </Page>
  )
}

type Values = Pick<
  OrganisationView,
  'kind' | 'name' | 'code' | 'address' | 'phone' | 'openingHours' | 'needs' | 'active'
>

function Dialog({
  open,
  onClose,
  done,
}: {
  open: OrganisationView | 'new' | null
  onClose: () => void
  done: () => void
}) {
  const village = useOwnVillage()
  const known = open === 'new' ? null : open
  const initial: Partial<Values & { regionId: string }> = known ?? {
    ...(village === null ? {} : { regionId: village.regionId }),
    ...{ kind: 'mutualAidPoint', needs: [], active: true },
  }
  return (
    <FormDialog<Values & { regionId?: string }, OrganisationView>
      title={known === null ? '登记一处' : `修改${known.name}`}
      open={open !== null}
      onClose={onClose}
      done={done}
      initial={initial}
      width={560}
      submit={({ regionId, kind, name, code, address, phone, openingHours, needs, active }) => {
        const fields = { kind, name, code, address, phone, openingHours, needs, active }
        return known === null
          ? post<OrganisationView>('/organisations', { id: newId(), regionId, ...fields })
          : put<OrganisationView>(`/organisations/${known.id}`, fields)
      }}
    >
      {known === null && (
        <Form.Item name="regionId" label="村或社区" rules={[{ required: true, message: '请选村或社区' }]}>
          <RegionPicker />
        </Form.Item>
      )}
      <Form.Item name="kind" label="种类">
        <Choice options={KINDS} />
      </Form.Item>
      <Form.Item name="name" label="名称" rules={[{ required: true, message: '请写名称' }]}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="needs" label="五需（互助点选）">
        <Checkbox.Group options={NEEDS.map((value) => ({ value, label: NEED_WORDS[value] }))} />
      </Form.Item>
      <Form.Item name="openingHours" label="开放时间">
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="phone" label="电话">
        <Input maxLength={30} />
      </Form.Item>
      <Form.Item name="address" label="地址">
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="code" label="统一社会信用代码">
        <Input maxLength={30} />
      </Form.Item>
      <Form.Item name="active" valuePropName="checked">
        <Checkbox>在用</Checkbox>
      </Form.Item>
    </FormDialog>
  )
}
