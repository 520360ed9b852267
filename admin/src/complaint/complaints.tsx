import { Form, Input, Segmented } from 'antd'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import type { ComplaintView } from '../../../shared/complaint/view'
import { type Column, DataTable } from '../components/data-table'
import { FormDialog } from '../components/form'
import { Page } from '../components/page'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { fullTime, points } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope, useScoped } from '../core/scope'
import { useTell } from '../core/use-action'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'

const STATES = [
  { value: 'open', label: '要核实的' },
  { value: 'decided', label: '核实过的' },
]
const TONES = { open: 'wait', dismissed: 'none', upheld: 'bad' } as const

/** 投诉: what elders say was not as it should be. The points of the visit are put aside until somebody decides. */
export default function ComplaintsPage() {
  const [url, set] = useUrlState()
  const { regionId } = useScope()
  const scoped = useScoped()
  const state = url.state === 'decided' ? 'decided' : 'open'
  const list = useList<ComplaintView>('/complaints', { state, regionId, cursor: url.cursor, limit: 50 })
  const [asked, setAsked] = useState<{ complaint: ComplaintView; decision: 'uphold' | 'dismiss' } | null>(null)
  const key = useRef(newId())
  const tell = useTell()
  const columns: Column<ComplaintView>[] = [
    {
      key: 'at',
      title: '什么时候',
      fixed: true,
      render: (one) => <span className="nb">{fullTime(one.openedAt)}</span>,
    },
    { key: 'kind', title: '说什么', fixed: true, render: (one) => <span className="strong">{one.kindWords}</span> },
    {
      key: 'visit',
      title: '哪一次',
      render: (one) => (
        <Link className="txt" to={scoped(`/visits?open=${one.visitId}`)}>
          {one.visitDay}
        </Link>
      ),
    },
    { key: 'place', title: '村', render: (one) => one.regionName },
    { key: 'helper', title: '志愿者', render: (one) => one.helperName },
    { key: 'by', title: '谁反映的', render: (one) => one.openedByName },
    { key: 'frozen', title: '先放一边', align: 'right', render: (one) => `${points(one.frozenMilliPoints)} 分` },
    {
      key: 'due',
      title: '期限',
      render: ({ dueSentence, late }) =>
        dueSentence === '' ? '—' : <span className={late ? 'status bad' : 't2'}>{dueSentence}</span>,
    },
    { key: 'state', title: '状态', render: (one) => <Status tone={TONES[one.state]}>{one.stateWords}</Status> },
    {
      key: 'decided',
      title: '结果',
      render: (one) => (one.decidedAt === null ? '—' : `${one.decidedByName ?? ''}：${one.reason}`),
    },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) =>
        one.mayDecide ? (
          <span className="row" style={{ gap: 8 }}>
            {(['uphold', 'dismiss'] as const).map((decision) => (
              <button
                key={decision}
                type="button"
                className="txt"
                aria-label={`${wordOfDecision(decision)} ${one.helperName} ${one.visitDay}`}
                onClick={() => setAsked({ complaint: one, decision })}
              >
                {wordOfDecision(decision)}
              </button>
            ))}
          </span>
        ) : (
          <span className="t3">{one.whyNotSentence || '—'}</span>
        ),
    },
  ]
  const word = asked === null ? '' : wordOfDecision(asked.decision)
  return (
    <Page title="投诉" note="核实清楚以前，这一次的分先放在一边；自己反映的和关于自己的要别人来定">
      <DataTable
        name="complaints"
        label="投诉"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <Empty
            icon="check-circle"
            title={state === 'open' ? '没有要核实的投诉' : '还没有核实过的投诉'}
            next="老人在手机上、在电话里说服务有问题，会出现在这里。"
          />
        }
        tools={
          <Segmented
            aria-label="要核实还是核实过的"
            value={state}
            options={STATES}
            onChange={(value) => set({ state: value === 'open' ? null : value })}
          />
        }
      />
      <FormDialog<{ reason: string }, unknown>
        title={word}
        open={asked !== null}
        onClose={() => setAsked(null)}
        okText={word}
        note={
          <p>
            {asked?.decision === 'uphold'
              ? '这次服务退回，分收回；积分规则里写了另扣的，会列到“申请与发放”等人同意。'
              : '放在一边的分还给志愿者，服务记录不变。'}
          </p>
        }
        submit={({ reason }) =>
          post(`/complaints/${asked?.complaint.id}/decision`, { id: key.current, decision: asked?.decision, reason })
        }
        done={() => {
          key.current = newId()
          tell('记下了')
          void list.refetch()
        }}
      >
        <Form.Item name="reason" label="怎么核实的" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
      </FormDialog>
    </Page>
  )
}

const wordOfDecision = (decision: 'uphold' | 'dismiss') => (decision === 'uphold' ? '属实' : '不属实')
