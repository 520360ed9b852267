import { useQueryClient } from '@tanstack/react-query'
import { Drawer } from 'antd'
import { may } from '../../../shared/session/permissions'
import { EXCEPTIONS } from '../../../shared/visit/exceptions'
import type { VisitView } from '../../../shared/visit/view'
import { servedWords } from '../../../shared/visit/words'
import { EvidencePanel } from '../audit/evidence-panel'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { ExportButton } from '../components/export-button'
import { Field, FilterBar } from '../components/filter-bar'
import { Page } from '../components/page'
import { Empty } from '../components/states'
import { EvidenceBadge } from '../components/status'
import { dayClock } from '../core/format'
import { useScope } from '../core/scope'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'
import { useFilters } from '../core/use-filters'
import { useList } from '../core/use-list'
import { NATURE_WORDS, optionsOf, wordOf } from '../core/words'
import { Exceptions, Minutes, VisitPoints, VisitState } from './marks'
import { VISIT_STATES } from './words'

const FILTERS = ['from', 'to', 'state', 'exception', 'level', 'nature', 'memberId', 'elderId'] as const

export default function VisitsPage() {
  const { state, set, applied, draft, change, submit, reset } = useFilters(FILTERS)
  const { regionId } = useScope()
  const query = { ...applied, regionId }
  const list = useList<VisitView>('/visits', { ...query, cursor: state.cursor, limit: 50 })
  const one = applied.memberId
    ? list.data?.items[0]?.memberName
    : applied.elderId
      ? list.data?.items[0]?.elders.find(({ id }) => id === applied.elderId)?.name
      : undefined
  const open = (id: string) => set({ open: id }, { keepPage: true })

  const columns: Column<VisitView>[] = [
    {
      key: 'number',
      title: '记录',
      fixed: true,
      render: (visit) => (
        <button type="button" className="txt" onClick={() => open(visit.id)}>
          {visit.number}
        </button>
      ),
    },
    { key: 'time', title: '开始', render: (visit) => <span className="nb">{dayClock(visit.checkInAt)}</span> },
    { key: 'member', title: '志愿者', render: (visit) => <span className="nb">{visit.memberName}</span> },
    {
      key: 'elders',
      title: '老人',
      render: (visit) => <span className="strong nb">{servedWords(visit)}</span>,
    },
    { key: 'place', title: '村', render: (visit) => <span className="nb">{visit.regionName}</span> },
    { key: 'service', title: '服务', render: (visit) => <span className="nb">{visit.serviceName}</span> },
    { key: 'nature', title: '性质', spare: true, render: (visit) => wordOf(NATURE_WORDS, visit.nature) },
    { key: 'minutes', title: '分钟', align: 'right', render: (visit) => <Minutes seconds={visit.servedSeconds} /> },
    { key: 'points', title: '积分', align: 'right', render: (visit) => <VisitPoints visit={visit} /> },
    {
      key: 'level',
      title: '证据',
      render: (visit) => (visit.level === null ? '—' : <EvidenceBadge level={visit.level} />),
    },
    { key: 'exceptions', title: '异常', render: (visit) => <Exceptions visit={visit} /> },
    { key: 'state', title: '状态', render: (visit) => <VisitState visit={visit} /> },
    { key: 'why', title: '积分说明', spare: true, render: (visit) => visit.pointsSentence },
  ]

  return (
    <Page title="服务记录" note={one && `只看 ${one}`}>
      <FilterBar
        onSubmit={submit}
        onReset={reset}
        moreInUse={Boolean(applied.exception || applied.level || applied.nature)}
        more={
          <>
            <Field label="异常">
              <Choice
                label="异常"
                all="全部"
                width={200}
                value={draft.exception}
                onChange={(value) => change('exception', value)}
                options={Object.entries(EXCEPTIONS).map(([code, { staff }]) => ({
                  value: code,
                  label: `${code} ${staff}`,
                }))}
              />
            </Field>
            <Field label="证据">
              <Choice
                label="证据"
                all="全部"
                width={100}
                value={draft.level}
                onChange={(value) => change('level', value)}
                options={[0, 1, 2, 3, 4].map((level) => ({ value: String(level), label: `L${level}` }))}
              />
            </Field>
            <Field label="性质">
              <Choice
                label="性质"
                all="全部"
                value={draft.nature}
                onChange={(value) => change('nature', value)}
                options={optionsOf(NATURE_WORDS)}
              />
            </Field>
          </>
        }
      >
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
            options={Object.entries(VISIT_STATES).map(([value, { words }]) => ({ value, label: words }))}
          />
        </Field>
      </FilterBar>
      <DataTable
        name="visits"
        label="服务记录"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <Empty icon="visits" title="这个范围里没有服务记录">
            <p className="t3">换一段日期或状态再查，或点重置。</p>
          </Empty>
        }
        exits={<ExportButton path="/exports/visits" query={query} name="服务记录" />}
      />
      <VisitDrawer id={state.open} onClose={() => set({ open: null }, { keepPage: true })} />
    </Page>
  )
}

/** A visit over the page it was opened from; its id is in the URL. Who may decide can take a decision back here. */
export function VisitDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  return (
    <Drawer
      open={id !== undefined}
      onClose={onClose}
      size={460}
      title="服务记录"
      styles={{ body: { display: 'flex', flexDirection: 'column' } }}
    >
      {id && (
        <EvidencePanel
          key={id}
          id={id}
          mayDecide={may(me, 'audit.decide')}
          listening={false}
          onDecided={() => {
            tell('办好了')
            cache.invalidateQueries()
          }}
        />
      )}
    </Drawer>
  )
}
