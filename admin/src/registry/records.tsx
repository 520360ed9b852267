import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { OrganisationView, RecordView } from '../../../shared/registry/view'
import { RECORD_KINDS, RECORD_WORDS, type RecordKind } from '../../../shared/registry/words'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { ExportButton } from '../components/export-button'
import { FormDialog } from '../components/form'
import { Icon } from '../components/icon'
import { LinkButton } from '../components/link-button'
import { Page } from '../components/page'
import { PersonPicker } from '../components/person-picker'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { hours } from '../core/format'
import { newId } from '../core/new-id'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { today } from '../core/today'
import { useTell } from '../core/use-action'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'

const KINDS = RECORD_KINDS.map((value) => ({ value, label: RECORD_WORDS[value] }))

/** What is kept of helpers beside their visits: trainings, honours, skills, teams, insurance, agreements. */
export default function RecordsPage() {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const scoped = useScoped()
  const { regionId } = useScope()
  const [state, setState] = useUrlState()
  const [adding, setAdding] = useState(false)
  const [wrong, setWrong] = useState<RecordView | null>(null)
  const filter = { regionId, kind: state.kind, endsBy: state.endsBy, memberId: state.memberId }
  const list = useList<RecordView>('/member-records', { ...filter, cursor: state.cursor, limit: 50 })
  const keeps = may(me, 'registry.keep')
  const refresh = () => cache.invalidateQueries({ queryKey: ['/member-records'] })
  const columns: Column<RecordView>[] = [
    {
      key: 'member',
      title: '志愿者',
      fixed: true,
      render: (one) => (
        <Link className="txt" to={scoped(`/members/${one.memberId}`)}>
          {one.memberName}
        </Link>
      ),
    },
    { key: 'place', title: '村（社区）', render: (one) => one.regionName },
    { key: 'kind', title: '种类', render: (one) => RECORD_WORDS[one.kind] },
    { key: 'title', title: '名称', render: (one) => <span className="strong">{one.title}</span> },
    { key: 'content', title: '内容', spare: true, render: (one) => one.content || '—' },
    { key: 'hours', title: '学时', align: 'right', render: (one) => (one.seconds === 0 ? '—' : hours(one.seconds)) },
    { key: 'by', title: '单位', render: (one) => one.organisationName ?? (one.grantedBy || '—') },
    { key: 'number', title: '编号', spare: true, render: (one) => one.number || '—' },
    { key: 'day', title: '日期', render: (one) => <span className="nb">{one.day}</span> },
    { key: 'until', title: '到期', render: (one) => <Until record={one} /> },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) =>
        one.withdrawnReason !== null ? (
          <Status tone="none">已撤回：{one.withdrawnReason}</Status>
        ) : keeps ? (
          <button type="button" className="txt" aria-label={`记错了，撤回${one.title}`} onClick={() => setWrong(one)}>
            记错了
          </button>
        ) : (
          '—'
        ),
    },
  ]
  return (
    <Page
      title="培训、奖励、特长、保险"
      note="写错的撤回再记，原来的留着"
      actions={
        keeps && (
          <>
            <LinkButton to={scoped('/imports?kind=records')}>从表格导入</LinkButton>
            <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setAdding(true)}>
              记一条
            </Button>
          </>
        )
      }
    >
      <DataTable
        name="records"
        label="培训、奖励、特长、保险"
        tools={
          <>
            <Choice
              label="种类"
              all="全部种类"
              value={state.kind}
              options={KINDS}
              onChange={(kind) => setState({ kind, cursor: undefined })}
            />
            <span className="t3">到期不晚于</span>
            <DayInput value={state.endsBy} onChange={(endsBy) => setState({ endsBy, cursor: undefined })} />
          </>
        }
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        exits={<ExportButton path="/exports/member-records" query={filter} name={`培训奖励特长保险-${today()}`} />}
        empty={<Empty icon="book" title="还没有这样的记录" next="用“记一条”登记，或从表格导入。" />}
      />
      <Add
        open={adding}
        onClose={() => setAdding(false)}
        done={() => {
          refresh()
          tell('记好了')
        }}
      />
      <FormDialog<{ reason: string }, RecordView>
        title={`撤回：${wrong?.title ?? ''}`}
        open={wrong !== null}
        onClose={() => setWrong(null)}
        danger
        okText="撤回"
        done={() => {
          refresh()
          tell('撤回了')
        }}
        submit={({ reason }) => post<RecordView>(`/member-records/${wrong?.id ?? ''}/withdrawal`, { reason })}
      >
        <Form.Item name="reason" label="哪里错了" rules={[{ required: true, message: '请写哪里错了' }]}>
          <Input maxLength={60} />
        </Form.Item>
      </FormDialog>
    </Page>
  )
}

function Until({ record: { untilDay, withdrawnReason } }: { record: RecordView }) {
  if (untilDay === null) return <>—</>
  if (withdrawnReason !== null || untilDay >= today()) return <span className="nb">{untilDay}</span>
  return <Status tone="bad">{untilDay} 到期了</Status>
}

type Values = {
  kind: RecordKind
  memberId: string
  organisationId?: string
  title: string
  content?: string
  hours?: number
  grantedBy?: string
  number?: string
  day: string
  untilDay?: string
}

function Add({ open, onClose, done }: { open: boolean; onClose: () => void; done: () => void }) {
  const { regionId } = useScope()
  const bodies = useList<OrganisationView>('/organisations', { active: '1', limit: 200 }, open)
  return (
    <FormDialog<Values, RecordView>
      title="记一条"
      open={open}
      onClose={onClose}
      done={done}
      width={560}
      initial={{ kind: 'training', day: today() }}
      submit={({ hours: length, organisationId, untilDay, ...values }) =>
        post<RecordView>('/member-records', {
          id: newId(),
          ...values,
          seconds: Math.round((length ?? 0) * 3600),
          organisationId: organisationId ?? null,
          untilDay: untilDay ?? null,
        })
      }
    >
      <Form.Item name="memberId" label="志愿者" rules={[{ required: true, message: '请选志愿者' }]}>
        <PersonPicker path="/members" narrow={{ regionId }} />
      </Form.Item>
      <Form.Item name="kind" label="种类">
        <Choice options={KINDS} />
      </Form.Item>
      <Form.Item name="title" label="名称" rules={[{ required: true, message: '请写名称' }]}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="organisationId" label="队伍或单位（登记过的）">
        <Choice all="没有" options={(bodies.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))} />
      </Form.Item>
      <Form.Item name="grantedBy" label="组织、授予或承保的单位">
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="content" label="内容">
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="hours" label="学时（小时）">
        <InputNumber min={0} max={1000} step={0.5} />
      </Form.Item>
      <Form.Item name="number" label="编号">
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="day" label="日期" rules={[{ required: true, message: '请选日期' }]}>
        <DayInput />
      </Form.Item>
      <Form.Item name="untilDay" label="到期日">
        <DayInput />
      </Form.Item>
    </FormDialog>
  )
}
