import { type UseQueryResult, useQueryClient } from '@tanstack/react-query'
import { Form, Input } from 'antd'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import { addDays } from '../../../shared/core/time'
import type { ListingView } from '../../../shared/credit/view'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { FormDialog } from '../components/form'
import { Empty } from '../components/states'
import { Pill, Status, type Tone } from '../components/status'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScoped } from '../core/scope'
import { today } from '../core/today'
import { useTell } from '../core/use-action'

const TONES: Record<ListingView['state'], Tone> = { proposed: 'wait', inForce: 'warn', refused: 'none', lifted: 'none' }
const LISTS = [
  { value: 'black', label: '黑名单' },
  { value: 'red', label: '红名单' },
]

type Act =
  | { what: 'list' | 'refuse' | 'lift'; id: string; name: string }
  | { what: 'upheld' | 'rejected'; id: string; name: string; text: string }

const WORDS = { list: '列入', refuse: '不列入', lift: '移出', upheld: '申诉成立，移出', rejected: '申诉不成立，维持' }

interface ListingsProps {
  list: UseQueryResult<object>
  /** Where they stand in the answer, if it is of more than them. */
  rows?: readonly ListingView[] | undefined
  tools?: React.ReactNode
}

/** Who is on a list, why, from when to when, who asked and who decided; and what there is to do. */
export function Listings({ list, rows, tools }: ListingsProps) {
  const scoped = useScoped()
  const tell = useTell()
  const cache = useQueryClient()
  const [act, setAct] = useState<Act | null>(null)
  const key = useRef(newId())
  const columns: Column<ListingView>[] = [
    {
      key: 'list',
      title: '名单',
      fixed: true,
      render: (one) => <Pill tone={one.list === 'black' ? 'bad' : 'ok'}>{one.listWords}</Pill>,
    },
    {
      key: 'name',
      title: '谁',
      fixed: true,
      render: (one) =>
        one.memberId === null ? (
          one.name
        ) : (
          <Link className="txt" to={scoped(`/credit/helpers/${one.memberId}`)}>
            {one.name}
          </Link>
        ),
    },
    { key: 'region', title: '村', render: (one) => one.regionName, spare: true },
    { key: 'reason', title: '为什么', fixed: true, render: (one) => one.reason },
    {
      key: 'span',
      title: '从哪天到哪天',
      render: (one) => (
        <span className="nb">
          {one.fromDay} 至 {one.untilDay}
        </span>
      ),
    },
    { key: 'by', title: '谁提请', render: (one) => one.proposedByName },
    {
      key: 'decided',
      title: '谁决定',
      render: (one) => (one.decidedByName === null ? '—' : `${one.decidedByName}：${one.decisionNote}`),
    },
    {
      key: 'state',
      title: '状态',
      render: (one) => (
        <Status tone={TONES[one.state]}>
          {one.stateWords}
          {one.liftedReason !== '' && `：${one.liftedReason}`}
        </Status>
      ),
    },
    {
      key: 'appeals',
      title: '申诉',
      render: (one) =>
        one.appeals.length === 0
          ? '—'
          : one.appeals.map((appeal) => (
              <div key={appeal.id}>
                {appeal.text}（{appeal.stateWords}
                {appeal.decisionNote !== '' && `：${appeal.decisionNote}`}）
              </div>
            )),
    },
    { key: 'acts', title: '操作', fixed: true, render: (one) => <Acts listing={one} onAct={setAct} /> },
  ]
  return (
    <>
      <DataTable
        name="credit-listings"
        label="红黑名单"
        columns={columns}
        list={list}
        rows={rows}
        rowKey={({ id }) => id}
        empty={<Empty icon="check-circle" title="没有列入名单的" next="从“信用”点开一个人，可以提请列入。" />}
        tools={tools}
      />
      <FormDialog<{ note: string }, unknown>
        title={act === null ? '' : `${WORDS[act.what]}：${act.name}`}
        open={act !== null}
        onClose={() => setAct(null)}
        okText={act === null ? '' : WORDS[act.what]}
        note={act !== null && 'text' in act ? <p className="note">本人说：{act.text}</p> : undefined}
        submit={({ note }) => send(act as Act, key.current, note)}
        done={() => {
          key.current = newId()
          tell('记下了，明天起算')
          cache.invalidateQueries()
        }}
      >
        <Form.Item name="note" label="怎么核实的（本人看得到）" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
      </FormDialog>
    </>
  )
}

function send(act: Act, id: string, note: string): Promise<unknown> {
  if (act.what === 'lift') return post(`/credit-listings/${act.id}/lifting`, { id, reason: note })
  if (act.what === 'upheld' || act.what === 'rejected')
    return post(`/credit-appeals/${act.id}/decision`, { id, outcome: act.what, note })
  return post(`/credit-listings/${act.id}/decision`, { id, decision: act.what, note })
}

function Acts({ listing, onAct }: { listing: ListingView; onAct: (act: Act) => void }) {
  const { id, name } = listing
  const waiting = listing.appeals.find(({ state }) => state === 'waiting')
  const button = (act: Act) => (
    <button
      key={act.what}
      type="button"
      className="txt"
      aria-label={`${WORDS[act.what]} ${name}`}
      onClick={() => onAct(act)}
    >
      {WORDS[act.what]}
    </button>
  )
  if (waiting !== undefined)
    return waiting.whyNot === null ? (
      <span className="row" style={{ gap: 8 }}>
        {(['upheld', 'rejected'] as const).map((what) => button({ what, id: waiting.id, name, text: waiting.text }))}
      </span>
    ) : (
      <span className="t3">{waiting.whyNot}</span>
    )
  if (listing.state === 'proposed')
    return listing.whyNotDecide === null ? (
      <span className="row" style={{ gap: 8 }}>
        {(['list', 'refuse'] as const).map((what) => button({ what, id, name }))}
      </span>
    ) : (
      <span className="t3">{listing.whyNotDecide}</span>
    )
  return listing.mayLift ? button({ what: 'lift', id, name }) : '—'
}

interface ProposeDialogProps {
  open: boolean
  kind: 'helper' | 'organisation'
  subject: { id: string; name: string }
  onClose: () => void
  done: () => void
}

/** Somebody asks; another decides. */
export function ProposeDialog({ open, kind, subject, onClose, done }: ProposeDialogProps) {
  const key = useRef(newId())
  const tell = useTell()
  return (
    <FormDialog<{ list: string; reason: string; fromDay: string; untilDay: string }, unknown>
      title={`提请列入名单：${subject.name}`}
      open={open}
      onClose={onClose}
      okText="提请"
      initial={{ list: 'black', fromDay: addDays(today(), 1), untilDay: addDays(today(), 180) }}
      note={<p className="note">由另一个人决定，最早明天起算；本人会看到理由，可以申诉。</p>}
      submit={(values) => post('/credit-listings', { id: key.current, kind, subjectId: subject.id, ...values })}
      done={() => {
        key.current = newId()
        tell('提请了，等第二人决定')
        done()
      }}
    >
      <Form.Item name="list" label="名单" rules={REQUIRED}>
        <Choice options={LISTS} />
      </Form.Item>
      <Form.Item name="reason" label="为什么（本人看得到）" rules={REQUIRED}>
        <Input.TextArea rows={2} maxLength={200} />
      </Form.Item>
      <div className="pair">
        <Form.Item name="fromDay" label="从哪天" rules={REQUIRED}>
          <DayInput min={addDays(today(), 1)} />
        </Form.Item>
        <Form.Item name="untilDay" label="到哪天（含）" rules={REQUIRED}>
          <DayInput min={addDays(today(), 1)} />
        </Form.Item>
      </div>
    </FormDialog>
  )
}
