import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Dashboard } from '../../../shared/report/view'
import type { Coverage } from '../../../shared/requirement/view'
import { may } from '../../../shared/session/permissions'
import { LinkButton } from '../components/link-button'
import { KpiCard, placesOf, TileGrid } from '../components/numbers'
import { PlaceMap } from '../components/place-map'
import { Failed, Loading, NoPermission } from '../components/states'
import { get } from '../core/call'
import { clockAt, count, dayWords, monthWords, points } from '../core/format'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { thisMonth, today } from '../core/today'
import { DaysChart } from './days-chart'
import './board.css'

const AGAIN_MS = 60_000

/** The big screen: figures of places, never of persons, fresh every minute; each leads to its rows. */
export default function BoardPage() {
  const me = useMe()
  const scoped = useScoped()
  const { regionId } = useScope()
  const month = thisMonth()
  const looks = may(me, 'report.read')
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
  const places = useMemo(() => placesOf(coverage.data), [coverage.data])
  if (!looks) return <NoPermission />
  const linkTo = (id: string) => `/coverage?month=${month}&regionId=${id}`
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
            <section className="card pad places" aria-label="各地探访率">
              <h2>各地探访率</h2>
              <PlaceMap regionId={coverage.data?.regionId} places={places} linkTo={linkTo} />
              {coverage.data && <TileGrid places={places} linkTo={linkTo} />}
            </section>
            <div className="stack">
              <DaysChart board={board.data} />
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
