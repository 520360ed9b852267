import { useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Outcomes, QueueRow } from '../../../shared/audit/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { DayInput } from '../components/day-input'
import { ExportButton } from '../components/export-button'
import { Field, FilterBar } from '../components/filter-bar'
import { KeyHints } from '../components/key'
import { Page } from '../components/page'
import { Paging } from '../components/paging'
import { Empty, Unread } from '../components/states'
import { hours, points } from '../core/format'
import { isTyping } from '../core/keys'
import { useScope } from '../core/scope'
import { useMe } from '../core/session'
import { useFilters } from '../core/use-filters'
import { useList } from '../core/use-list'
import { BatchDialog } from './batch-dialog'
import { sumOf } from './decide'
import { DeskFrame, useRoomy } from './desk-frame'
import { EvidencePanel } from './evidence-panel'
import { QueueTable } from './queue-table'
import { QueueTabs } from './queue-tabs'
import { usePlace } from './use-place'

const FILTERS = ['from', 'to', 'memberId', 'level'] as const
const TABS = ['waiting', 'red', 'amber', 'clean', 'returned'] as const

/** The desk: the queue at the left, what speaks for and against one visit at the right, everything by keyboard. */
export default function AuditPage() {
  const me = useMe()
  const cache = useQueryClient()
  const { state, set, applied, draft, change, submit, reset } = useFilters(FILTERS)
  const { regionId } = useScope()
  const tab = TABS.find((one) => one === state.tab) ?? 'waiting'
  const query = { ...applied, tab, regionId }
  const list = useList<QueueRow>('/audit/queue', { ...query, cursor: state.cursor, limit: 50 })
  const rows = useMemo(() => list.data?.items ?? [], [list.data])
  const roomy = useRoomy()
  const [chosen, setChosen] = useState<ReadonlyMap<string, QueueRow>>(new Map())
  const [batch, setBatch] = useState<'approve' | 'return' | null>(null)
  const [helpOpen, setHelpOpen] = useState(false)
  const maySit = may(me, 'audit.decide') && tab !== 'returned'

  const write = useCallback((id: string | null) => set({ open: id }, { replace: true, keepPage: true }), [set])
  const { id: openId, here, open } = usePlace(state.open, write, tab)
  const current = rows.find(({ id }) => id === openId) ?? (roomy ? rows[0] : undefined)
  const at = current ? rows.indexOf(current) : -1
  here.current = current?.id

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was ticked belongs to one filter
  useEffect(() => setChosen(new Map()), [tab, JSON.stringify(applied), regionId])

  const toggle = useCallback((row: QueueRow) => {
    if (row.whyNot !== null) return
    setChosen((now) => {
      const next = new Map(now)
      if (!next.delete(row.id)) next.set(row.id, row)
      return next
    })
  }, [])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || batch !== null) return
      if (event.key === '?') return setHelpOpen(true)
      const now = rows.findIndex(({ id }) => id === here.current)
      const key = event.key.toLowerCase()
      const neighbour = key === 'j' ? rows[now + 1] : key === 'k' ? rows[now - 1] : undefined
      const row = rows[now]
      if (neighbour) open(neighbour.id)
      else if (key === 'x' && row && maySit) toggle(row)
      else if (event.key === '*' && maySit) setChosen((now) => allOrNone(now, rows))
      else if (key === 'b' && maySit && chosen.size > 0) {
        event.preventDefault()
        setBatch(event.shiftKey ? 'return' : 'approve')
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [rows, here, open, toggle, batch, chosen, maySit])

  /** After a decision the next row is opened, and everything counted anew. */
  function decided(outcomes: Outcomes): void {
    const gone = new Set(outcomes.outcomes.filter(({ ok }) => ok).map(({ visitId }) => visitId))
    setChosen((now) => new Map([...now].filter(([id]) => !gone.has(id))))
    const next =
      rows.slice(at + 1).find(({ id }) => !gone.has(id)) ??
      rows.slice(0, Math.max(at, 0)).findLast(({ id }) => !gone.has(id))
    if (current && gone.has(current.id)) open(next?.id ?? null)
    // also what is kept of each visit: in another queue its evidence is looked at again
    cache.invalidateQueries({ predicate: ({ queryKey: [path] }) => /^\/(audit|dashboard|visits)/.test(String(path)) })
  }

  const panel = current && (
    <EvidencePanel
      key={current.id}
      id={current.id}
      place={`${at + 1} / ${rows.length}`}
      mayDecide={may(me, 'audit.decide')}
      listening={batch === null && !helpOpen}
      onDecided={decided}
    />
  )
  return (
    <>
      <DeskFrame evidence={panel} onClose={() => open(null)}>
        <Page
          title="核实审核"
          actions={
            <KeyHints keys={KEYS}>
              <button type="button" className="txt" onClick={() => setHelpOpen(true)}>
                <kbd>?</kbd>全部
              </button>
            </KeyHints>
          }
        >
          <QueueTabs here={tab} from={applied.from} to={applied.to} />
          <FilterBar
            onSubmit={submit}
            onReset={reset}
            exits={<ExportButton path="/exports/audit" query={query} name="核实审核" />}
          >
            <Field label="从哪天">
              <DayInput value={draft.from} onChange={(value) => change('from', value)} />
            </Field>
            <Field label="到哪天">
              <DayInput value={draft.to} onChange={(value) => change('to', value)} />
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
          </FilterBar>
          {applied.memberId && (
            <p className="row" style={{ marginBottom: 8 }}>
              只看 {rows[0]?.memberName ?? '这位志愿者'} 的记录
              <button type="button" className="txt" onClick={() => set({ memberId: null })}>
                看全部
              </button>
            </p>
          )}
          {body()}
        </Page>
        {maySit && chosen.size > 0 && <BatchBar chosen={chosen} rows={rows} onDecide={setBatch} />}
      </DeskFrame>
      <BatchDialog
        decision={batch}
        chosen={[...chosen.values()]}
        leftOut={rows.filter(({ id, whyNot }) => whyNot !== null && !chosen.has(id))}
        onClose={() => setBatch(null)}
        onDecided={decided}
      />
      <KeysHelp open={helpOpen} onClose={() => setHelpOpen(false)} />
    </>
  )

  function body() {
    if (!list.data) return <div className="card">{<Unread of={list} rows={10} />}</div>
    if (rows.length === 0)
      return (
        <div className="card">
          <Empty icon="check-circle" title={tab === 'returned' ? '没有退回的记录' : '这里没有等待审核的记录'}>
            <p className="t3">老人确认以后，记录会自动出现在这里。</p>
          </Empty>
        </div>
      )
    return (
      <>
        <QueueTable
          rows={rows}
          current={current?.id}
          chosen={chosen}
          selectable={maySit}
          onOpen={open}
          onToggle={toggle}
          onChooseAll={setChosen}
        />
        <Paging next={list.data.next} />
      </>
    )
  }
}

/** All of the page that may go into a batch, or none when all of them are ticked. */
function allOrNone(now: ReadonlyMap<string, QueueRow>, rows: readonly QueueRow[]): ReadonlyMap<string, QueueRow> {
  const free = rows.filter(({ whyNot }) => whyNot === null)
  if (free.every(({ id }) => now.has(id))) return new Map()
  return new Map([...now, ...free.map((row) => [row.id, row] as const)])
}

function BatchBar({
  chosen,
  rows,
  onDecide,
}: {
  chosen: ReadonlyMap<string, QueueRow>
  rows: readonly QueueRow[]
  onDecide: (decision: 'approve' | 'return') => void
}) {
  const { n, seconds, milliPoints } = sumOf([...chosen.values()])
  const leftOut = rows.filter(({ whyNot }) => whyNot !== null).length
  return (
    <section className="batch" aria-label="批量处理">
      <span className="num">
        <b className="strong">已选 {n} 条</b>：{hours(seconds)} 小时，{points(milliPoints)} 分
      </span>
      <span className="t3">本页有 {leftOut} 条不能批量处理，已排除</span>
      <span className="grow" />
      <Button danger onClick={() => onDecide('return')}>
        退回
      </Button>
      <Button type="primary" onClick={() => onDecide('approve')}>
        通过 {n} 条
      </Button>
    </section>
  )
}

const KEYS = [
  ['J K', '上下'],
  ['X', '选中'],
  ['*', '全选'],
  ['B', '批量'],
  ['A', '通过'],
  ['R', '退回'],
] as const

const SHORTCUTS = [
  ['J / K', '下一条 / 上一条'],
  ['[ / ]', '上一个队列 / 下一个队列'],
  ['X', '选中或取消选中这一条'],
  ['*', '选中本页全部可批量的；再按取消'],
  ['B / Shift+B', '批量通过 / 批量退回选中的，回车确认'],
  ['1–9', '选理由'],
  ['A', '换到“通过”；已在“通过”时，按选好的理由通过'],
  ['R', '换到“退回”；已在“退回”时，按选好的理由退回'],
  ['/', '找老人、志愿者'],
  ['?', '这张表'],
] as const

function KeysHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Modal open={open} onCancel={onClose} footer={null} title="键盘">
      <table className="plain">
        <tbody>
          {SHORTCUTS.map(([key, words]) => (
            <tr key={key}>
              <th scope="row" style={{ width: 90 }}>
                <kbd>{key}</kbd>
              </th>
              <td>{words}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  )
}
