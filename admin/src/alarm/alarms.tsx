import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import { LEVEL_WORDS } from '../../../shared/alarm/rules'
import type { AlarmView } from '../../../shared/alarm/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { FormDialog } from '../components/form'
import { LinkButton } from '../components/link-button'
import { Page } from '../components/page'
import { PersonPicker } from '../components/person-picker'
import { Empty, Refused } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { dayClock } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useAction, useTell } from '../core/use-action'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'

/** 热线接听: an elder telephoned; an alarm has a deadline and goes up, a wish becomes an order. */
export default function AlarmsPage() {
  const me = useMe()
  const scoped = useScoped()
  const { regionId } = useScope()
  const cache = useQueryClient()
  const tell = useTell()
  const [state, setState] = useUrlState()
  const shown = state.state === 'closed' ? 'closed' : 'open'
  const list = useList<AlarmView>('/alarms', { regionId, state: shown, cursor: state.cursor, limit: 50 })
  const [opening, setOpening] = useState(false)
  const [closing, setClosing] = useState<AlarmView | null>(null)
  const key = useRef(newId())
  const done = (words: string) => () => {
    key.current = newId()
    tell(words)
    cache.invalidateQueries()
  }
  const take = useAction(
    (alarm: AlarmView) => post(`/alarms/${alarm.id}/taking`, { id: key.current }),
    done('记下了，请马上去'),
  )
  const mayWrite = may(me, 'alarm.keep')
  const columns: Column<AlarmView>[] = [
    { key: 'at', title: '什么时候', render: ({ openedAt }) => <span className="nb">{dayClock(openedAt)}</span> },
    {
      key: 'elder',
      title: '老人',
      fixed: true,
      render: ({ elderId, elderName }) => (
        <Link className="txt nb" to={scoped(`/elders/${elderId}`)}>
          {elderName}
        </Link>
      ),
    },
    { key: 'place', title: '村', render: ({ regionName }) => <span className="nb">{regionName}</span> },
    { key: 'words', title: '说了什么', render: ({ words }) => words },
    { key: 'level', title: '现在归谁', render: ({ level }) => LEVEL_WORDS[level] },
    {
      key: 'due',
      title: '最晚',
      render: ({ dueAt, isOverdue, state: now }) =>
        now === 'closed' ? '—' : <Status tone={isOverdue ? 'bad' : 'wait'}>{dayClock(dueAt)}</Status>,
    },
    {
      key: 'state',
      title: '怎么样了',
      render: (one) =>
        one.state === 'closed' ? (
          <Status tone="ok">
            {one.outcome}（{one.closedByName}，{dayClock(one.closedAt)}）
          </Status>
        ) : one.state === 'taken' ? (
          <Status tone="wait">{one.takenByName}去了</Status>
        ) : (
          <Status tone="bad">还没有人去</Status>
        ),
    },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) =>
        mayWrite &&
        one.state !== 'closed' && (
          <span className="row">
            {one.state === 'open' && (
              <Button loading={take.busy} onClick={() => take.run(one)} aria-label={`我去看 ${one.elderName}`}>
                我去
              </Button>
            )}
            <Button onClick={() => setClosing(one)} aria-label={`${one.elderName} 处理完了`}>
              处理完了
            </Button>
          </span>
        ),
    },
  ]
  return (
    <Page
      title="热线接听"
      note="求助有时限，到时间没处理完就报到上一级"
      actions={
        mayWrite && (
          <>
            <LinkButton to={scoped('/orders')}>老人要人帮忙</LinkButton>
            <Button type="primary" onClick={() => setOpening(true)}>
              老人求助
            </Button>
          </>
        )
      }
    >
      <div className="stack">
        <Refused failure={take.failure} />
        <DataTable
          name="alarms"
          label="求助"
          columns={columns}
          list={list}
          rowKey={({ id }) => id}
          empty={<Empty icon="check-circle" title="没有这样的求助" next="老人打来热线，用右上角的按钮记下来。" />}
          tools={
            <Choice
              label="看哪些"
              value={shown}
              onChange={(next) => setState({ state: next, cursor: undefined })}
              options={[
                { value: 'open', label: '没处理完的' },
                { value: 'closed', label: '处理完的' },
              ]}
            />
          }
        />
      </div>
      <FormDialog<{ elderId: string; words: string }, unknown>
        title="老人打电话求助"
        open={opening}
        onClose={() => setOpening(false)}
        okText="马上派人"
        danger
        submit={(values) => post('/alarms', { id: key.current, ...values })}
        done={done('记下了，村里和镇里都通知了')}
        note={<p className="note">有生命危险，先打 120。</p>}
      >
        <Form.Item name="elderId" label="哪位老人" rules={REQUIRED}>
          <PersonPicker path="/elders" narrow={{ regionId }} optional />
        </Form.Item>
        <Form.Item name="words" label="说了什么（不写名字和电话）" rules={REQUIRED}>
          <Input.TextArea rows={2} maxLength={200} />
        </Form.Item>
      </FormDialog>
      <FormDialog<{ outcome: string }, unknown>
        title={`处理完了：${closing?.elderName ?? ''}`}
        open={closing !== null}
        onClose={() => setClosing(null)}
        okText="处理完了"
        submit={({ outcome }) => post(`/alarms/${closing?.id ?? ''}/closing`, { id: key.current, outcome })}
        done={done('记下了')}
      >
        <Form.Item name="outcome" label="老人怎么样了" rules={REQUIRED}>
          <Input.TextArea rows={2} maxLength={200} />
        </Form.Item>
      </FormDialog>
    </Page>
  )
}
