import { useQueryClient } from '@tanstack/react-query'
import { Button, Form } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Plan, PlanRow } from '../../../shared/requirement/view'
import type { ServiceView } from '../../../shared/service/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { FormDialog } from '../components/form'
import { Page, Section } from '../components/page'
import { PrintButton, PrintFooter, PrintHeader } from '../components/print'
import { RegionTree } from '../components/region-tree'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { CallError, post } from '../core/call'
import { count, dayClock } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { daysFromNow, today } from '../core/today'
import { useTell } from '../core/use-action'
import { useOne } from '../core/use-list'
import { wordOf } from '../core/words'

const WHY = { paired: '结对', usual: '常去', village: '本村', town: '本镇' }
const RUNGS = { village: '村里处理', town: '报到镇上', county: '报到县里' }
interface Order {
  serviceId: string
  wantedDay: string
}

/** Who is owed a visit and until when, what is overdue, whom to send: one press makes the orders. */
export default function PlanPage() {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const scoped = useScoped()
  const { regionId, home } = useScope()
  const plan = useOne<Plan>('/plan', { regionId })
  const services = useOne<ServiceView[]>('/services')
  const [sending, setSending] = useState<readonly PlanRow[] | null>(null)
  const mayOrder = may(me, 'order.keep')
  const open = plan.data?.rows.filter(({ helper, ordered }) => helper !== null && !ordered) ?? []

  /** Order by order: what one refuses stops the others no more than it must, and is told. */
  async function send({ serviceId, wantedDay }: Order): Promise<number> {
    let done = 0
    for (const { elderId, helper } of sending ?? []) {
      const id = newId()
      await post('/orders', { id, elderId, serviceId, wantedDay, wantedTime: 'any' })
      if (helper !== null) await post(`/orders/${id}/assignment`, { memberId: helper.memberId })
      done += 1
    }
    return done
  }

  const columns: Column<PlanRow>[] = [
    {
      key: 'name',
      title: '老人',
      fixed: true,
      render: (one) => (
        <Link className="txt" to={scoped(`/elders/${one.elderId}`)}>
          {one.maskedName}
        </Link>
      ),
    },
    { key: 'place', title: '村', render: (one) => <span className="nb">{one.regionName}</span> },
    { key: 'requirement', title: '要求', render: (one) => one.requirement || '—' },
    {
      key: 'due',
      title: '最晚',
      render: (one) =>
        one.dueTo === null ? (
          '—'
        ) : (
          <span className="nb">
            {one.dueAt === null ? one.dueTo.slice(5) : `${dayClock(one.dueAt)} 前`}{' '}
            <span className="t3">{one.daysLeft === 0 ? '今天' : `还有 ${one.daysLeft} 天`}</span>
          </span>
        ),
    },
    {
      key: 'overdue',
      title: '超期',
      render: (one) =>
        one.rung === null ? (
          '—'
        ) : (
          <Status tone={one.rung === 'village' ? 'warn' : 'bad'}>
            {one.overdueDays} 天，{wordOf(RUNGS, one.rung)}
          </Status>
        ),
    },
    { key: 'last', title: '上次', render: (one) => <span className="nb">{one.lastVisitDay ?? '还没有'}</span> },
    {
      key: 'helper',
      title: '派谁去',
      render: (one) =>
        one.ordered ? (
          <Status tone="ok">已有需求单</Status>
        ) : one.helper === null ? (
          <Status tone="warn">没有合适的人</Status>
        ) : (
          <span className="nb">
            {one.helper.maskedName} <span className="t3">{wordOf(WHY, one.helper.why)}</span>
          </span>
        ),
    },
    ...(mayOrder
      ? [
          {
            key: 'acts',
            title: '操作',
            fixed: true,
            render: (one: PlanRow) =>
              one.helper !== null &&
              !one.ordered && (
                <button
                  type="button"
                  className="txt no-print"
                  onClick={() => setSending([one])}
                  aria-label={`派单：${one.helper.maskedName} 去看 ${one.maskedName}`}
                >
                  派单
                </button>
              ),
          },
        ]
      : []),
  ]

  return (
    <Page
      title="探访安排"
      note={`${plan.data?.regionName ?? ''}，该去看的先排，结对和常去的人先派，各人差不多`}
      actions={
        <>
          <PrintButton>打印</PrintButton>
          {mayOrder && open.length > 0 && (
            <Button type="primary" onClick={() => setSending(open)}>
              照这样派 {open.length} 单
            </Button>
          )}
        </>
      }
    >
      <PrintHeader title="探访安排" scope={`${plan.data?.regionName ?? ''} ${today()}`} />
      <div className="with-tree">
        <div className="card tree-card">
          <RegionTree
            root={{ id: home.regionId, name: home.regionName }}
            current={regionId}
            linkTo={(id) => `/plan?regionId=${id}`}
          />
        </div>
        <div className="stack" style={{ minWidth: 0 }}>
          {plan.data && plan.data.unserved.length > 0 && (
            <Section title="无人服务的村" note="还有人没访，村里没有志愿者，90 天内也没人来过">
              <ul className="row" style={{ flexWrap: 'wrap', gap: '6px 18px' }}>
                {plan.data.unserved.map((one) => (
                  <li key={one.regionId}>
                    <Link className="txt" to={`/plan?regionId=${one.regionId}`}>
                      {one.regionName}
                    </Link>{' '}
                    <span className="t3 num">
                      应访 {count(one.due)}，还差 {count(one.missing)}
                    </span>
                  </li>
                ))}
              </ul>
            </Section>
          )}
          <DataTable
            name="plan"
            label="探访安排"
            columns={columns}
            list={plan}
            rows={plan.data?.rows}
            rowKey={({ elderId }) => elderId}
            empty={
              <Empty icon="check-circle" title="这里没有要安排的">
                <p className="t3">在左边选一个镇或村，就能看到该去看谁。</p>
              </Empty>
            }
          />
        </div>
      </div>
      <PrintFooter by={me.name} />
      <FormDialog<Order, number>
        title={`派 ${sending?.length ?? 0} 单`}
        open={sending !== null}
        onClose={() => setSending(null)}
        done={() => {
          tell('已派单')
          cache.invalidateQueries()
        }}
        initial={{ wantedDay: daysFromNow(1) }}
        submit={(order) =>
          send(order).catch((error: unknown) => {
            // those before it are made: the list is read again so that nobody makes them twice
            if (error instanceof CallError) cache.invalidateQueries({ queryKey: ['/plan'] })
            throw error
          })
        }
      >
        <Form.Item name="serviceId" label="做什么" rules={REQUIRED}>
          <Choice options={(services.data ?? []).map(({ id, name }) => ({ value: id, label: name }))} />
        </Form.Item>
        <Form.Item name="wantedDay" label="哪一天" rules={REQUIRED}>
          <DayInput min={today()} max={daysFromNow(30)} />
        </Form.Item>
      </FormDialog>
    </Page>
  )
}
