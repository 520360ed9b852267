import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Dashboard } from '../../../shared/report/view'
import type { Coverage } from '../../../shared/requirement/view'
import { LineChart } from '../components/chart'
import { LinkButton } from '../components/link-button'
import { KpiCard, TileGrid } from '../components/numbers'
import { Failed, Loading, NoPermission } from '../components/states'
import { get } from '../core/call'
import { clockAt, count, dayWords, hours, monthWords, points } from '../core/format'
import { may } from '../core/powers'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { thisMonth, today } from '../core/today'
import './board.css'

const AGAIN_MS = 60_000

/** The big screen: figures of places, never of persons, fresh every minute; each leads to its rows. */
export default function BoardPage() {
  const me = useMe()
  const scoped = useScoped()
  const { regionId } = useScope()
  const month = thisMonth()
  const looks = may(me, 'look')
  const asked = { month, regionId }
  const board = useQuery({
    queryKey: ['/dashboard', asked, 'board'],
    queryFn: () => get<Dashboard>('/dashboard', asked),
    refetchInterval: AGAIN_MS,
    enabled: looks,
  })
  const coverage = useQuery({
    queryKey: ['/coverage', asked, 'board'],
    queryFn: () => get<Coverage>('/coverage', asked),
    refetchInterval: AGAIN_MS,
    enabled: looks,
  })
  if (!looks) return <NoPermission />
  return (
    <main className="board">
      <header>
        <h1>{board.data ? `${board.data.regionName}为老服务` : '为老服务'}</h1>
        <span className="num">
          {dayWords(today())}
          {board.dataUpdatedAt > 0 && `，数据到 ${clockAt(board.dataUpdatedAt)}，每分钟更新`}
        </span>
        <LinkButton to={scoped('/')}>回到工作台</LinkButton>
      </header>
      {board.isError && board.data === undefined && <Failed error={board.error} retry={() => board.refetch()} />}
      {board.isPending && <Loading rows={6} />}
      {board.data && (
        <>
          <div className="kpis">
            {board.data.tiles.map((one) => (
              <KpiCard
                key={one.key}
                to={scoped(one.link.replace(/^\/admin(?=\/)/, ''))}
                label={one.label}
                value={/^\d+$/.test(one.value) ? count(Number(one.value)) : one.value}
                unit={one.unit}
                definition={one.definition}
                bad={one.bad}
              />
            ))}
          </div>
          <div className="halves">
            <section className="card pad" aria-label="各地探访率">
              <h2>各地探访率</h2>
              {coverage.data && (
                <TileGrid
                  places={coverage.data.rows.map((row) => ({
                    id: row.regionId,
                    name: row.regionName,
                    due: row.due,
                    visited: row.visited,
                  }))}
                  linkTo={(id) => `/coverage?month=${month}&regionId=${id}`}
                />
              )}
            </section>
            <div className="stack">
              <Days board={board.data} />
              <section className="card pad" aria-label="积分">
                <h2>{monthWords(board.data.month)}积分</h2>
                <p className="num big">
                  发出 {points(board.data.issuedMilliPoints)} 分　兑换 {points(board.data.redeemedMilliPoints)} 分
                </p>
              </section>
            </div>
          </div>
        </>
      )}
    </main>
  )
}

function Days({ board: { days, month } }: { board: Dashboard }) {
  const drawing = useMemo(
    () => ({
      ticks: days.map(({ day }) => String(Number(day.slice(8)))),
      lines: [{ name: '次数', values: days.map(({ visits }) => visits) }],
    }),
    [days],
  )
  const total = days.reduce((sum, one) => sum + one.visits, 0)
  const seconds = days.reduce((sum, one) => sum + one.seconds, 0)
  return (
    <LineChart
      title="每天的服务"
      definition="当天开始并计入的次数"
      words={`${monthWords(month)}共 ${total} 次，${hours(seconds)} 小时`}
      ticks={drawing.ticks}
      lines={drawing.lines}
      unit="次"
      table={
        <table className="plain num">
          <thead>
            <tr>
              <th scope="col">日期</th>
              <th scope="col" className="r">
                次数
              </th>
              <th scope="col" className="r">
                小时
              </th>
            </tr>
          </thead>
          <tbody>
            {days.map((one) => (
              <tr key={one.day}>
                <td>{one.day}</td>
                <td className="r">{count(one.visits)}</td>
                <td className="r">{hours(one.seconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  )
}
