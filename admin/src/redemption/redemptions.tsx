import { Form, Input } from 'antd'
import { useRef, useState } from 'react'
import type { PointView, RedemptionView } from '../../../shared/redemption/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { ExportButton } from '../components/export-button'
import { Field, FilterBar } from '../components/filter-bar'
import { FormDialog } from '../components/form'
import { Page } from '../components/page'
import { Empty } from '../components/states'
import { Status, type Tone } from '../components/status'
import { post } from '../core/call'
import { dayClock, points } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope } from '../core/scope'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'
import { useFilters } from '../core/use-filters'
import { useList, useOne } from '../core/use-list'
import { optionsOf, REDEMPTION_STATE_WORDS, wordOf } from '../core/words'
import { Fulfil } from './fulfil'

const FILTERS = ['from', 'to', 'state', 'pointId'] as const
const TONES: Record<string, Tone> = {
  held: 'wait',
  fulfilled: 'ok',
  cancelled: 'none',
  expired: 'none',
  reversed: 'bad',
}

/** What was redeemed, and whether it was handed over. A redemption point fulfils here by code. */
export default function RedemptionsPage() {
  const me = useMe()
  const { state, applied, draft, change, submit, reset } = useFilters(FILTERS)
  const scope = useScope()
  const tell = useTell()
  const key = useRef(newId())
  const [reversing, setReversing] = useState<RedemptionView | null>(null)
  const own = may(me, 'redemption.atPoint') && !may(me, 'report.read')
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
    {
      key: 'product',
      title: '换什么',
      render: (one) => (
        <span className="nb">
          {one.productName}
          {one.quantity > 1 && ` × ${one.quantity}`}
        </span>
      ),
    },
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
    ...(may(me, 'redemption.undo')
      ? [
          {
            key: 'acts',
            title: '操作',
            fixed: true,
            render: (one: RedemptionView) =>
              one.state === 'fulfilled' ? (
                <button
                  type="button"
                  className="txt danger"
                  aria-label={`冲正：${one.personMaskedName} ${one.productName}`}
                  onClick={() => setReversing(one)}
                >
                  冲正
                </button>
              ) : (
                '—'
              ),
          },
        ]
      : []),
  ]

  return (
    <Page title="核销">
      <div className="stack">
        {may(me, 'redemption.atPoint') && <Fulfil onDone={() => list.refetch()} />}
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
            list={list}
            rowKey={({ id }) => id}
            empty={<Empty icon="gift" title="这个范围里没有兑换" next="换一个日期、状态或兑换点再查。" />}
            exits={<ExportButton path="/exports/redemptions" query={query} name="核销记录" />}
          />
        </div>
      </div>
      <FormDialog<{ reason: string }, RedemptionView>
        title={`冲正：${reversing?.personMaskedName ?? ''} ${reversing?.productName ?? ''}`}
        open={reversing !== null}
        okText="冲正"
        danger
        onClose={() => setReversing(null)}
        done={() => {
          key.current = newId()
          tell('已冲正，积分和资金都退回了')
          list.refetch()
        }}
        note={<p className="t2">发错了、没有给，才冲正。积分退给本人，库存和资金退回。</p>}
        submit={({ reason }) =>
          post<RedemptionView>(`/redemptions/${reversing?.id ?? ''}/reversal`, { id: key.current, reason })
        }
      >
        <Form.Item name="reason" label="为什么" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
      </FormDialog>
    </Page>
  )
}
