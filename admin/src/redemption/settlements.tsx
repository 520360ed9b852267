import { Button, Form, Input } from 'antd'
import { useRef, useState } from 'react'
import type { SettlementView } from '../../../shared/redemption/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { FormDialog } from '../components/form'
import { Page } from '../components/page'
import { Empty, Refused } from '../components/states'
import { Status } from '../components/status'
import { download, post } from '../core/call'
import { count, dayClock, monthWords, points } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope } from '../core/scope'
import { useMe } from '../core/session'
import { recentMonths } from '../core/today'
import { useAction, useTell } from '../core/use-action'
import { useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { yuan } from '../fund/words'

/** Month by month what each redemption point is to be paid: issued by one person, marked paid by another. */
export default function SettlementsPage() {
  const me = useMe()
  const tell = useTell()
  const scope = useScope()
  const [state, setState] = useUrlState()
  const months = recentMonths()
  const month = state.month ?? months[1]?.value ?? ''
  const own = may(me, 'redemption.atPoint') && !may(me, 'report.read')
  const list = useOne<SettlementView[]>('/settlements', { month, regionId: own ? undefined : scope.regionId })
  const [paying, setPaying] = useState<SettlementView | null>(null)
  const key = useRef(newId())
  const issue = useAction(
    (one: SettlementView) => post(`/redemption-points/${one.pointId}/settlements`, { id: key.current, month }),
    () => {
      key.current = newId()
      tell('结算单开好了')
      list.refetch()
    },
  )
  const file = useAction(({ id, pointName }: SettlementView, format: 'pdf' | 'xlsx') =>
    download(`/settlements/${id ?? ''}/statement`, { format }, `结算单-${pointName}-${month}.${format}`),
  )

  const columns: Column<SettlementView>[] = [
    { key: 'region', title: '地方', render: (one) => <span className="nb">{one.regionName}</span> },
    { key: 'point', title: '兑换点', fixed: true, render: (one) => <span className="strong">{one.pointName}</span> },
    { key: 'pieces', title: '份数', align: 'right', render: (one) => count(one.pieces) },
    { key: 'points', title: '积分', align: 'right', render: (one) => points(one.milliPoints) },
    {
      key: 'cost',
      title: '应付（元）',
      align: 'right',
      render: (one) => <span className="strong">{yuan(one.costFen)}</span>,
    },
    { key: 'state', title: '状态', render: (one) => <Paid one={one} /> },
    {
      key: 'file',
      title: '结算单',
      render: (one) =>
        one.id === null ? (
          '—'
        ) : (
          <span className="row" style={{ gap: 0, flexWrap: 'nowrap' }}>
            {(['pdf', 'xlsx'] as const).map((format) => (
              <button
                key={format}
                type="button"
                className="txt"
                aria-label={`${format === 'pdf' ? 'PDF' : 'Excel'}：${one.pointName}`}
                onClick={() => file.run(one, format)}
              >
                {format === 'pdf' ? 'PDF' : 'Excel'}
              </button>
            ))}
          </span>
        ),
    },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) =>
        one.mayIssue ? (
          <Button aria-label={`开结算单：${one.pointName}`} loading={issue.busy} onClick={() => issue.run(one)}>
            开结算单
          </Button>
        ) : one.mayPay ? (
          <Button type="primary" aria-label={`已付款：${one.pointName}`} onClick={() => setPaying(one)}>
            已付款
          </Button>
        ) : (
          '—'
        ),
    },
  ]

  return (
    <Page title="结算" note={monthWords(month)}>
      <Refused failure={issue.failure ?? file.failure} />
      <DataTable
        name="settlements"
        label="结算"
        tools={<Choice label="月份" value={month} onChange={(value) => setState({ month: value })} options={months} />}
        columns={columns}
        list={list}
        rowKey={({ pointId }) => pointId}
        empty={<Empty icon="bill" title="这个月没有要结算的" next="兑换点日结以后才有；换一个月份再看。" />}
      />
      <FormDialog<{ paymentNo: string }, unknown>
        title={`已付款：${paying?.pointName ?? ''}`}
        open={paying !== null}
        okText="付过了"
        onClose={() => setPaying(null)}
        done={() => {
          key.current = newId()
          tell('记下了，积分已结清')
          list.refetch()
        }}
        note={
          <p className="t2">
            {monthWords(month)}，{yuan(paying?.costFen ?? '0')} 元。开单的人不能自己确认。
          </p>
        }
        submit={({ paymentNo }) => post(`/settlements/${paying?.id ?? ''}/payment`, { id: key.current, paymentNo })}
      >
        <Form.Item name="paymentNo" label="转账凭证号" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
      </FormDialog>
    </Page>
  )
}

function Paid({ one }: { one: SettlementView }) {
  if (one.id === null) return <Status tone="none">还没开单</Status>
  if (one.paidAt === null)
    return <Status tone="wait">{`等付款（${one.issuedByName} ${dayClock(one.issuedAt)} 开单）`}</Status>
  return <Status tone="ok">{`${one.paidByName} ${dayClock(one.paidAt)} 付，凭证 ${one.paymentNo}`}</Status>
}
