import { Link, Navigate } from 'react-router'
import type { Dashboard } from '../../../shared/report/view'
import type { Coverage, CoverageElder } from '../../../shared/requirement/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { Icon } from '../components/icon'
import { LinkButton } from '../components/link-button'
import { KpiCard, TileGrid } from '../components/numbers'
import { Page, Section } from '../components/page'
import { Sheet } from '../components/sheet'
import { Failed, Loading, NoPermission } from '../components/states'
import { clockAt, count, dayWords, monthWords, points } from '../core/format'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { recentMonths, thisMonth, today } from '../core/today'
import { useList, useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { LastAuditSection } from '../proof/last-audit'
import { DaysChart } from './days-chart'

/** The state of the place on one page: each number says how it is made and leads to its rows. */
export default function HomePage() {
  const me = useMe()
  const scoped = useScoped()
  const [state, set] = useUrlState()
  const { regionId } = useScope()
  const month = state.month ?? thisMonth()
  const looks = may(me, 'report.read')
  const board = useOne<Dashboard>(looks ? '/dashboard' : null, { month, regionId })
  const coverage = useOne<Coverage>(looks ? '/coverage' : null, { month, regionId })

  // who works at a counter, and the three administrators, begin where their work is
  const placeOfOwn = (
    [
      ['redemption.atPoint', '/redemptions'],
      ['jobs.read', '/jobs'],
      ['staff.access', '/staff'],
      ['operation.read', '/operations'],
    ] as const
  ).find(([permission]) => may(me, permission))?.[1]

  if (!looks)
    return placeOfOwn !== undefined ? (
      <Navigate to={placeOfOwn} replace />
    ) : (
      <Page title="工作台">{<NoPermission sentence="您的身份没有后台岗位，请用手机小程序" />}</Page>
    )
  return (
    <Page
      title="工作台"
      note={`${dayWords(today())}${board.dataUpdatedAt ? `，数据到 ${clockAt(board.dataUpdatedAt)}` : ''}`}
      actions={
        <>
          <Choice label="月份" value={month} options={recentMonths()} onChange={(value) => set({ month: value })} />
          <LinkButton to={scoped('/board')}>大屏</LinkButton>
        </>
      }
    >
      {board.isError && <div className="card">{<Failed error={board.error} retry={() => board.refetch()} />}</div>}
      {board.isPending && <div className="card">{<Loading rows={4} />}</div>}
      {board.data && (
        <div className="kpis">
          {board.data.tiles.map(({ key, label, value, unit, definition, link, bad }) => (
            <KpiCard
              key={key}
              to={scoped(inside(link))}
              label={label}
              value={grouped(value)}
              unit={unit}
              definition={definition}
              bad={bad}
            />
          ))}
        </div>
      )}
      <div className="two" style={{ marginTop: 16 }}>
        {coverage.data && coverage.data.rows.length > 0 && (
          <Section
            title="各地探访率"
            note={coverage.data.definition.coverage}
            actions={<LinkButton to={scoped(`/coverage?month=${month}`)}>看清单</LinkButton>}
          >
            <TileGrid
              places={coverage.data.rows.map(({ regionId: id, regionName: name, due, visited }) => ({
                id,
                name,
                due,
                visited,
              }))}
              linkTo={(id) => `/coverage?month=${month}&regionId=${id}`}
            />
          </Section>
        )}
        {board.data && (
          <div className="stack">
            {may(me, 'elder.read') && <NotVisited month={month} regionId={regionId} />}
            {board.data.days.some(({ visits }) => visits > 0) && <DaysChart board={board.data} />}
            <Section title="积分" note={`${monthWords(month)}`}>
              <dl className="sums num" style={{ padding: 0, margin: '0 -18px' }}>
                <div>
                  <dt>发出</dt>
                  <dd>
                    {points(board.data.issuedMilliPoints)}
                    <small>分</small>
                  </dd>
                </div>
                <div>
                  <dt>兑换</dt>
                  <dd>
                    {points(board.data.redeemedMilliPoints)}
                    <small>分</small>
                  </dd>
                </div>
              </dl>
            </Section>
            <LastAuditSection />
          </div>
        )}
      </div>
    </Page>
  )
}

/** The first of those who wait, with the way to send somebody. */
function NotVisited({ month, regionId }: { month: string; regionId: string }) {
  const scoped = useScoped()
  const list = useList<CoverageElder>('/coverage/elders', { month, regionId, state: 'missing', limit: 6 })
  if (!list.data || list.data.items.length === 0) return null
  return (
    <Section
      title="本月还没访"
      actions={
        <Link className="txt" to={scoped(`/coverage?month=${month}&state=missing`)}>
          全部
          <Icon name="chevron" size={16} />
        </Link>
      }
    >
      <Sheet label="本月还没访">
        <table className="plain num">
          <thead>
            <tr>
              <th scope="col">老人</th>
              <th scope="col">村</th>
              <th scope="col">要求</th>
              <th scope="col">上次</th>
              <th scope="col">操作</th>
            </tr>
          </thead>
          <tbody>
            {list.data.items.map((elder) => (
              <tr key={elder.elderId}>
                <td>
                  <Link className="txt" to={scoped(`/elders/${elder.elderId}`)}>
                    {elder.maskedName}
                  </Link>
                </td>
                <td className="nb">{elder.regionName}</td>
                <td className="t2">{elder.requirement}</td>
                <td className="nb">{elder.lastVisitDay ?? '还没有'}</td>
                <td>
                  <Link
                    className="txt"
                    to={scoped(`/orders?elderId=${elder.elderId}&new=1`)}
                    aria-label={`给${elder.maskedName}派单`}
                  >
                    派单
                  </Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Sheet>
    </Section>
  )
}

/** The server's links are whole addresses; the router knows them without the app's own part. */
function inside(link: string): string {
  return link.replace(/^\/admin(?=\/)/, '')
}

/** Whole numbers get their thousands marked; what the server already worded stays. */
function grouped(value: string): string {
  return /^\d+$/.test(value) ? count(Number(value)) : value
}
