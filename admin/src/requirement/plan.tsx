import { useQueryClient } from '@tanstack/react-query'
import { Button, Form } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { RegionDetail } from '../../../shared/region/view'
import { whyWords } from '../../../shared/requirement/plan'
import type { Coverage, HelperPlan, Plan, PlanRow } from '../../../shared/requirement/view'
import type { ServiceView } from '../../../shared/service/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { ExportButton } from '../components/export-button'
import { FormDialog } from '../components/form'
import { Page, Section } from '../components/page'
import { PrintButton, PrintFooter, PrintHeader } from '../components/print'
import { RegionTree } from '../components/region-tree'
import { Sheet } from '../components/sheet'
import { Empty, Failed, Loading } from '../components/states'
import { Status } from '../components/status'
import { CallError, post } from '../core/call'
import { count, dayClock } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { daysFromNow, thisMonth, today } from '../core/today'
import { useTell } from '../core/use-action'
import { useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { wordOf } from '../core/words'
import { ByWhom } from './by-whom'
import { PlacesTable } from './places'

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
  const [state] = useUrlState()
  const byHelper = state.by === 'helper'
  const region = useOne<RegionDetail>(regionId ? `/regions/${regionId}` : null)
  // a plan is of a village, or of a town at most; above there are the figures of its places, and the way down
  const isAbove = region.data !== undefined && (region.data.countyId === null || region.data.countyId === regionId)
  const linkTo = (id: string) => `/plan?regionId=${id}${byHelper ? '&by=helper' : ''}`
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
        one.taken !== null ? (
          <Status tone="ok">
            {one.taken.maskedName} {one.taken.wantedDay.slice(5)} 去
          </Status>
        ) : one.ordered ? (
          <Status tone="wait">等人接</Status>
        ) : one.helper === null ? (
          <Status tone="warn">没有合适的人</Status>
        ) : (
          <span className="nb">
            {one.helper.maskedName} <span className="t3">{whyWords(one.helper)}</span>
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
          <ExportButton
            path={byHelper ? '/exports/helper-plan' : '/exports/plan'}
            query={{ regionId }}
            name={`${byHelper ? '各人的探访' : '探访安排'}-${plan.data?.regionName ?? ''}-${today()}`}
          />
          {mayOrder && open.length > 0 && (
            <Button type="primary" onClick={() => setSending(open)}>
              照这样派 {open.length} 单
            </Button>
          )}
        </>
      }
    >
      <PrintHeader
        title={byHelper ? '各人的探访安排' : '探访安排'}
        scope={`${plan.data?.regionName ?? ''} ${today()}`}
      />
      <div className="with-tree">
        <div className="card tree-card">
          <RegionTree root={{ id: home.regionId, name: home.regionName }} current={regionId} linkTo={linkTo} />
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
          {isAbove && <PlacesToPlan regionId={regionId} linkTo={linkTo} />}
          {!isAbove && <ByWhom otherwise="按老人" />}
          {isAbove ? null : byHelper ? (
            <ByHelper regionId={regionId} />
          ) : (
            <DataTable
              name="plan"
              label="探访安排"
              columns={columns}
              list={plan}
              rows={plan.data?.rows}
              rowKey={({ elderId }) => elderId}
              empty={<Empty icon="check-circle" title="这里没有要安排的" next="今天没有该去看的老人，也没有超期的。" />}
            />
          )}
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

/** Each helper's list, to be printed and handed out: whom he goes to, until when, and who has nothing to do. */
function ByHelper({ regionId }: { regionId: string }) {
  const me = useMe()
  const scoped = useScoped()
  const plan = useOne<HelperPlan>('/plan/helpers', { regionId })
  if (plan.isError) return <Failed error={plan.error} retry={() => plan.refetch()} />
  if (!plan.data) return <div className="card">{<Loading rows={10} />}</div>
  const { rows, left, most } = plan.data
  const busy = rows.filter(({ visits }) => visits.length > 0)
  const free = rows.filter(({ visits }) => visits.length === 0)
  if (rows.length === 0)
    return (
      <div className="card">
        <Empty icon="calendar" title="这里没有可以派的志愿者">
          <p className="t3">在“志愿者”里登记；邻村的人也可以派来。</p>
        </Empty>
      </div>
    )
  return (
    <>
      <Sheet label="各人的探访安排" className="card">
        <table className="plain">
          <caption>一次最多派 {most} 家。已接的是接了还没去的需求单，别处的也算。</caption>
          <thead>
            <tr>
              <th scope="col">志愿者</th>
              <th scope="col">老人</th>
              <th scope="col">村</th>
              <th scope="col">要求</th>
              <th scope="col">最晚</th>
              <th scope="col">超期</th>
              <th scope="col">上次</th>
              <th scope="col">为什么是他</th>
            </tr>
          </thead>
          <tbody>
            {busy.map(({ memberId, maskedName, regionName, tasks, visits }) =>
              visits.map((one, place) => (
                <tr key={`${memberId} ${one.elderId}`}>
                  {place === 0 && (
                    <th
                      scope="rowgroup"
                      rowSpan={visits.length}
                      style={{ background: 'none', height: 'auto', fontSize: 14, verticalAlign: 'top' }}
                    >
                      {may(me, 'member.read') ? (
                        <Link className="txt" to={scoped(`/members/${memberId}`)}>
                          {maskedName}
                        </Link>
                      ) : (
                        maskedName
                      )}
                      <div className="t3">
                        {regionName}，去 {count(visits.length)} 家{tasks > 0 && `，已接 ${count(tasks)} 单`}
                      </div>
                    </th>
                  )}
                  <PlanCells row={one} />
                  <td className="nb">
                    {one.taken !== null
                      ? `已接单，${one.taken.wantedDay.slice(5)} 去`
                      : one.helper !== null && whyWords(one.helper)}
                  </td>
                </tr>
              )),
            )}
            {left.map((one, place) => (
              <tr key={one.elderId}>
                {place === 0 && (
                  <th
                    scope="rowgroup"
                    rowSpan={left.length}
                    style={{ background: 'none', height: 'auto', verticalAlign: 'top' }}
                  >
                    <Status tone="warn">还没有人去</Status>
                  </th>
                )}
                <PlanCells row={one} />
                <td className="nb">{one.ordered ? '等人接' : '没有合适的人'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Sheet>
      {free.length > 0 && (
        <Section title="还可以派" note={`${count(free.length)} 人这次没有安排`}>
          <p>{free.map(({ maskedName, regionName }) => `${maskedName}（${regionName}）`).join('、')}</p>
        </Section>
      )}
    </>
  )
}

function PlanCells({ row }: { row: PlanRow }) {
  return (
    <>
      <td className="nb">{row.maskedName}</td>
      <td className="nb">{row.regionName}</td>
      <td>{row.requirement || '—'}</td>
      <td className="nb">{row.dueTo === null ? '—' : row.dueAt === null ? row.dueTo : `${dayClock(row.dueAt)} 前`}</td>
      <td className="nb">{row.overdueDays === 0 ? '—' : <Status tone="bad">{row.overdueDays} 天</Status>}</td>
      <td className="nb">{row.lastVisitDay ?? '还没有'}</td>
    </>
  )
}

/** Of a county: where somebody is still to be visited, and the way to the plan of the town. */
function PlacesToPlan({ regionId, linkTo }: { regionId: string; linkTo: (id: string) => string }) {
  const coverage = useOne<Coverage>('/coverage', { regionId, month: thisMonth() })
  if (coverage.isError) return <Failed error={coverage.error} retry={() => coverage.refetch()} />
  if (!coverage.data) return <div className="card">{<Loading rows={10} />}</div>
  return (
    <Section title={`${coverage.data.total.regionName}各地`} note="点地名看该去看谁、派谁去；人多，一个镇一张表">
      <PlacesTable rows={coverage.data.rows} linkTo={linkTo} />
    </Section>
  )
}
