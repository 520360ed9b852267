import { Switch } from 'antd'
import type { MessageCounts, MessageView, SwitchView } from '../../../shared/message/view'
import { CHANNEL_WORDS, MESSAGE_STATE_WORDS, NOTICE_KIND_WORDS } from '../../../shared/message/words'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { Field, FilterBar } from '../components/filter-bar'
import { KpiCard } from '../components/numbers'
import { Page, Section } from '../components/page'
import { Empty, NoPermission, Refused } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { fullTime } from '../core/format'
import { newId } from '../core/new-id'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useAction } from '../core/use-action'
import { useFilters } from '../core/use-filters'
import { useList, useOne } from '../core/use-list'
import { optionsOf } from '../core/words'

const FILTERS = ['state', 'kind'] as const
const TONES = { waiting: 'wait', sending: 'wait', sent: 'ok', unclear: 'bad', dropped: 'none' } as const

/** 消息发送: what goes out by WeChat and SMS, what did not and why, and which kinds go out here at all. */
export default function MessagesPage() {
  const me = useMe()
  const { regionId } = useScope()
  const { state, applied, draft, change, submit, reset } = useFilters(FILTERS)
  const counts = useOne<MessageCounts>('/messages/counts', { regionId })
  const list = useList<MessageView>('/messages', { ...applied, regionId, cursor: state.cursor, limit: 50 })
  if (!may(me, 'message.read'))
    return (
      <Page title="消息发送">
        <NoPermission />
      </Page>
    )
  const columns: Column<MessageView>[] = [
    { key: 'at', title: '时间', fixed: true, render: (one) => <span className="nb">{fullTime(one.createdAt)}</span> },
    { key: 'kind', title: '什么事', fixed: true, render: (one) => <span className="strong">{one.kindWords}</span> },
    { key: 'who', title: '给谁', render: (one) => one.maskedName },
    { key: 'place', title: '哪里', render: (one) => one.regionName },
    { key: 'channel', title: '怎么发', render: (one) => CHANNEL_WORDS[one.channel] },
    {
      key: 'state',
      title: '状态',
      fixed: true,
      render: (one) => <Status tone={TONES[one.state]}>{MESSAGE_STATE_WORDS[one.state]}</Status>,
    },
    { key: 'why', title: '为什么', render: (one) => one.reasonWords ?? '—' },
    { key: 'tries', title: '试了几次', align: 'right', render: (one) => one.tries },
    {
      key: 'next',
      title: '下次',
      render: (one) => <span className="nb">{one.state === 'waiting' ? fullTime(one.dueAt) : '—'}</span>,
    },
  ]
  return (
    <Page title="消息发送" note="手机里的消息都在；这里是另外发到微信和短信的，里面没有姓名和电话">
      <div className="stack">
        <Counts counts={counts.data} />
        <FilterBar onSubmit={submit} onReset={reset}>
          <Field label="状态">
            <Choice
              label="状态"
              all="全部"
              value={draft.state}
              onChange={(value) => change('state', value)}
              options={optionsOf(MESSAGE_STATE_WORDS)}
            />
          </Field>
          <Field label="什么事">
            <Choice
              label="什么事"
              all="全部"
              value={draft.kind}
              onChange={(value) => change('kind', value)}
              options={optionsOf(NOTICE_KIND_WORDS)}
            />
          </Field>
        </FilterBar>
        <DataTable
          name="messages"
          label="消息发送"
          columns={columns}
          list={list}
          rowKey={({ id }) => id}
          empty={<Empty icon="bell" title="没有要发的消息" next="有事要告诉居民时，会自动排在这里。" />}
        />
        <Switches regionId={regionId} />
      </div>
    </Page>
  )
}

const CARDS = [
  ['waiting', '等着发', '到时间就发'],
  ['sent', '发出了', '这一天里'],
  ['unclear', '不知到没到', '不会再发，免得收到两次'],
  ['dropped', '只在消息里', '没有另外发'],
] as const

function Counts({ counts }: { counts: MessageCounts | undefined }) {
  const scoped = useScoped()
  if (counts === undefined) return null
  return (
    <>
      <div className="kpis">
        {CARDS.map(([state, label, definition]) => (
          <KpiCard
            key={state}
            to={scoped(`/messages?state=${state}`)}
            label={label}
            value={String(counts[state])}
            unit="条"
            definition={definition}
          />
        ))}
      </div>
      {!(counts.wechat && counts.sms) && (
        <p className="t2">
          {counts.wechat ? '' : '微信没有接通。'}
          {counts.sms ? '' : '短信没有接通。'}请管理员看看设置。
        </p>
      )}
    </>
  )
}

/** Which kinds go out at this place and below. A county switches; others see how it is. */
function Switches({ regionId }: { regionId: string }) {
  const me = useMe()
  const list = useOne<SwitchView[]>('/message-switches', { regionId })
  const turn = useAction(
    (kind: string, channel: string, isOn: boolean) =>
      post('/message-switches', { id: newId(), regionId, kind, channel, isOn }),
    () => void list.refetch(),
  )
  const column = (channel: 'wechat' | 'sms'): Column<SwitchView> => ({
    key: channel,
    title: CHANNEL_WORDS[channel],
    fixed: true,
    render: (one) => {
      const way = one.channels.find((each) => each.channel === channel)
      if (way === undefined) return '—'
      const from = way.fromRegionName === null ? '' : `（${way.fromRegionName}定的）`
      if (!may(me, 'message.keep')) return `${way.isOn ? '发' : '不发'}${from}`
      return (
        <span className="row" style={{ gap: 8 }}>
          <Switch
            checked={way.isOn}
            disabled={turn.busy}
            aria-label={`${one.kindWords}发${CHANNEL_WORDS[channel]}`}
            onChange={(isOn) => turn.run(one.kind, channel, isOn)}
          />
          <span className="t2">{`${way.isOn ? '发' : '不发'}${from}`}</span>
        </span>
      )
    },
  })
  const columns: Column<SwitchView>[] = [
    { key: 'kind', title: '什么事', fixed: true, render: (one) => <span className="strong">{one.kindWords}</span> },
    { key: 'words', title: '发出去的话', render: (one) => one.words },
    { key: 'when', title: '夜里', render: (one) => (one.isUrgent ? '也发' : '等到早上') },
    column('wechat'),
    column('sms'),
  ]
  return (
    <Section title="哪些发出去">
      <Refused failure={turn.failure} />
      <DataTable
        name="message-switches"
        label="哪些发出去"
        columns={columns}
        list={list}
        rowKey={({ kind }) => kind}
        empty={<Empty icon="bell" title="没有可以开关的消息" />}
      />
    </Section>
  )
}
