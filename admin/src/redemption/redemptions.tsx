import type { PointView, RedemptionView } from '../../../shared/redemption/view'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { ExportButton } from '../components/export-button'
import { Field, FilterBar } from '../components/filter-bar'
import { Page } from '../components/page'
import { Paging } from '../components/paging'
import { Empty } from '../components/states'
import { Status, type Tone } from '../components/status'
import { dayClock, points } from '../core/format'
import { may } from '../core/powers'
import { useScope } from '../core/scope'
import { useMe } from '../core/session'
import { useFilters } from '../core/use-filters'
import { useList, useOne } from '../core/use-list'
import { optionsOf, REDEMPTION_STATE_WORDS, wordOf } from '../core/words'
import { Fulfil } from './fulfil'

const FILTERS = ['from', 'to', 'state', 'pointId'] as const
const TONES: Record<string, Tone> = { held: 'wait', fulfilled: 'ok', cancelled: 'none', expired: 'none' }

/** What was redeemed, and whether it was handed over. A redemption point fulfils here by code. */
export default function RedemptionsPage() {
  const me = useMe()
  const { state, applied, draft, change, submit, reset } = useFilters(FILTERS)
  const scope = useScope()
  const own = may(me, 'fulfil') && !may(me, 'look')
  const query = { ...applied, regionId: own ? undefined : scope.regionId }
  const list = useList<RedemptionView>('/redemptions', { ...query, cursor: state.cursor, limit: 50 })
  const places = useOne<PointView[]>(own ? null : '/redemption-points')

  const columns: Column<RedemptionView>[] = [
    {
      key: 'held',
      title: '换的时间',
      fixed: true,
      render: (one) => <span className="nb">{dayClock(one.heldAt)}</span>,
    },
    { key: 'person', title: '谁换的', render: (one) => <span className="strong nb">{one.personMaskedName}</span> },
    { key: 'product', title: '换什么', render: (one) => <span className="nb">{one.productName}</span> },
    {
      key: 'price',
      title: '积分',
      align: 'right',
      render: (one) => <span className="strong">{points(one.priceMilliPoints)}</span>,
    },
    { key: 'point', title: '兑换点', render: (one) => <span className="nb">{one.pointName}</span> },
    {
      key: 'state',
      title: '状态',
      render: (one) => <Status tone={TONES[one.state] ?? 'none'}>{wordOf(REDEMPTION_STATE_WORDS, one.state)}</Status>,
    },
    {
      key: 'resolved',
      title: '领走或退回',
      render: (one) => (
        <span className="nb">{one.resolvedAt ? dayClock(one.resolvedAt) : `保留到 ${dayClock(one.expiresAt)}`}</span>
      ),
    },
  ]

  return (
    <Page title="核销">
      <div className="stack">
        {may(me, 'fulfil') && <Fulfil onDone={() => list.refetch()} />}
        <div>
          <FilterBar onSubmit={submit} onReset={reset}>
            <Field label="从哪天">
              <DayInput value={draft.from} onChange={(value) => change('from', value)} />
            </Field>
            <Field label="到哪天">
              <DayInput value={draft.to} onChange={(value) => change('to', value)} />
            </Field>
            <Field label="状态">
              <Choice
                label="状态"
                all="全部状态"
                value={draft.state}
                onChange={(value) => change('state', value)}
                options={optionsOf(REDEMPTION_STATE_WORDS)}
              />
            </Field>
            {!own && (
              <Field label="兑换点">
                <Choice
                  label="兑换点"
                  all="全部兑换点"
                  width={180}
                  value={draft.pointId}
                  onChange={(value) => change('pointId', value)}
                  options={places.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
                />
              </Field>
            )}
          </FilterBar>
          <DataTable
            name="redemptions"
            label="核销"
            columns={columns}
            rows={list.data?.items}
            rowKey={({ id }) => id}
            loading={list.isFetching}
            error={list.error}
            retry={() => list.refetch()}
            empty={<Empty icon="gift" title="这个范围里没有兑换" />}
            exits={<ExportButton path="/exports/redemptions" query={query} name="核销记录" />}
            paging={<Paging next={list.data?.next} />}
          />
        </div>
      </div>
    </Page>
  )
}
