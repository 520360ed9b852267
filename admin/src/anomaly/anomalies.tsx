import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Radio } from 'antd'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import type { AnomalyView } from '../../../shared/anomaly/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { FormDialog } from '../components/form'
import { LinkButton } from '../components/link-button'
import { Page } from '../components/page'
import { Empty, NoPermission } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { dayClock } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'

const OUTCOMES: Record<string, string> = { upheld: '确有问题', harmless: '没有问题' }

/** 异常线索: what the rules found odd, each with its numbers; and how much was typed in by hand. */
export default function AnomaliesPage() {
  const me = useMe()
  const scoped = useScoped()
  const { regionId } = useScope()
  const [state, setState] = useUrlState()
  const shown = state.state === 'closed' ? 'closed' : 'open'
  const list = useList<AnomalyView>('/anomalies', { regionId, state: shown, cursor: state.cursor, limit: 50 })
  const [closing, setClosing] = useState<AnomalyView | null>(null)
  if (!may(me, 'audit.sit'))
    return (
      <Page title="异常线索">
        <NoPermission />
      </Page>
    )
  const columns: Column<AnomalyView>[] = [
    { key: 'score', title: '可疑程度', align: 'right', render: ({ score }) => score },
    {
      key: 'kind',
      title: '什么线索',
      fixed: true,
      render: ({ kindWords }) => <span className="strong">{kindWords}</span>,
    },
    { key: 'who', title: '关于谁', render: (one) => <Subjects anomaly={one} /> },
    { key: 'why', title: '为什么', render: ({ sentence }) => sentence },
    { key: 'at', title: '发现时间', render: ({ foundAt }) => <span className="nb">{dayClock(foundAt)}</span> },
    {
      key: 'state',
      title: '结果',
      fixed: true,
      render: (one) =>
        one.state === 'closed' ? (
          <Status tone={one.outcome === 'upheld' ? 'bad' : 'ok'}>
            {OUTCOMES[one.outcome ?? '']}：{one.note}（{one.closedByName}）
          </Status>
        ) : may(me, 'anomaly.close') ? (
          <Button onClick={() => setClosing(one)} aria-label={`处理 ${one.kindWords}`}>
            处理
          </Button>
        ) : (
          <Status tone="wait">等处理</Status>
        ),
    },
  ]
  return (
    <Page
      title="异常线索"
      note="只是请人看看，不会自己扣分"
      actions={<LinkButton to={scoped('/manual-share')}>看手工占比</LinkButton>}
    >
      <div className="stack">
        <DataTable
          name="anomalies"
          label="异常线索"
          columns={columns}
          list={list}
          rowKey={({ id }) => id}
          empty={<Empty icon="check-circle" title="没有这样的线索" next="每天夜里自动查一遍，查到的会出现在这里。" />}
          tools={
            <Choice
              label="看哪些"
              value={shown}
              onChange={(next) => setState({ state: next, cursor: undefined })}
              options={[
                { value: 'open', label: '等处理' },
                { value: 'closed', label: '处理过' },
              ]}
            />
          }
        />
      </div>
      {closing && <CloseDialog anomaly={closing} onClose={() => setClosing(null)} />}
    </Page>
  )
}

function Subjects({ anomaly }: { anomaly: AnomalyView }) {
  const scoped = useScoped()
  return (
    <span className="row" style={{ flexWrap: 'wrap' }}>
      {anomaly.subjects.map(({ id, name, kind }) =>
        kind === 'member' || kind === 'elder' ? (
          <Link key={id} className="txt nb" to={scoped(kind === 'member' ? `/members/${id}` : `/elders/${id}`)}>
            {name || '—'}
          </Link>
        ) : (
          <span key={id}>{name || '—'}</span>
        ),
      )}
    </span>
  )
}

function CloseDialog({ anomaly, onClose }: { anomaly: AnomalyView; onClose: () => void }) {
  const cache = useQueryClient()
  const tell = useTell()
  const key = useRef(newId())
  return (
    <FormDialog<{ outcome: string; note: string }, unknown>
      title={anomaly.kindWords}
      open
      onClose={onClose}
      okText="记下来"
      submit={(values) => post(`/anomalies/${anomaly.id}/closing`, { id: key.current, ...values })}
      done={() => {
        key.current = newId()
        tell('这条线索处理好了')
        cache.invalidateQueries()
      }}
      note={<p className="note">{anomaly.sentence}。要退回服务，请到核实审核里一条一条办。</p>}
    >
      <Form.Item name="outcome" label="看下来" rules={REQUIRED}>
        <Radio.Group options={Object.entries(OUTCOMES).map(([value, label]) => ({ value, label }))} />
      </Form.Item>
      <Form.Item name="note" label="怎么核实的" rules={REQUIRED}>
        <Input.TextArea rows={2} maxLength={200} />
      </Form.Item>
    </FormDialog>
  )
}
