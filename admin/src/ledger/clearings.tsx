import { Form, Input } from 'antd'
import { useRef, useState } from 'react'
import type { ClearingView } from '../../../shared/ledger/view'
import { may } from '../../../shared/session/permissions'
import { type Column, DataTable } from '../components/data-table'
import { FormDialog } from '../components/form'
import { Empty, NoPermission } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { dayClock, points } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'
import { useOne } from '../core/use-list'

/** What the counties owe each other for who moved with his points; settled when both sides agree. */
export function Clearings() {
  const me = useMe()
  const isAllowed = may(me, 'clearing.read')
  const list = useOne<ClearingView[]>(isAllowed ? '/clearings' : null)
  if (!isAllowed) return <NoPermission />
  const columns: Column<ClearingView>[] = [
    { key: 'here', title: '本地', render: (one) => one.programmeName },
    {
      key: 'there',
      title: '对方',
      fixed: true,
      render: (one) => <span className="strong">{`${one.otherProgrammeName}（${one.otherRegionName}）`}</span>,
    },
    {
      key: 'owed',
      title: '往来',
      align: 'right',
      render: (one) => <span className="strong nb">{owedWords(one)}</span>,
    },
    {
      key: 'since',
      title: '从什么时候起',
      render: (one) => (one.since === null ? '—' : <span className="nb">{dayClock(one.since)}</span>),
    },
    { key: 'state', title: '状态', render: (one) => <Settling one={one} done={() => list.refetch()} /> },
  ]
  return (
    <DataTable
      name="clearings"
      label="跨区县往来"
      columns={columns}
      list={list}
      rowKey={(one) => one.accountId}
      empty={
        <Empty icon="bill" title="和别的区县没有往来">
          <p className="t3">有人带着积分迁到别的区县，这里会列出两边各记了多少，月底前结清。</p>
        </Empty>
      }
    />
  )
}

/** Above zero: points have gone there, and that county answers for them. */
function owedWords({ owedMilliPoints }: ClearingView): string {
  const owed = BigInt(owedMilliPoints)
  if (owed === 0n) return '两清'
  return owed > 0n ? `转出 ${points(owedMilliPoints)} 分` : `转入 ${points(String(-owed))} 分`
}

function Settling({ one, done }: { one: ClearingView; done: () => unknown }) {
  const me = useMe()
  const tell = useTell()
  const [open, setOpen] = useState(false)
  const key = useRef(newId())
  if (one.owedMilliPoints === '0') return <Status tone="ok">结清了</Status>
  if (one.asked) return <Status tone="wait">等对方同意</Status>
  if (!may(me, 'points.askGrant')) return <Status tone="wait">还没结清</Status>
  return (
    <>
      <button type="button" className="txt" onClick={() => setOpen(true)}>
        提出结清
      </button>
      <FormDialog<{ reason: string }, unknown>
        title={`和${one.otherProgrammeName}结清`}
        open={open}
        onClose={() => setOpen(false)}
        okText="提出"
        note={<p>{`${owedWords(one)}。${one.otherRegionName}的管理员同意以后，两边的往来都归零。`}</p>}
        submit={({ reason }) =>
          post('/point-requests', {
            ...{
              id: key.current,
              kind: 'SETTLE',
              accountId: one.accountId,
              toProgrammeId: one.otherProgrammeId,
              reason,
            },
          })
        }
        done={() => {
          key.current = newId()
          tell('提出了')
          done()
        }}
      >
        <Form.Item name="reason" label="理由" rules={REQUIRED}>
          <Input maxLength={60} placeholder="例如：十一月的往来" />
        </Form.Item>
      </FormDialog>
    </>
  )
}
