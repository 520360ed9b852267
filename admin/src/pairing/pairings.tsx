import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { PairingView } from '../../../shared/pairing/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { ExportButton } from '../components/export-button'
import { FormDialog } from '../components/form'
import { Icon } from '../components/icon'
import { Page } from '../components/page'
import { PersonPicker } from '../components/person-picker'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { today } from '../core/today'
import { useTell } from '../core/use-action'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'

const STATES = [
  { value: 'unagreed', label: '还没签协议' },
  { value: 'ended', label: '已结束' },
]
type Act = { act: 'agree' | 'end'; pair: PairingView }

/** 结对: who looks after whom, whether it was agreed in writing in time, and how it ended. */
export default function PairingsPage() {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const scoped = useScoped()
  const { regionId } = useScope()
  const [state, setState] = useUrlState()
  const [adding, setAdding] = useState(false)
  const [act, setAct] = useState<Act | null>(null)
  const filter = { regionId, state: state.state, elderId: state.elderId, memberId: state.memberId }
  const list = useList<PairingView>('/pairings', { ...filter, cursor: state.cursor, limit: 50 })
  const keeps = may(me, 'elder.keep')
  const done = (words: string) => () => {
    cache.invalidateQueries({ queryKey: ['/pairings'] })
    tell(words)
  }
  const columns: Column<PairingView>[] = [
    {
      key: 'elder',
      title: '老人',
      fixed: true,
      render: (one) => (
        <Link className="txt" to={scoped(`/elders/${one.elderId}`)}>
          {one.elderName}
        </Link>
      ),
    },
    { key: 'place', title: '村（社区）', render: (one) => one.regionName },
    {
      key: 'member',
      title: '志愿者',
      render: (one) => (
        <Link className="txt" to={scoped(`/members/${one.memberId}`)}>
          {one.memberName}
        </Link>
      ),
    },
    { key: 'since', title: '从哪天起', render: (one) => <span className="nb">{one.sinceDay}</span> },
    { key: 'last', title: '上次探访', render: (one) => <span className="nb">{one.lastVisitDay ?? '还没有'}</span> },
    { key: 'agreement', title: '书面协议', render: (one) => <Agreement pair={one} /> },
    { key: 'number', title: '协议编号', spare: true, render: (one) => one.agreementNo || '—' },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) =>
        one.endedDay !== null ? (
          <Status tone="none">
            {one.endedDay} 结束：{one.endReason}
          </Status>
        ) : keeps ? (
          <span className="row" style={{ gap: 14 }}>
            <button
              type="button"
              className="txt"
              aria-label={`登记 ${one.elderName} 的协议`}
              onClick={() => setAct({ act: 'agree', pair: one })}
            >
              {one.agreedDay === null ? '签好了' : '改协议'}
            </button>
            <button
              type="button"
              className="txt"
              aria-label={`结束 ${one.elderName} 的结对`}
              onClick={() => setAct({ act: 'end', pair: one })}
            >
              结束
            </button>
          </span>
        ) : (
          '—'
        ),
    },
  ]
  return (
    <Page
      title="结对"
      note="排探访时先派结对的志愿者；到时没签书面协议会提醒"
      actions={
        keeps && (
          <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setAdding(true)}>
            结一对
          </Button>
        )
      }
    >
      <DataTable
        name="pairings"
        label="结对"
        tools={
          <Choice
            label="状态"
            all="正在结对"
            value={state.state}
            options={STATES}
            onChange={(next) => setState({ state: next, cursor: undefined })}
          />
        }
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        exits={<ExportButton path="/exports/pairings" query={filter} name={`结对-${today()}`} />}
        empty={<Empty icon="family" title="这里还没有结对" next="给老人找一位常去的志愿者，满一个月要签协议。" />}
      />
      <FormDialog<{ elderId: string; memberId: string; sinceDay: string }, PairingView>
        title="结一对"
        open={adding}
        onClose={() => setAdding(false)}
        done={done('结好了')}
        width={560}
        initial={{ sinceDay: today() }}
        submit={(values) => post<PairingView>('/pairings', { id: newId(), ...values })}
      >
        <Form.Item name="elderId" label="老人" rules={[{ required: true, message: '请选老人' }]}>
          <PersonPicker path="/elders" narrow={{ regionId, state: 'active' }} />
        </Form.Item>
        <Form.Item name="memberId" label="志愿者" rules={[{ required: true, message: '请选志愿者' }]}>
          <PersonPicker path="/members" narrow={{ regionId }} />
        </Form.Item>
        <Form.Item name="sinceDay" label="从哪天起" rules={REQUIRED}>
          <DayInput max={today()} />
        </Form.Item>
      </FormDialog>
      <FormDialog<{ agreedDay: string; agreementNo?: string }, PairingView>
        title="书面协议签好了"
        open={act?.act === 'agree'}
        onClose={() => setAct(null)}
        done={done('登记好了')}
        initial={{ agreedDay: act?.pair.agreedDay ?? today(), agreementNo: act?.pair.agreementNo ?? '' }}
        submit={(values) => post<PairingView>(`/pairings/${act?.pair.id ?? ''}/agreement`, values)}
      >
        <Form.Item name="agreedDay" label="哪天签的" rules={REQUIRED}>
          <DayInput max={today()} />
        </Form.Item>
        <Form.Item name="agreementNo" label="协议编号">
          <Input maxLength={60} />
        </Form.Item>
      </FormDialog>
      <FormDialog<{ endedDay: string; reason: string }, PairingView>
        title="结束结对"
        open={act?.act === 'end'}
        onClose={() => setAct(null)}
        danger
        okText="结束"
        done={done('结束了')}
        initial={{ endedDay: today() }}
        submit={(values) => post<PairingView>(`/pairings/${act?.pair.id ?? ''}/ending`, values)}
      >
        <Form.Item name="endedDay" label="到哪天" rules={REQUIRED}>
          <DayInput max={today()} />
        </Form.Item>
        <Form.Item name="reason" label="为什么" rules={[{ required: true, message: '请写为什么' }]}>
          <Input maxLength={60} />
        </Form.Item>
      </FormDialog>
    </Page>
  )
}

function Agreement({ pair: { agreedDay, agreeBy, isLate, endedDay } }: { pair: PairingView }) {
  if (agreedDay !== null) return <Status tone="ok">{agreedDay} 签</Status>
  if (endedDay !== null) return <>没有签</>
  return <Status tone={isLate ? 'bad' : 'warn'}>{isLate ? `${agreeBy} 到期没签` : `${agreeBy} 前签`}</Status>
}
