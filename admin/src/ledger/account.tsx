import { Button } from 'antd'
import { useState } from 'react'
import { useParams } from 'react-router'
import { ACCOUNT_WORDS } from '../../../shared/ledger/rules'
import type { AccountPageView, EntryView } from '../../../shared/ledger/view'
import { type Column, DataTable } from '../components/data-table'
import { ExportButton } from '../components/export-button'
import { Page } from '../components/page'
import { PrintButton, PrintFooter, PrintHeader } from '../components/print'
import { Empty, Unread } from '../components/states'
import { Status } from '../components/status'
import { dayClock, fullTime, points, signedPoints } from '../core/format'
import { useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useList, useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { wordOf } from '../core/words'
import { AskForPoints, kindsFor } from './ask'
import { Reference } from './reference'
import { Undo } from './undo'
import { Why } from './why'

/** One account: what there is, and each line with its reason and the balance after it. */
export default function AccountPage() {
  const { id = '' } = useParams()
  const me = useMe()
  const scoped = useScoped()
  const [state] = useUrlState()
  const [asking, setAsking] = useState(false)
  const account = useOne<AccountPageView>(`/accounts/${id}`)
  const list = useList<EntryView>(`/accounts/${id}/entries`, { cursor: state.cursor, limit: 50 })
  const back = { to: scoped('/ledger'), label: '积分流水' }
  if (!account.data)
    return (
      <Page title="积分账户" back={back}>
        <Unread of={account} />
      </Page>
    )
  const owner = account.data.ownerName ?? wordOf(ACCOUNT_WORDS, account.data.kind)

  const columns: Column<EntryView>[] = [
    {
      key: 'time',
      title: '发生',
      fixed: true,
      render: (entry) => <span className="nb">{dayClock(entry.happenedAt)}</span>,
    },
    { key: 'recorded', title: '记账', spare: true, render: (entry) => fullTime(entry.recordedAt) },
    { key: 'kind', title: '种类', render: (entry) => entry.kindWord },
    { key: 'title', title: '说明', render: (entry) => entry.title },
    {
      key: 'formula',
      title: '怎么算的',
      render: (entry) => (
        <Why
          transactionId={entry.transactionId}
          formula={entry.formula}
          name={`${entry.title} ${dayClock(entry.happenedAt)}`}
        />
      ),
    },
    {
      key: 'amount',
      title: '变动',
      align: 'right',
      render: (entry) => <span className="strong nb">{signedPoints(entry.amountMilliPoints)}</span>,
    },
    {
      key: 'after',
      title: '余额',
      align: 'right',
      render: (entry) => (entry.balanceAfterMilliPoints === null ? '—' : points(entry.balanceAfterMilliPoints)),
    },
    { key: 'ref', title: '依据', render: (entry) => <Reference type={entry.refType} id={entry.refId} /> },
    {
      key: 'undo',
      title: '操作',
      fixed: true,
      render: (entry) => <Undo entry={entry} accountId={id} done={() => list.refetch()} />,
    },
  ]

  return (
    <Page
      title={owner}
      note={`${account.data.programmeName}的积分账户`}
      back={back}
      actions={
        <>
          {kindsFor(me).length > 0 && !account.data.closed && account.data.ownerName !== null && (
            <Button type="primary" onClick={() => setAsking(true)}>
              提出申请
            </Button>
          )}
          <PrintButton>打印</PrintButton>
        </>
      }
    >
      <PrintHeader title="积分账户明细" scope={`${owner} ${account.data.programmeName}`} />
      <section className="card" aria-label="余额" style={{ marginBottom: 16 }}>
        <dl className="sums num">
          <div>
            <dt>可用</dt>
            <dd>
              {points(account.data.availableMilliPoints)}
              <small>分</small>
            </dd>
          </div>
          <div>
            <dt>预留（换了还没领）</dt>
            <dd>
              {points(account.data.heldMilliPoints)}
              <small>分</small>
            </dd>
          </div>
          <div>
            <dt>账上</dt>
            <dd>
              {points(account.data.postedMilliPoints)}
              <small>分 = 可用 + 预留</small>
            </dd>
          </div>
          <div>
            <dt>状态</dt>
            <dd>{account.data.closed ? <Status tone="none">已关闭</Status> : <Status tone="ok">正常</Status>}</dd>
          </div>
        </dl>
        {account.data.expiring.map(({ day, milliPoints, daysLeft }) => (
          <p key={day} className="note">
            {points(milliPoints)} 分到 {day} 为止，还有 {daysLeft} 天；主人在手机上收到提醒
          </p>
        ))}
      </section>
      <DataTable
        name="entries"
        label="账户明细"
        exits={<ExportButton path="/exports/entries" query={{ accountId: id }} name="账户明细" />}
        columns={columns}
        list={list}
        rowKey={(entry) => `${entry.transactionId}-${entry.no}`}
        empty={
          <Empty icon="points" title="这个账户还没有变动">
            <p className="t3">服务被确认或通过以后，积分会记到这里。</p>
          </Empty>
        }
      />
      <AskForPoints
        account={account.data}
        open={asking}
        onClose={() => setAsking(false)}
        done={() => Promise.all([account.refetch(), list.refetch()])}
      />
      <PrintFooter by={me.name} />
    </Page>
  )
}
