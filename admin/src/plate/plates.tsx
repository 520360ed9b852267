import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { PlateView } from '../../../shared/elder/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { ExportButton } from '../components/export-button'
import { Field, FilterBar } from '../components/filter-bar'
import { Icon } from '../components/icon'
import { LinkButton } from '../components/link-button'
import { Page } from '../components/page'
import { Empty, Refused } from '../components/states'
import { dayClock } from '../core/format'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useAction } from '../core/use-action'
import { useFilters } from '../core/use-filters'
import { useList } from '../core/use-list'
import { PLATE_KIND_WORDS, wordOf } from '../core/words'
import { PlateActions, PlateState } from './plate-actions'
import { printSheet } from './sheet'

const FILTERS = ['state', 'batchId'] as const
const STATES = [
  { value: 'inForce', label: '在用' },
  { value: 'revoked', label: '已作废' },
]

/** All codes of a place: print many on one sheet, replace, revoke. New ones are made in the elder's record. */
export default function PlatesPage() {
  const me = useMe()
  const scoped = useScoped()
  const cache = useQueryClient()
  const { state, applied, draft, change, submit, reset } = useFilters(FILTERS)
  const { regionId } = useScope()
  const list = useList<PlateView>('/plates', { ...applied, regionId, cursor: state.cursor, limit: 50 })
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const print = useAction(() => printSheet([...chosen]))
  const mayPrint = may(me, 'plate.keep')
  const printable = (list.data?.items ?? []).filter(({ revokedAt }) => revokedAt === null)

  function toggle(id: string): void {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
  }

  const columns: Column<PlateView>[] = [
    ...(mayPrint
      ? [
          {
            key: 'pick',
            title: '打印',
            fixed: true,
            width: 60,
            render: (plate: PlateView) => (
              <span className="box">
                <input
                  type="checkbox"
                  aria-label={`打印 ${plate.serial}`}
                  checked={chosen.has(plate.id)}
                  disabled={plate.revokedAt !== null}
                  onChange={() => toggle(plate.id)}
                />
              </span>
            ),
          },
        ]
      : []),
    { key: 'serial', title: '号码', fixed: true, render: (plate) => <span className="strong nb">{plate.serial}</span> },
    { key: 'kind', title: '种类', render: (plate) => wordOf(PLATE_KIND_WORDS, plate.kind) },
    {
      key: 'house',
      title: '哪一处',
      spare: true,
      render: ({ organisationName, label }) => [organisationName, label].filter(Boolean).join(' ') || '—',
    },
    {
      key: 'elder',
      title: '老人',
      render: (plate) =>
        plate.elderId ? (
          <Link className="txt" to={scoped(`/elders/${plate.elderId}`)}>
            {plate.elderMaskedName}
          </Link>
        ) : (
          '—'
        ),
    },
    { key: 'place', title: '村', render: (plate) => <span className="nb">{plate.regionName}</span> },
    { key: 'issued', title: '制牌', spare: true, render: (plate) => dayClock(plate.issuedAt) },
    { key: 'state', title: '状态', render: (plate) => <PlateState plate={plate} /> },
    ...(mayPrint
      ? [
          {
            key: 'acts',
            title: '操作',
            fixed: true,
            render: (plate: PlateView) => <PlateActions plate={plate} onChanged={() => cache.invalidateQueries()} />,
          },
        ]
      : []),
  ]

  return (
    <Page
      title="门牌与卡"
      note={applied.batchId ? '一批的，选中后打印' : '新门牌在老人档案里制，床位和站点的在互助点和组织里制'}
      actions={<LinkButton to={scoped('/plate-batches')}>制牌批次</LinkButton>}
    >
      <FilterBar onSubmit={submit} onReset={reset}>
        <Field label="状态">
          <Choice
            label="状态"
            all="全部"
            value={draft.state}
            onChange={(value) => change('state', value)}
            options={STATES}
          />
        </Field>
      </FilterBar>
      <DataTable
        name="plates"
        label="门牌与卡"
        exits={<ExportButton path="/exports/plates" query={{ ...applied, regionId }} name="门牌与卡" />}
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <Empty icon="qr" title="这里还没有门牌">
            <Link to={scoped('/elders?state=noPlate')}>看没有门牌的老人</Link>
          </Empty>
        }
        tools={
          mayPrint && (
            <>
              <Button onClick={() => setChosen(chosen.size > 0 ? new Set() : new Set(printable.map(({ id }) => id)))}>
                {chosen.size > 0 ? '都不选' : '选中本页在用的'}
              </Button>
              <Button
                type="primary"
                disabled={chosen.size === 0}
                loading={print.busy}
                icon={<Icon name="print" size={18} />}
                onClick={() => print.run()}
              >
                打印 {chosen.size} 个（A4）
              </Button>
              <Refused failure={print.failure} />
            </>
          )
        }
      />
    </Page>
  )
}
