import type { z } from 'zod'
import type { operationView } from '../../../shared/report/view'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { Field, FilterBar } from '../components/filter-bar'
import { Page } from '../components/page'
import { Paging } from '../components/paging'
import { Empty } from '../components/states'
import { fullTime } from '../core/format'
import { useScope } from '../core/scope'
import { useFilters } from '../core/use-filters'
import { useList } from '../core/use-list'

import { optionsOf, wordOf } from '../core/words'
import { ACTIONS, RESOURCES } from './words'

type Operation = z.infer<typeof operationView>
const FILTERS = ['from', 'to', 'resource'] as const

/** Who did what when, before and after, and who looked at what was hidden. */
export default function OperationsPage() {
  const { state, applied, draft, change, submit, reset } = useFilters(FILTERS)
  const { regionId } = useScope()
  const list = useList<Operation>('/operations', { ...applied, regionId, cursor: state.cursor, limit: 50 })
  const columns: Column<Operation>[] = [
    { key: 'at', title: '时间', fixed: true, render: (one) => <span className="nb">{fullTime(one.at)}</span> },
    { key: 'by', title: '谁', render: (one) => <span className="strong nb">{one.byName}</span> },
    { key: 'role', title: '岗位', render: (one) => one.roleWord },
    { key: 'action', title: '做了什么', render: (one) => wordOf(ACTIONS, one.action) },
    { key: 'resource', title: '对什么', render: (one) => wordOf(RESOURCES, one.resource) },
    { key: 'place', title: '哪里', render: (one) => one.regionName },
    { key: 'purpose', title: '用途', render: (one) => one.purpose ?? '—' },
    { key: 'change', title: '改前 → 改后', render: (one) => <BeforeAfter before={one.before} after={one.after} /> },
    { key: 'id', title: '编号', spare: true, render: (one) => one.resourceId },
  ]
  return (
    <Page title="操作日志" note="查看隐藏信息也会记在这里">
      <FilterBar onSubmit={submit} onReset={reset}>
        <Field label="从">
          <DayInput value={draft.from} onChange={(value) => change('from', value)} />
        </Field>
        <Field label="到">
          <DayInput value={draft.to} onChange={(value) => change('to', value)} />
        </Field>
        <Field label="对什么">
          <Choice
            label="对什么"
            all="全部"
            value={draft.resource}
            onChange={(value) => change('resource', value)}
            options={optionsOf(RESOURCES)}
          />
        </Field>
      </FilterBar>
      <DataTable
        name="operations"
        label="操作日志"
        columns={columns}
        rows={list.data?.items}
        rowKey={({ id }) => id}
        loading={list.isFetching}
        error={list.error}
        retry={() => list.refetch()}
        empty={<Empty icon="clock" title="这个范围里没有操作" />}
        paging={<Paging next={list.data?.next} />}
      />
    </Page>
  )
}

/** What was written down before and after, as pairs; where only one side is there, the other says so. */
function BeforeAfter({ before, after }: { before: string | null; after: string | null }) {
  if (before === null && after === null) return <>—</>
  return (
    <span className="t2 small" style={{ overflowWrap: 'anywhere' }}>
      {pairs(before)} → {pairs(after)}
    </span>
  )
}

function pairs(text: string | null): string {
  if (text === null) return '（没有）'
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([key, one]) => `${key} ${typeof one === 'object' ? JSON.stringify(one) : String(one)}`)
    .join('，')
}
