import { Button, Form, Segmented } from 'antd'
import { useRef, useState } from 'react'
import type { PointRequestView } from '../../../shared/ledger/view'
import type { GiftView, GrantRoundView, KinLineView } from '../../../shared/member/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import type { Column } from '../components/data-table'
import { FormDialog } from '../components/form'
import { LinkButton } from '../components/link-button'
import { Page } from '../components/page'
import { PersonPicker } from '../components/person-picker'
import { Empty } from '../components/states'
import { post } from '../core/call'
import { dayClock, points } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { Clearings } from './clearings'
import { Decide } from './decide'
import { type ListProps, RequestTable, State } from './request-table'

const TABS = [
  { value: 'rounds', label: '按规则发放' },
  { value: 'requests', label: '积分申请' },
  { value: 'gifts', label: '赠送与捐赠' },
  { value: 'kin', label: '亲属登记' },
  { value: 'clearings', label: '跨区县往来' },
] as const
const STATES = [
  { value: 'waiting', label: '等着办' },
  { value: 'decided', label: '办完的' },
]
/** 申请与发放: what needs a second person, and what staff agree to: grants by rule, requests, gifts, relatives. */
export default function RequestsPage() {
  const [state, set] = useUrlState()
  const tab = TABS.find(({ value }) => value === state.tab)?.value ?? 'rounds'
  const which = state.state ?? 'waiting'
  const { regionId } = useScope()
  const query = { state: which, regionId, cursor: state.cursor, limit: 50 }
  const tools = (
    <Segmented
      aria-label="等着办还是办完的"
      value={which}
      options={STATES}
      onChange={(value) => set({ state: value === 'waiting' ? null : value })}
    />
  )
  return (
    <Page title="申请与发放" note="一个人提，另一个人同意；自己的和给自己的要别人来办">
      <div style={{ marginBottom: 12 }}>
        <Segmented
          aria-label="办哪一样"
          value={tab}
          options={[...TABS]}
          onChange={(value) => set({ tab: value === 'rounds' ? null : value, state: null })}
        />
      </div>
      {tab === 'rounds' && <Rounds query={query} tools={tools} />}
      {tab === 'requests' && <Requests query={query} tools={tools} />}
      {tab === 'gifts' && <Gifts query={query} tools={tools} />}
      {tab === 'kin' && <Kin query={query} tools={tools} />}
      {tab === 'clearings' && <Clearings />}
    </Page>
  )
}

const yesNo = (yes: boolean) => ({ answer: yes ? 'yes' : 'no' })

function Rounds({ query, tools }: ListProps) {
  const list = useList<GrantRoundView>('/grant-rounds', query)
  const columns: Column<GrantRoundView>[] = [
    { key: 'name', title: '发放', fixed: true, render: (one) => <span className="strong nb">{one.name}</span> },
    { key: 'period', title: '期间', render: (one) => <span className="nb">{one.period}</span> },
    { key: 'region', title: '地方', render: (one) => one.regionName },
    { key: 'when', title: '给谁', render: (one) => one.whenWords },
    { key: 'each', title: '每人', align: 'right', render: (one) => `${points(one.eachMilliPoints)} 分` },
    {
      key: 'people',
      title: '人数',
      align: 'right',
      render: (one) => (one.left === 0 ? one.people : `${one.people}，还有 ${one.left} 人没轮到`),
    },
    { key: 'sum', title: '一共', align: 'right', render: (one) => `${points(one.milliPoints)} 分` },
    {
      key: 'from',
      title: '从哪里出',
      render: (one) => (one.fundLine === null ? one.fromWord : `${one.fromWord}（${one.fundLine}）`),
    },
    {
      key: 'approved',
      title: '谁同意了',
      render: (one) => `${one.approvedByNames.join('、') || '还没有人'}（要 ${one.approvers} 人）`,
    },
    { key: 'state', title: '状态', render: (one) => <State state={one.state} /> },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) =>
        one.mayAnswer ? (
          <Decide
            path={`/grant-rounds/${one.id}/answer`}
            name={`${one.name} ${one.period}`}
            body={(yes, reason) => ({ answer: yes ? 'approve' : 'reject', reason })}
            note={`${one.name}：${one.people} 人，每人 ${points(one.eachMilliPoints)} 分，一共 ${points(one.milliPoints)} 分，从${one.fromWord}出。够 ${one.approvers} 个人同意就发。`}
            done={() => list.refetch()}
          />
        ) : (
          '—'
        ),
    },
  ]
  return (
    <RequestTable
      name="grant-rounds"
      label="按规则发放"
      list={list}
      columns={columns}
      tools={tools}
      empty={
        <Empty icon="gift" title="现在没有要发放的">
          <p className="t3">积分规则里写了“发放”，到了日子会自动列在这里。</p>
        </Empty>
      }
    />
  )
}

function Requests({ query, tools }: ListProps) {
  const me = useMe()
  const scoped = useScoped()
  const list = useList<PointRequestView>('/point-requests', query)
  const columns: Column<PointRequestView>[] = [
    {
      key: 'time',
      title: '提出',
      fixed: true,
      render: (one) => <span className="nb">{dayClock(one.askedAt)}</span>,
    },
    { key: 'kind', title: '种类', render: (one) => <span className="strong nb">{one.kindWord}</span> },
    { key: 'owner', title: '谁的账户', render: (one) => one.ownerName ?? '公共账户' },
    {
      key: 'amount',
      title: '积分',
      align: 'right',
      render: (one) => (one.milliPoints === null ? '全部' : points(one.milliPoints)),
    },
    { key: 'detail', title: '怎么办', render: (one) => one.detail ?? '—' },
    { key: 'reason', title: '理由', render: (one) => one.reason },
    { key: 'evidence', title: '凭据', render: (one) => (one.hasEvidence ? '有' : '—') },
    { key: 'by', title: '谁提的', render: (one) => one.askedByName },
    { key: 'decided', title: '谁定的', render: (one) => one.decidedByName ?? '—' },
    { key: 'state', title: '状态', render: (one) => <State state={one.state} /> },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) =>
        one.mayDecide ? (
          <Decide
            path={`/point-requests/${one.id}/decision`}
            name={`${one.kindWord} ${one.ownerName ?? ''}`}
            body={(yes, reason) => ({ decision: yes ? 'approve' : 'reject', reason })}
            note={`${one.kindWord}：${one.ownerName ?? '公共账户'}，${one.milliPoints === null ? '全部' : `${points(one.milliPoints)} 分`}${one.detail === null ? '' : `，${one.detail}`}。理由：${one.reason}`}
            done={() => list.refetch()}
          />
        ) : (
          '—'
        ),
    },
  ]
  return (
    <RequestTable
      name="point-requests"
      label="积分申请"
      list={list}
      columns={columns}
      tools={tools}
      empty={
        <Empty icon="points" title="没有积分申请">
          <p className="t3">在积分账户的页面上提出：发放、手工记分、冻结、销户、合并、迁到别的区县。</p>
        </Empty>
      }
      exits={
        may(me, 'points.askGrant') && <LinkButton to={scoped('/imports?kind=balances')}>从表格导入余额</LinkButton>
      }
    />
  )
}

function Gifts({ query, tools }: ListProps) {
  const list = useList<GiftView>('/gifts', query)
  const columns: Column<GiftView>[] = [
    {
      key: 'time',
      title: '提出',
      fixed: true,
      render: (one) => <span className="nb">{dayClock(one.askedAt)}</span>,
    },
    { key: 'kind', title: '种类', render: (one) => one.kindWord },
    { key: 'from', title: '谁送', render: (one) => <span className="strong nb">{one.fromName}</span> },
    { key: 'to', title: '送给', render: (one) => <span className="strong nb">{one.toName}</span> },
    { key: 'relation', title: '关系', render: (one) => one.relationWord ?? '—' },
    { key: 'amount', title: '积分', align: 'right', render: (one) => points(one.milliPoints) },
    { key: 'note', title: '留言', render: (one) => one.note || '—' },
    { key: 'state', title: '状态', render: (one) => <State state={one.state} /> },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) =>
        one.mayAnswer ? (
          <Decide
            path={`/gifts/${one.id}/answer`}
            name={`${one.fromName}送给${one.toName}`}
            body={yesNo}
            note={`${one.fromName}送给${one.toName} ${points(one.milliPoints)} 分。同意后马上到账，不能收回。`}
            done={() => list.refetch()}
          />
        ) : (
          '—'
        ),
    },
  ]
  return (
    <RequestTable
      name="gifts"
      label="赠送与捐赠"
      list={list}
      columns={columns}
      tools={tools}
      empty={<Empty icon="gift" title="没有要社区同意的赠送" next="规则要求社区同意的赠送，会自动出现在这里。" />}
    />
  )
}

const RELATIONS = [
  { value: 'spouse', label: '配偶' },
  { value: 'parent', label: '父母' },
  { value: 'child', label: '子女' },
  { value: 'grandparent', label: '祖父母' },
  { value: 'grandchild', label: '孙子女' },
  { value: 'sibling', label: '兄弟姐妹' },
  { value: 'otherRelative', label: '其他亲属' },
  { value: 'friend', label: '朋友' },
]
const KINDS = [
  { value: 'member', label: '志愿者' },
  { value: 'elder', label: '老人' },
]
type Party = 'member' | 'elder'
type Registration = { ofKind: Party; of: string; relation: string; toKind: Party; to: string }

function Kin({ query, tools }: ListProps) {
  const me = useMe()
  const tell = useTell()
  const list = useList<KinLineView>('/kin', query)
  const [adding, setAdding] = useState(false)
  const key = useRef(newId())
  const columns: Column<KinLineView>[] = [
    {
      key: 'time',
      title: '登记',
      fixed: true,
      render: (one) => <span className="nb">{dayClock(one.declaredAt)}</span>,
    },
    { key: 'of', title: '谁', render: (one) => <span className="strong nb">{one.ofName}</span> },
    { key: 'to', title: '他的亲属', render: (one) => <span className="strong nb">{one.toName}</span> },
    { key: 'relation', title: '是他的', render: (one) => one.relationWord },
    { key: 'state', title: '状态', render: (one) => <State state={one.state} /> },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) =>
        one.mayAnswer ? (
          <Decide
            path={`/kin/${one.id}/answer`}
            name={`${one.ofName}和${one.toName}`}
            body={yesNo}
            note={`${one.toName}是${one.ofName}的${one.relationWord}。请先看过户口本等证明，再同意。`}
            done={() => list.refetch()}
          />
        ) : (
          '—'
        ),
    },
  ]
  return (
    <>
      <RequestTable
        name="kin"
        label="亲属登记"
        list={list}
        columns={columns}
        tools={tools}
        exits={may(me, 'kin.keep') && <Button onClick={() => setAdding(true)}>登记亲属</Button>}
        empty={
          <Empty icon="family" title="没有要确认的亲属登记" next="手机上登记了亲属、对方没有手机的，会出现在这里。" />
        }
      />
      <FormDialog<Registration, unknown>
        title="登记亲属"
        open={adding}
        width={640}
        onClose={() => setAdding(false)}
        initial={{ ofKind: 'member', toKind: 'elder', relation: 'parent' }}
        note={<p>看过户口本等证明再登记；登记了就能互相送积分。</p>}
        submit={({ ofKind, of, relation, toKind, to }) =>
          post('/kin-registrations', {
            id: key.current,
            relation,
            of: { kind: ofKind, id: of },
            to: { kind: toKind, id: to },
          })
        }
        done={() => {
          key.current = newId()
          tell('登记好了')
          list.refetch()
        }}
      >
        <PartyFields kind="ofKind" name="of" label="谁" />
        <Form.Item name="relation" label="另一位是他的" rules={REQUIRED}>
          <Choice options={RELATIONS} />
        </Form.Item>
        <PartyFields kind="toKind" name="to" label="另一位" />
      </FormDialog>
    </>
  )
}

function PartyFields({ kind, name, label }: { kind: 'ofKind' | 'toKind'; name: 'of' | 'to'; label: string }) {
  const { regionId } = useScope()
  const chosen = Form.useWatch(kind) as Party | undefined
  return (
    <>
      <Form.Item name={kind} label={`${label}登记成`} rules={REQUIRED}>
        <Choice options={KINDS} />
      </Form.Item>
      <Form.Item name={name} label={label} rules={REQUIRED}>
        <PersonPicker path={chosen === 'elder' ? '/elders' : '/members'} narrow={{ regionId }} optional />
      </Form.Item>
    </>
  )
}
