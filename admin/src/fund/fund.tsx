import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { durationText } from '../../../shared/core/amounts'
import { FUND_SOURCE_WORDS } from '../../../shared/fund/rules'
import type { FundPlacesView, OriginView } from '../../../shared/fund/view'
import type { RedemptionView } from '../../../shared/redemption/view'
import { type Column, DataTable } from '../components/data-table'
import { Page, Section } from '../components/page'
import { Empty, Failed, Loading, Unread } from '../components/states'
import { Status } from '../components/status'
import { dayClock, points } from '../core/format'
import { useScoped } from '../core/scope'
import { useList, useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { REDEMPTION_STATE_WORDS, wordOf } from '../core/words'
import { rule, yuan } from './words'

/** A line from the top down: place by place, at last each redemption and the visits that earned it. */
export default function FundPage() {
  const { id = '' } = useParams()
  const scoped = useScoped()
  const [state] = useUrlState()
  const view = useOne<FundPlacesView>(`/fund-lines/${id}/places`, { regionId: state.place })
  const back = { to: scoped('/funds'), label: '资金' }
  if (!view.data)
    return (
      <Page title="资金线" back={back}>
        <Unread of={view} />
      </Page>
    )
  const { line, trail, places, regionId, regionName, own } = view.data
  const toPlace = (place: string) => scoped(`/funds/${id}?place=${place}`)
  return (
    <Page
      title={line.name}
      note={`${line.year} 年 ${line.levelWord} ${wordOf(FUND_SOURCE_WORDS, line.source)}，${rule(line)}`}
      back={back}
    >
      <div className="stack">
        <section className="card" aria-label="这条资金线">
          <dl className="sums num">
            <Sum label="预算" fen={line.budgetFen} />
            <Sum label="已支付" fen={line.paidFen} />
            <Sum label="已答应，还没领" fen={String(BigInt(line.drawnFen) - BigInt(line.paidFen))} />
            <Sum label="还剩" fen={line.leftFen} />
          </dl>
        </section>
        <nav aria-label="逐级" className="row">
          {trail.map((one, at) =>
            at === trail.length - 1 ? (
              <span key={one.id} className="strong" aria-current="page">
                {one.name}
              </span>
            ) : (
              <span key={one.id} className="row">
                <Link className="txt" to={toPlace(one.id)}>
                  {one.name}
                </Link>
                <span className="t3">›</span>
              </span>
            ),
          )}
        </nav>
        {places.length > 0 && <Places places={places} toPlace={toPlace} />}
        {own && <Redemptions key={regionId} lineId={id} regionId={regionId} regionName={regionName} />}
      </div>
    </Page>
  )
}

function Sum({ label, fen }: { label: string; fen: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {yuan(fen)}
        <small>元</small>
      </dd>
    </div>
  )
}

type Place = FundPlacesView['places'][number]

function Places({ places, toPlace }: { places: readonly Place[]; toPlace: (id: string) => string }) {
  const columns: Column<Place>[] = [
    {
      key: 'name',
      title: '地方',
      fixed: true,
      render: (place) => (
        <Link className="txt strong" to={toPlace(place.regionId)}>
          {place.regionName}
        </Link>
      ),
    },
    { key: 'count', title: '兑换（笔）', align: 'right', render: (place) => place.count },
    { key: 'points', title: '积分', align: 'right', render: (place) => points(place.milliPoints) },
    { key: 'paid', title: '已支付（元）', align: 'right', render: (place) => yuan(place.paidFen) },
    { key: 'promised', title: '已答应（元）', align: 'right', render: (place) => yuan(place.promisedFen) },
  ]
  return (
    <DataTable
      name="fund-places"
      label="用到了哪里"
      columns={columns}
      rows={places}
      rowKey={({ regionId }) => regionId}
      empty={null}
    />
  )
}

function Redemptions({ lineId, regionId, regionName }: { lineId: string; regionId: string; regionName: string }) {
  const [state] = useUrlState()
  const [open, setOpen] = useState<RedemptionView | null>(null)
  const list = useList<RedemptionView>('/redemptions', {
    ...{ fundLineId: lineId, regionId, cursor: state.cursor, limit: 50 },
  })
  const columns: Column<RedemptionView>[] = [
    {
      key: 'held',
      title: '换的时间',
      fixed: true,
      render: (one) => <span className="nb">{dayClock(one.heldAt)}</span>,
    },
    { key: 'village', title: '村（社区）', render: (one) => one.regionName },
    { key: 'person', title: '谁换的', render: (one) => <span className="strong nb">{one.personMaskedName}</span> },
    { key: 'product', title: '换什么', render: (one) => one.productName },
    { key: 'points', title: '积分', align: 'right', render: (one) => points(one.priceMilliPoints) },
    { key: 'cost', title: '资金（元）', align: 'right', render: (one) => yuan(String(one.costFen)) },
    { key: 'point', title: '兑换点', render: (one) => one.pointName },
    { key: 'state', title: '状态', render: (one) => wordOf(REDEMPTION_STATE_WORDS, one.state) },
    {
      key: 'acts',
      title: '来路',
      fixed: true,
      render: (one) => (
        <button
          type="button"
          className="txt"
          aria-expanded={open?.id === one.id}
          aria-label={`看服务：${one.personMaskedName} ${one.productName}`}
          onClick={() => setOpen(open?.id === one.id ? null : one)}
        >
          看服务
        </button>
      ),
    },
  ]
  return (
    <>
      {open && <Origin redemption={open} />}
      <DataTable
        name="fund-redemptions"
        label={`${regionName}的兑换`}
        heading={`${regionName}的每一笔兑换`}
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={<Empty icon="gift" title="这里还没有用到这条资金线" next="兑换时会按先后自动支取。" />}
      />
    </>
  )
}

/** The visits whose points a redemption used up, with the part of their hours. */
function Origin({ redemption }: { redemption: RedemptionView }) {
  const origin = useOne<OriginView>(`/redemptions/${redemption.id}/origin`)
  return (
    <Section
      title={`${redemption.personMaskedName}的${redemption.productName}`}
      note={origin.data ? `用掉 ${durationText(origin.data.usedSeconds)}服务挣的积分` : undefined}
    >
      {origin.isError && <Failed error={origin.error} retry={() => origin.refetch()} />}
      {origin.isPending && <Loading rows={2} />}
      {origin.data?.sources.length === 0 && (
        <p className="t2">
          <Status tone="wait">还没领</Status> 领走时才用掉积分，那时看得到是哪几次服务挣的。
        </p>
      )}
      <ul className="stack">
        {origin.data?.sources.map((one) => (
          <li key={one.transactionId} className="num">
            <b className="strong">{points(one.milliPoints)} 分</b>{' '}
            {one.visit === null
              ? `${one.kindWord}，${dayClock(one.happenedAt)}`
              : `${one.visit.day} 在${one.visit.regionName}${one.visit.serviceName} ${durationText(one.visit.servedSeconds)}，这里用了 ${durationText(one.visit.usedSeconds)}`}
          </li>
        ))}
      </ul>
    </Section>
  )
}
