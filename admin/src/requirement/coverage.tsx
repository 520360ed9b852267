import { Segmented } from 'antd'
import { useMemo } from 'react'
import { Link } from 'react-router'
import { firstDayOf, lastDayOf, weekNumberOf, weeksOf } from '../../../shared/core/time'
import type { Coverage, CoverageElder } from '../../../shared/requirement/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { ExportButton } from '../components/export-button'
import { Field } from '../components/filter-bar'
import { Icon } from '../components/icon'
import { placesOf, TileGrid } from '../components/numbers'
import { Page, Section } from '../components/page'
import { PlaceMap } from '../components/place-map'
import { PrintButton, PrintFooter, PrintHeader } from '../components/print'
import { RegionTree } from '../components/region-tree'
import { Empty, Failed, Loading } from '../components/states'
import { Status, type Tone } from '../components/status'
import { count, fullTime, monthWords } from '../core/format'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { recentMonths, thisMonth } from '../core/today'
import { useList, useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { CATEGORY_WORDS, EXIT_WORDS, optionsOf, wordOf } from '../core/words'
import { CHANNELS } from '../visit/words'
import { exitWords, PlacesTable } from './places'

const INTERVALS = { event: '有情况后', days: '每几天', week: '每周', month: '每月', quarter: '每季度' }
const STATES = [
  { value: 'missing', label: '还没访' },
  { value: 'overdue', label: '只看超期' },
  { value: 'visited', label: '已访' },
  { value: 'due', label: '全部应访' },
  { value: 'exited', label: '住院外出等' },
]

/** Who must be visited this month, who was, who is missing: the tree, the places as tiles, and the list. */
export default function CoveragePage() {
  const me = useMe()
  const [state, set] = useUrlState()
  const { regionId, home } = useScope()
  const month = state.month ?? thisMonth()
  const filter = { month, regionId, category: state.category, interval: state.interval }
  const coverage = useOne<Coverage>('/coverage', filter)
  const places = useMemo(() => placesOf(coverage.data), [coverage.data])
  const asTable = state.as === 'table'
  const linkTo = (id: string) => {
    const next = new URLSearchParams(
      Object.entries({
        month: state.month,
        category: state.category,
        interval: state.interval,
        state: state.state,
        as: state.as,
      }).flatMap(([key, value]) => (value ? [[key, value]] : [])),
    )
    next.set('regionId', id)
    return `/coverage?${next}`
  }
  const counts = useMemo(() => {
    const rows = coverage.data ? [coverage.data.total, ...coverage.data.rows] : []
    return new Map(rows.map((row) => [row.regionId, { total: row.due, missing: row.missing }]))
  }, [coverage.data])

  return (
    <Page
      title="覆盖看板"
      note={`${coverage.data?.total.regionName ?? ''} ${monthWords(month)}`}
      actions={
        <>
          <PrintButton>打印清单</PrintButton>
          <ExportButton path="/exports/coverage" query={filter} name={`覆盖月报-${month}`} label="导出月报" aggregate />
        </>
      }
    >
      <PrintHeader
        title="特殊困难老年人探访覆盖"
        scope={`${coverage.data?.total.regionName ?? ''} ${monthWords(month)}`}
      />
      <div className="filters">
        <Field label="月份">
          <Choice label="月份" value={month} options={recentMonths()} onChange={(value) => set({ month: value })} />
        </Field>
        <Field label="类别">
          <Choice
            label="类别"
            all="全部类别"
            value={state.category}
            options={optionsOf(CATEGORY_WORDS)}
            onChange={(value) => set({ category: value })}
          />
        </Field>
        <Field label="频次">
          <Choice
            label="频次"
            all="全部频次"
            value={state.interval}
            options={optionsOf(INTERVALS)}
            onChange={(value) => set({ interval: value })}
          />
        </Field>
      </div>
      <div className="with-tree">
        <div className="card tree-card">
          <RegionTree
            root={{ id: home.regionId, name: home.regionName }}
            current={regionId}
            linkTo={linkTo}
            counts={counts}
          />
        </div>
        <div className="stack" style={{ minWidth: 0 }}>
          {coverage.isError && (
            <div className="card">{<Failed error={coverage.error} retry={() => coverage.refetch()} />}</div>
          )}
          {coverage.isPending && <div className="card">{<Loading />}</div>}
          {coverage.data && (
            <>
              <Sums coverage={coverage.data} />
              <Signed signed={coverage.data.signed} />
              {coverage.data.rows.length > 0 && (
                <Section
                  title="各地探访率"
                  actions={
                    <button
                      type="button"
                      className="txt no-print"
                      aria-pressed={asTable}
                      onClick={() => set({ as: asTable ? null : 'table' }, { replace: true, keepPage: true })}
                    >
                      <Icon name={asTable ? 'map-grid' : 'table'} size={16} />
                      {asTable ? '看方格' : '看表格'}
                    </button>
                  }
                >
                  {asTable ? (
                    <PlacesTable rows={coverage.data.rows} linkTo={linkTo} />
                  ) : (
                    <>
                      <PlaceMap regionId={coverage.data.regionId} places={places} linkTo={linkTo} />
                      <TileGrid places={places} linkTo={linkTo} />
                    </>
                  )}
                </Section>
              )}
            </>
          )}
          {may(me, 'elder.read') && (
            <ElderList
              filter={filter}
              state={state.state ?? 'missing'}
              cursor={state.cursor}
              onState={(value) => set({ state: value })}
            />
          )}
        </div>
      </div>
      <PrintFooter by={me.name} />
    </Page>
  )
}

function Sums({ coverage: { total, definition } }: { coverage: Coverage }) {
  const exits = total.exits
  const away = exits.hospital + exits.away + exits.died + exits.moved + exits.refused
  return (
    <section className="card" aria-label="合计">
      <dl className="sums num">
        <div>
          <dt>月探访率</dt>
          <dd>
            {total.coveragePercent === null ? '—' : `${total.coveragePercent}%`}
            <small>
              {count(total.visited)} / {count(total.due)} 人
            </small>
          </dd>
        </div>
        <div>
          <dt>达标率</dt>
          <dd>
            {total.fulfilmentPercent === null ? '—' : `${total.fulfilmentPercent}%`}
            <small>
              {count(total.requirementsMet)} / {count(total.requirementsDue)} 次
            </small>
          </dd>
        </div>
        <div className={total.missing > 0 ? 'bad' : ''}>
          <dt>还没访</dt>
          <dd>
            {count(total.missing)}
            <small>人</small>
          </dd>
        </div>
        <div>
          <dt>不计入</dt>
          <dd>
            {count(away)}
            <small>{away === 0 ? '人' : exitWords(exits)}</small>
          </dd>
        </div>
      </dl>
      <p className="t3 small" style={{ padding: '0 18px 12px' }}>
        月探访率：{definition.coverage} 达标率：{definition.fulfilment}
      </p>
    </section>
  )
}

/** Which of these figures stand still, and since when. */
function Signed({ signed }: { signed: Coverage['signed'] }) {
  if (signed.length === 0) return null
  return (
    <p className="t2" role="note">
      已签字的月报，数字不再变：
      {signed.map((one, place) => (
        <span key={one.reportId}>
          {place > 0 && '、'}
          <Link className="txt" to={`/reports/${one.reportId}`}>
            {one.regionName}第 {one.version} 版
          </Link>
          <span className="t3"> {fullTime(one.signedAt)}</span>
        </span>
      ))}
    </p>
  )
}

const MARKS: Record<string, { tone: Tone; words: string; sign: string }> = {
  met: { tone: 'ok', words: '已访', sign: '✓' },
  overdue: { tone: 'bad', words: '超期', sign: '!' },
  due: { tone: 'warn', words: '到期', sign: '●' },
  none: { tone: 'none', words: '不要求', sign: '–' },
}

/** 住院，11-20 起，李* 批准 */
function exitOf({ exitKind, exit }: CoverageElder): string {
  const kind = wordOf(EXIT_WORDS, exitKind ?? '')
  if (exit === null) return kind
  const span = exit.validTo === null ? `${exit.validFrom} 起` : `${exit.validFrom}～${exit.validTo}`
  return `${kind}，${span}，${exit.approvedBy} 批准`
}

interface ElderListProps {
  filter: { month: string; regionId: string; category: string | undefined; interval: string | undefined }
  state: string
  cursor: string | undefined
  onState: (state: string) => void
}

function ElderList({ filter, state, cursor, onState }: ElderListProps) {
  const scoped = useScoped()
  const list = useList<CoverageElder>('/coverage/elders', { ...filter, state, cursor, limit: 200 })
  const [first, last] = [firstDayOf(filter.month), lastDayOf(filter.month)]
  const columns: Column<CoverageElder>[] = [
    {
      key: 'name',
      title: '老人',
      fixed: true,
      render: (elder) => (
        <Link className="txt" to={scoped(`/elders/${elder.elderId}`)}>
          {elder.maskedName}
          {elder.changedSince && <span className="t3 small">（签字后有变化）</span>}
        </Link>
      ),
    },
    { key: 'place', title: '村', render: (elder) => <span className="nb">{elder.regionName}</span> },
    {
      key: 'categories',
      title: '类别',
      render: (elder) => elder.categories.map((category) => wordOf(CATEGORY_WORDS, category)).join('、'),
    },
    { key: 'requirement', title: '要求', render: (elder) => elder.requirement },
    {
      key: 'periods',
      title: '各期',
      render: (elder) => (
        <span className="row" style={{ gap: 10 }}>
          {elder.requirement.startsWith('每周')
            ? '按周'
            : elder.periods.map(({ label, mark }) => (
                <span key={label} className="nb">
                  <span className="t3 small">{label} </span>
                  <Status tone={MARKS[mark]?.tone ?? 'none'}>{MARKS[mark]?.words ?? mark}</Status>
                </span>
              ))}
        </span>
      ),
    },
    ...weeksOf(filter.month).map((monday, place): Column<CoverageElder> => {
      const week = weekNumberOf(monday)
      return {
        key: `week${place}`,
        title: `${week} 周`,
        render: (elder) => {
          const { mark = 'none' } = elder.weeks[place] ?? {}
          const { tone = 'none', words = mark, sign = '–' } = MARKS[mark] ?? {}
          return (
            <span className={`status ${tone}`} role="img" aria-label={`第 ${week} 周${words}`} title={words}>
              {sign}
            </span>
          )
        },
      }
    }),
    {
      key: 'exit',
      title: '不计入',
      spare: true,
      // the list of those who aren't counted says why
      fixed: state === 'exited',
      render: (elder) => (elder.exitKind ? exitOf(elder) : '—'),
    },
    {
      key: 'last',
      title: '上次',
      render: (elder) =>
        elder.lastVisitDay === null ? (
          '还没有'
        ) : (
          <span className="nb">
            {elder.lastVisitDay.slice(5)} {wordOf(CHANNELS, elder.lastChannel ?? '')}{' '}
            <span className="t3">{elder.lastHelperName}</span>
          </span>
        ),
    },
    { key: 'helper', title: '结对', render: (elder) => elder.pairedNames.join('、') || '—' },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (elder) => (
        <span className="row no-print" style={{ gap: 0, flexWrap: 'nowrap' }}>
          <Link
            className="txt"
            to={scoped(`/visits?elderId=${elder.elderId}&from=${first}&to=${last}`)}
            aria-label={`${elder.maskedName}的记录`}
          >
            记录
          </Link>
          <Link
            className="txt"
            to={scoped(`/orders?elderId=${elder.elderId}&new=1`)}
            aria-label={`给${elder.maskedName}派单`}
          >
            派单
          </Link>
        </span>
      ),
    },
  ]
  return (
    <section aria-label="老人清单">
      <DataTable
        name="coverage-elders"
        label="老人清单"
        columns={columns}
        list={list}
        rowKey={({ elderId, regionId }) => `${elderId}${regionId}`}
        empty={
          <Empty
            icon="check-circle"
            title={state === 'missing' ? '都访到了' : state === 'overdue' ? '没有超期的' : '没有这样的老人'}
          />
        }
        exits={
          <ExportButton
            path="/exports/coverage-elders"
            query={{ ...filter, state }}
            name={`探访清单-${filter.month}`}
          />
        }
        tools={<Segmented aria-label="哪些老人" value={state} options={STATES} onChange={onState} />}
      />
      <ul className="row t2 small" style={{ flexWrap: 'wrap', gap: '4px 18px', marginTop: 8 }} aria-label="周的记号">
        {Object.values(MARKS).map(({ tone, words, sign }) => (
          <li key={sign} className={`nb status ${tone}`}>
            {sign} {words}
          </li>
        ))}
      </ul>
    </section>
  )
}
