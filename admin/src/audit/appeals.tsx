import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Radio } from 'antd'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import { REASONS, RESOLUTIONS } from '../../../shared/audit/reasons'
import { may } from '../../../shared/session/permissions'
import type { AppealView } from '../../../shared/visit/view'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { FormDialog } from '../components/form'
import { Page } from '../components/page'
import { Paging } from '../components/paging'
import { Empty, NoPermission } from '../components/states'
import { EvidenceBadge, Status } from '../components/status'
import { post } from '../core/call'
import { dayClock, minutes } from '../core/format'
import { newId } from '../core/new-id'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'

const STATES = [
  { value: 'waiting', label: '等处理' },
  { value: 'upheld', label: '成立' },
  { value: 'rejected', label: '不成立' },
] as const
const TONES = { waiting: 'wait', upheld: 'ok', rejected: 'none' } as const

/** 申诉: what helpers don't agree with, decided by another auditor than who returned it. */
export default function AppealsPage() {
  const me = useMe()
  const scoped = useScoped()
  const { regionId } = useScope()
  const [state, setState] = useUrlState()
  const shown = STATES.find(({ value }) => value === state.state)?.value ?? 'waiting'
  const list = useList<AppealView>('/appeals', { regionId, state: shown, cursor: state.cursor, limit: 50 })
  const [deciding, setDeciding] = useState<AppealView | null>(null)
  if (!may(me, 'audit.sit'))
    return (
      <Page title="申诉">
        <NoPermission />
      </Page>
    )
  const columns: Column<AppealView>[] = [
    { key: 'at', title: '申诉时间', render: ({ at }) => <span className="nb">{dayClock(at)}</span> },
    { key: 'by', title: '志愿者', fixed: true, render: ({ byName }) => <span className="strong nb">{byName}</span> },
    {
      key: 'visit',
      title: '哪一次',
      render: ({ visit }) => (
        <Link className="txt nb" to={scoped(`/visits?memberId=${visit.memberId}`)}>
          {dayClock(visit.checkInAt)}
        </Link>
      ),
    },
    { key: 'elder', title: '老人', render: ({ visit }) => visit.elders.map(({ name }) => name).join('、') },
    { key: 'minutes', title: '分钟', align: 'right', render: ({ visit }) => minutes(visit.servedSeconds ?? 0) },
    {
      key: 'level',
      title: '凭证',
      render: ({ visit }) => (visit.level === null ? '—' : <EvidenceBadge level={visit.level} />),
    },
    { key: 'returned', title: '为什么退回', render: ({ returnedWords }) => returnedWords ?? '—' },
    {
      key: 'reason',
      title: '志愿者说',
      render: ({ reasonWords, note }) => [reasonWords, note].filter(Boolean).join('，'),
    },
    {
      key: 'state',
      title: '结果',
      fixed: true,
      render: (one) =>
        one.state === 'waiting' ? (
          one.whyNot === null ? (
            <Button onClick={() => setDeciding(one)} aria-label={`处理 ${one.byName} 的申诉`}>
              处理
            </Button>
          ) : (
            <span className="t3">{one.whyNotSentence}</span>
          )
        ) : (
          <Status tone={TONES[one.state]}>
            {STATES.find(({ value }) => value === one.state)?.label}，{one.decisionNote}（{one.decidedByName}）
          </Status>
        ),
    },
  ]
  return (
    <Page title="申诉" note="由另一位审核员处理，退回的人不能自己看">
      <DataTable
        name="appeals"
        label="申诉"
        columns={columns}
        rows={list.data?.items}
        rowKey={({ id }) => id}
        loading={list.isFetching}
        error={list.error}
        retry={() => list.refetch()}
        empty={<Empty icon="check-circle" title="没有这样的申诉" />}
        tools={
          <Choice
            label="看哪些"
            value={shown}
            onChange={(next) => setState({ state: next, cursor: undefined })}
            options={STATES.map(({ value, label }) => ({ value, label }))}
          />
        }
        paging={<Paging next={list.data?.next} />}
      />
      {deciding && <DecideDialog appeal={deciding} onClose={() => setDeciding(null)} />}
    </Page>
  )
}

interface Decided {
  outcome: 'upheld' | 'rejected'
  note: string
  reasons?: Record<string, { reasonCode: string; resolutionCode: string }>
}

const EXCEPTION_REASONS = Object.entries(REASONS)
  .filter(([, { for: uses }]) => (uses as readonly string[]).includes('exception'))
  .map(([value, { words }]) => ({ value, label: words }))
const RESOLUTION_OPTIONS = Object.entries(RESOLUTIONS).map(([value, label]) => ({ value, label }))

function DecideDialog({ appeal, onClose }: { appeal: AppealView; onClose: () => void }) {
  const cache = useQueryClient()
  const tell = useTell()
  const key = useRef(newId())
  const [outcome, setOutcome] = useState<string | null>(null)
  const open = appeal.visit.exceptions.filter(({ resolved, severity }) => !resolved && severity !== 'info')
  return (
    <FormDialog<Decided, unknown>
      title={`${appeal.byName}的申诉`}
      open
      onClose={onClose}
      okText="就这样定"
      width={560}
      submit={({ outcome, note, reasons }) =>
        post(`/appeals/${appeal.id}/decision`, {
          id: key.current,
          outcome,
          note,
          ...(outcome === 'upheld' && reasons
            ? { resolutions: Object.entries(reasons).map(([code, given]) => ({ code, ...given })) }
            : {}),
        })
      }
      done={() => {
        key.current = newId()
        tell('申诉处理好了')
        cache.invalidateQueries()
      }}
      note={
        <p className="note" style={{ marginBottom: 14 }}>
          退回的理由：{appeal.returnedWords ?? '—'}。志愿者说：{appeal.reasonWords}
          {appeal.note && `，${appeal.note}`}。
        </p>
      }
    >
      <Form.Item name="outcome" label="怎么定" rules={[{ required: true, message: '请选一个' }]}>
        <Radio.Group
          onChange={({ target }) => setOutcome(target.value as string)}
          options={[
            { value: 'upheld', label: '成立，通过这次服务' },
            { value: 'rejected', label: '不成立，维持退回' },
          ]}
        />
      </Form.Item>
      {outcome === 'upheld' &&
        open.map(({ code, sentence }) => (
          <div key={code} className="pair">
            <Form.Item
              name={['reasons', code, 'reasonCode']}
              label={`${code} ${sentence}`}
              rules={[{ required: true, message: '请选理由' }]}
            >
              <Choice options={EXCEPTION_REASONS} />
            </Form.Item>
            <Form.Item
              name={['reasons', code, 'resolutionCode']}
              label="怎么核实的"
              rules={[{ required: true, message: '请选一个' }]}
            >
              <Choice options={RESOLUTION_OPTIONS} />
            </Form.Item>
          </div>
        ))}
      <Form.Item name="note" label="写给志愿者" rules={[{ required: true, message: '请写明理由' }]}>
        <Input.TextArea rows={2} maxLength={200} />
      </Form.Item>
    </FormDialog>
  )
}
