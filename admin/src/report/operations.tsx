import { Input } from 'antd'
import type { z } from 'zod'
import type { operationView } from '../../../shared/report/view'
import { ACTION_WORDS, RESOURCE_WORDS, sideWords } from '../../../shared/report/words'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { ExportButton } from '../components/export-button'
import { Field, FilterBar } from '../components/filter-bar'
import { Page } from '../components/page'
import { Empty } from '../components/states'
import { fullTime } from '../core/format'
import { useScope } from '../core/scope'
import { useFilters } from '../core/use-filters'
import { useList } from '../core/use-list'
import { optionsOf, wordOf } from '../core/words'

/** What looks at hidden data first: that is what is searched for most. */
const ACTIONS = optionsOf(ACTION_WORDS).sort((one, other) => Number(isLook(other.value)) - Number(isLook(one.value)))
function isLook(action: string): boolean {
  return action === 'reveal' || action === 'read' || action === 'export'
}

type Operation = z.infer<typeof operationView>
const FILTERS = ['from', 'to', 'action', 'resource', 'q'] as const

/** Who did what when, before and after, and who looked at what was hidden. */
export default function OperationsPage() {
  const { state, applied, draft, change, submit, reset } = useFilters(FILTERS)
  const { regionId } = useScope()
  const list = useList<Operation>('/operations', { ...applied, regionId, cursor: state.cursor, limit: 50 })
  const columns: Column<Operation>[] = [
    { key: 'at', title: '时间', fixed: true, render: (one) => <span className="nb">{fullTime(one.at)}</span> },
    { key: 'by', title: '谁', render: (one) => <span className="strong nb">{one.byName}</span> },
    { key: 'role', title: '岗位', render: (one) => one.roleWord },
    { key: 'action', title: '做了什么', render: (one) => wordOf(ACTION_WORDS, one.action) },
    { key: 'resource', title: '对什么', render: (one) => wordOf(RESOURCE_WORDS, one.resource) },
    { key: 'place', title: '哪里', render: (one) => one.regionName },
    { key: 'purpose', title: '用途', render: (one) => one.purpose ?? '—' },
    { key: 'change', title: '改前 → 改后', render: (one) => <BeforeAfter before={one.before} after={one.after} /> },
    { key: 'id', title: '编号', spare: true, render: (one) => one.resourceId },
  ]
  return (
    <Page title="操作日志" note="查看隐藏信息也会记在这里">
      <FilterBar onSubmit={submit} onReset={reset}>
        <Field label="从哪天">
          <DayInput value={draft.from} onChange={(value) => change('from', value)} />
        </Field>
        <Field label="到哪天">
          <DayInput value={draft.to} onChange={(value) => change('to', value)} />
        </Field>
        <Field label="做了什么">
          <Choice
            label="做了什么"
            all="全部"
            value={draft.action}
            onChange={(value) => change('action', value)}
            options={ACTIONS}
          />
        </Field>
        <Field label="对什么">
          <Choice
            label="对什么"
            all="全部"
            value={draft.resource}
            onChange={(value) => change('resource', value)}
            options={optionsOf(RESOURCE_WORDS)}
          />
        </Field>
        <Field label="用途或编号">
          <Input
            aria-label="用途或编号"
            value={draft.q ?? ''}
            maxLength={60}
            allowClear
            onChange={(event) => change('q', event.target.value || undefined)}
          />
        </Field>
      </FilterBar>
      <DataTable
        name="operations"
        label="操作日志"
        exits={<ExportButton path="/exports/operations" query={{ ...applied, regionId }} name="操作日志" />}
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={<Empty icon="clock" title="这个范围里没有操作" next="换一个日期、做了什么，或者重置再查。" />}
      />
    </Page>
  )
}

/** What was written down before and after. */
function BeforeAfter({ before, after }: { before: string | null; after: string | null }) {
  const [was, is] = [sideWords(before), sideWords(after)]
  if (was === '—' && is === '—') return <>—</>
  return (
    <span className="t2 small" style={{ overflowWrap: 'anywhere' }}>
      {was} → {is}
    </span>
  )
}
