import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import { FUND_SOURCE_WORDS } from '../../../shared/fund/rules'
import type { FundChangeView, FundCoverView, FundLineView } from '../../../shared/fund/view'
import { may } from '../../../shared/session/permissions'
import { LineChart } from '../components/chart'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { ExportButton } from '../components/export-button'
import type { FigureColumn } from '../components/figures'
import { Icon } from '../components/icon'
import { Page } from '../components/page'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { percent, points } from '../core/format'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { today } from '../core/today'
import { useTell } from '../core/use-action'
import { useList, useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { wordOf } from '../core/words'
import { Changes } from './changes'
import { LineDialog } from './line-dialog'
import { rule, yuan } from './words'

/** The money behind redemptions: what each line has, where it went, and whether it covers the points that are out. */
export default function FundsPage() {
  const me = useMe()
  const tell = useTell()
  const cache = useQueryClient()
  const scoped = useScoped()
  const { regionId } = useScope()
  const [state, setState] = useUrlState()
  const thisYear = Number(today().slice(0, 4))
  const year = state.year ?? String(thisYear)
  const list = useOne<FundLineView[]>('/fund-lines', { regionId, year })
  const changes = useList<FundChangeView>('/fund-changes', { regionId, state: 'waiting', limit: 50 })
  const [editing, setEditing] = useState<FundLineView | 'new' | null>(null)
  const refresh = () => {
    for (const key of ['/fund-lines', '/fund-changes', '/fund-cover']) cache.invalidateQueries({ queryKey: [key] })
  }

  const columns: Column<FundLineView>[] = [
    { key: 'level', title: '级别', render: (line) => <span className="nb">{line.levelWord}</span> },
    { key: 'region', title: '地方', render: (line) => <span className="nb">{line.regionName}</span> },
    {
      key: 'name',
      title: '资金线',
      fixed: true,
      render: (line) => (
        <Link className="txt strong" to={scoped(`/funds/${line.id}`)}>
          {line.name}
        </Link>
      ),
    },
    { key: 'source', title: '来源', render: (line) => wordOf(FUND_SOURCE_WORDS, line.source) },
    { key: 'rule', title: '付什么', render: rule },
    { key: 'priority', title: '先后', align: 'right', render: (line) => line.priority },
    { key: 'budget', title: '预算（元）', align: 'right', render: (line) => yuan(line.budgetFen) },
    { key: 'paid', title: '已支付', align: 'right', render: (line) => yuan(line.paidFen) },
    {
      key: 'promised',
      title: '已答应',
      align: 'right',
      render: (line) => yuan(String(BigInt(line.drawnFen) - BigInt(line.paidFen))),
    },
    {
      key: 'left',
      title: '还剩',
      align: 'right',
      render: (line) => (
        <span className="strong nb">
          {yuan(line.leftFen)}（{percent(Number(line.leftFen), Number(line.budgetFen))}%）
        </span>
      ),
    },
    { key: 'state', title: '状态', render: (line) => <LineState line={line} /> },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (line) =>
        line.mayChange && !line.waiting ? (
          <button
            type="button"
            className="txt"
            aria-label={`改预算：${line.regionName}${line.name}`}
            onClick={() => setEditing(line)}
          >
            改预算
          </button>
        ) : (
          '—'
        ),
    },
  ]

  return (
    <Page
      title="资金"
      note="笔笔可控，项项可查"
      actions={
        may(me, 'fund.keep') && (
          <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setEditing('new')}>
            新开资金线
          </Button>
        )
      }
    >
      <div className="stack">
        <Cover regionId={regionId} />
        <Changes changes={changes.data?.items ?? []} onDone={refresh} />
        <DataTable
          name="funds"
          label="资金线"
          tools={
            <Choice
              label="年度"
              value={year}
              onChange={(value) => setState({ year: value })}
              options={[thisYear + 1, thisYear, thisYear - 1].map((one) => ({
                value: String(one),
                label: `${one} 年`,
              }))}
            />
          }
          exits={<ExportButton path="/exports/fund-lines" query={{ regionId, year }} name="资金线" aggregate />}
          columns={columns}
          list={list}
          rowKey={({ id }) => id}
          empty={
            <Empty icon="points" title="这一年还没有资金线">
              <p className="t3">没有资金的地方，要花钱的商品不能兑换。</p>
            </Empty>
          }
        />
      </div>
      <LineDialog
        line={editing}
        year={Number(year)}
        onClose={() => setEditing(null)}
        done={() => {
          tell('已提交，等另一个人批准')
          refresh()
        }}
      />
    </Page>
  )
}

function LineState({ line }: { line: FundLineView }) {
  if (line.waiting) return <Status tone="wait">等人批准</Status>
  if (!line.active) return <Status tone="none">停用</Status>
  return BigInt(line.leftFen) === 0n ? <Status tone="bad">用完了</Status> : <Status tone="ok">在用</Status>
}

const STATES = {
  ok: { tone: 'ok', word: '资金够用' },
  warn: { tone: 'warn', word: '快到发放上限' },
  over: { tone: 'bad', word: '超过发放上限' },
} as const
const COST_FROM = {
  setting: '按区划设置里的价',
  catalogue: '按在换商品的平均成本',
  none: '还没有商品，算不出',
} as const

/** Points that are out beside the money that is left; a city, which owns no programme, has none of it. */
function Cover({ regionId }: { regionId: string }) {
  const cover = useOne<FundCoverView>('/fund-cover', { regionId })
  if (cover.data === undefined) return null
  const one = cover.data
  const { tone, word } = STATES[one.state]
  return (
    <>
      <section className="card" aria-label="资金保障">
        <dl className="sums num">
          <div>
            <dt>{one.regionName}今年预算</dt>
            <dd>
              {yuan(one.budgetFen)}
              <small>元，还剩 {yuan(one.leftFen)}</small>
            </dd>
          </div>
          <div>
            <dt>没用的积分</dt>
            <dd>
              {points(one.outstandingMilliPoints)}
              <small>
                分 × {yuan(String(one.costFen))} 元（{COST_FROM[one.costFrom]}）
              </small>
            </dd>
          </div>
          <div className={one.state === 'over' ? 'bad' : undefined}>
            <dt>全部兑换要</dt>
            <dd>
              {yuan(one.liabilityFen)}
              <small>
                元{one.usedPermille === null ? '' : `，是剩余资金的 ${percent(one.usedPermille, 1000)}%`}
                {one.sharedFen === '0' ? '' : `；上级还有 ${yuan(one.sharedFen)} 元，几个县共用`}
              </small>
            </dd>
          </div>
          <div>
            <dt>发放上限</dt>
            <dd>
              {one.ceilingMilliPoints === null ? '—' : points(one.ceilingMilliPoints)}
              <small>
                分 <Status tone={tone}>{word}</Status>
              </small>
            </dd>
          </div>
        </dl>
      </section>
      <Months cover={one} />
    </>
  )
}

const MONTH_COLUMNS: FigureColumn<{ month: string; drawnFen: string; sumFen: string }>[] = [
  { title: '月份', render: ({ month }) => month },
  { title: '当月（元）', right: true, render: ({ drawnFen }) => yuan(drawnFen) },
  { title: '累计（元）', right: true, render: ({ sumFen }) => yuan(sumFen) },
]

/** What was drawn month by month, added up, below the budget. */
function Months({ cover }: { cover: FundCoverView }) {
  const rows = useMemo(() => {
    let sum = 0n
    return cover.months.map(({ month, drawnFen }) => {
      sum += BigInt(drawnFen)
      return { month, drawnFen, sumFen: String(sum) }
    })
  }, [cover.months])
  const drawing = useMemo(
    () => ({
      ticks: rows.map(({ month }) => `${Number(month.slice(5))} 月`),
      lines: [
        { name: '累计用掉', values: rows.map(({ sumFen }) => Number(BigInt(sumFen) / 100n)) },
        { name: '预算', values: rows.map(() => Number(BigInt(cover.budgetFen) / 100n)), dashed: true },
      ],
    }),
    [rows, cover.budgetFen],
  )
  if (cover.budgetFen === '0') return null
  return (
    <LineChart
      title={`${cover.year} 年用掉的资金`}
      definition="换了的和答应的，退回的已减去"
      words={`${cover.regionName} ${cover.year} 年预算 ${yuan(cover.budgetFen)} 元，用掉 ${yuan(cover.drawnFen)} 元`}
      ticks={drawing.ticks}
      lines={drawing.lines}
      unit=""
      columns={MONTH_COLUMNS}
      rows={rows}
    />
  )
}
