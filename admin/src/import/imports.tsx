import { useQueryClient } from '@tanstack/react-query'
import { Button, Upload } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { IMPORT_KINDS, type ImportKindCode } from '../../../shared/import/kinds'
import { IMPORT_ROWS_MAX } from '../../../shared/import/limits'
import type { ImportCheck, ImportDone, ImportLine, ImportState, ImportView } from '../../../shared/import/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { Icon } from '../components/icon'
import { Page, Section } from '../components/page'
import { Empty, NoPermission, Refused } from '../components/states'
import { Status } from '../components/status'
import { download, post } from '../core/call'
import { dayClock } from '../core/format'
import { newId } from '../core/new-id'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useAction, useTell } from '../core/use-action'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { base64Of } from '../paper/file'

const WORDS: Record<ImportState, string> = { new: '新登记', update: '补上缺的', skip: '已经有了', error: '有问题' }
const TONES = { new: 'ok', update: 'wait', skip: 'none', error: 'bad' } as const
const STATES = Object.entries(WORDS).map(([value, label]) => ({ value, label }))
const SHOWN_AT_ONCE = 200

/** What was picked: under one id, however often its button is pressed. */
type Picked = {
  id: string
  kind: ImportKindCode
  name: string
  file: string
  check: ImportCheck
  done: ImportDone | null
}

const KINDS = Object.entries(IMPORT_KINDS).map(([value, { word }]) => ({ value, label: word }))
/** What is only asked for when it comes in: a second person agrees to it. */
const isAsked = (kind: ImportKindCode) => kind === 'balances'
/** Where what was brought in is to be seen. */
const HOMES: Record<ImportKindCode, { to: string; label: string }> = {
  elders: { to: '/elders', label: '老人' },
  members: { to: '/members', label: '志愿者' },
  assessments: { to: '/elders', label: '老人' },
  organisations: { to: '/organisations', label: '互助点和组织' },
  records: { to: '/records', label: '培训奖励保险' },
  ratings: { to: '/ratings', label: '服务评价' },
  balances: { to: '/point-requests?tab=requests', label: '申请与发放' },
}

export default function ImportsPage() {
  const me = useMe()
  const scoped = useScoped()
  const [state, setState] = useUrlState()
  const kind: ImportKindCode =
    state.kind !== undefined && state.kind in IMPORT_KINDS ? (state.kind as ImportKindCode) : 'elders'
  const home = HOMES[kind]
  const back = { to: scoped(home.to), label: home.label }
  const title = `从表格导入${IMPORT_KINDS[kind].word}`
  const [picked, setPicked] = useState<Picked | null>(null)
  if (!may(me, 'import.keep'))
    return (
      <Page title={title} back={back}>
        <NoPermission />
      </Page>
    )
  return (
    <Page title={title} back={back}>
      <div className="stack">
        <div className="row">
          <Choice
            label="导入什么"
            value={kind}
            options={KINDS.filter(({ value }) => may(me, 'points.askGrant') || !isAsked(value as ImportKindCode))}
            onChange={(value) => {
              setPicked(null)
              setState({ kind: value, cursor: undefined })
            }}
          />
        </div>
        <Pick key={kind} kind={kind} onPicked={setPicked} />
        {picked !== null && (
          <Judged key={picked.id} picked={picked} onDone={(done) => setPicked({ ...picked, done })} />
        )}
        <Batches kind={kind} />
      </div>
    </Page>
  )
}

function Pick({ kind, onPicked }: { kind: ImportKindCode; onPicked: (picked: Picked) => void }) {
  const template = useAction(() => download('/imports/template', { kind }, `${IMPORT_KINDS[kind].word}导入模板.xlsx`))
  const check = useAction(async (file: File) => {
    const text = await base64Of(file)
    onPicked({
      id: newId(),
      kind,
      name: file.name,
      file: text,
      check: await post('/imports/check', { kind, file: text }),
      done: null,
    })
  })
  return (
    <Section title="表格" note={`Excel 表或 CSV，一次最多 ${IMPORT_ROWS_MAX} 行；先看一遍，再决定导不导`}>
      <div className="row">
        <Button loading={template.busy} icon={<Icon name="export" size={18} />} onClick={() => template.run()}>
          下载模板
        </Button>
        <Upload
          accept=".xlsx,.csv"
          showUploadList={false}
          beforeUpload={(file) => {
            void check.run(file)
            return false
          }}
        >
          <Button type="primary" loading={check.busy} icon={<Icon name="table" size={18} />}>
            选一张填好的表
          </Button>
        </Upload>
      </div>
      <Refused failure={template.failure ?? check.failure} />
    </Section>
  )
}

function Judged({ picked, onDone }: { picked: Picked; onDone: (done: ImportDone) => void }) {
  const { id, kind, name, file, check, done } = picked
  const { word, unit } = IMPORT_KINDS[kind]
  const { counts, lines } = done ?? check
  const [only, setOnly] = useState<string | undefined>(counts.error > 0 ? 'error' : undefined)
  const cache = useQueryClient()
  const tell = useTell()
  const apply = useAction(
    () => post<ImportDone>('/imports', { id, kind, file, fileName: name }),
    (result) => {
      cache.invalidateQueries()
      tell(
        isAsked(kind)
          ? `提出了：${result.counts.new} ${unit}的余额，等另一个人同意`
          : `导入好了：新登记 ${result.counts.new} ${unit}，补上 ${result.counts.update} ${unit}`,
      )
      onDone(result)
    },
  )
  const faults = useAction(() => download('/imports/faults', undefined, `没导入的${word}.xlsx`, { kind, file }))
  const shown = lines.filter(({ state }) => only === undefined || state === only)
  const writes = counts.new + counts.update
  return (
    <Section
      title={name}
      note={done === null ? '还没有导入' : isAsked(kind) ? '提出了，在“申请与发放”里由另一个人同意' : '导入好了'}
    >
      <div className="row">
        <div className="row" role="status">
          {STATES.map(({ value, label }) => (
            <Status key={value} tone={TONES[value as ImportState]}>
              {label} {counts[value as ImportState]} 行
            </Status>
          ))}
        </div>
        <span className="grow" />
        {done === null && (
          <Button type="primary" disabled={writes === 0} loading={apply.busy} onClick={() => apply.run()}>
            {isAsked(kind) ? '提出' : '导入'} {writes} {unit}
          </Button>
        )}
      </div>
      <Refused failure={apply.failure ?? faults.failure} />
      <DataTable
        name="import-lines"
        label="表格的行"
        columns={lineColumns(kind)}
        rows={shown.slice(0, SHOWN_AT_ONCE)}
        rowKey={({ line }) => String(line)}
        loading={apply.busy}
        empty={<Empty icon="check-circle" title="没有这样的行" next="换一种结果再看。" />}
        tools={<Choice label="看哪些行" all="全部行" value={only} onChange={setOnly} options={STATES} />}
        exits={
          counts.error > 0 && (
            <Button loading={faults.busy} icon={<Icon name="export" size={18} />} onClick={() => faults.run()}>
              下载有问题的 {counts.error} 行
            </Button>
          )
        }
      />
      {shown.length > SHOWN_AT_ONCE && (
        <p className="t3">
          这里只列前 {SHOWN_AT_ONCE} 行，一共 {shown.length} 行。
        </p>
      )}
    </Section>
  )
}

const lineColumns = (kind: ImportKindCode): Column<ImportLine>[] => [
  { key: 'line', title: '行', align: 'right', render: ({ line }) => line },
  { key: 'name', title: '名称', fixed: true, render: (line) => <Named kind={kind} line={line} /> },
  { key: 'state', title: '结果', render: ({ state }) => <Status tone={TONES[state]}>{WORDS[state]}</Status> },
  {
    key: 'notes',
    title: '说明',
    render: ({ notes }) => notes.map(({ column, sentence }) => `${column}：${sentence}`).join('；') || '—',
  },
]

/** Who is in the register already can be looked at. */
function Named({ kind, line: { name, subjectId, state } }: { kind: ImportKindCode; line: ImportLine }) {
  const scoped = useScoped()
  const page = { elders: '/elders', members: '/members' }[kind as string]
  const isThere = page !== undefined && subjectId !== null && (state === 'update' || state === 'skip')
  return isThere ? (
    <Link className="txt" to={scoped(`${page}/${subjectId}`)}>
      {name}
    </Link>
  ) : (
    name || '—'
  )
}

/** What came in before, and the way back while nothing was done with it. */
function Batches({ kind }: { kind: ImportKindCode }) {
  const { regionId } = useScope()
  const [state] = useUrlState()
  const list = useList<ImportView>('/imports', { regionId, kind, cursor: state.cursor, limit: 50 })
  const columns: Column<ImportView>[] = [
    { key: 'at', title: '时间', render: ({ at }) => <span className="nb">{dayClock(at)}</span> },
    { key: 'file', title: '表格', fixed: true, render: ({ fileName }) => fileName },
    { key: 'by', title: '经手人', render: ({ byName }) => byName },
    ...STATES.map(({ value, label }) => ({
      key: value,
      title: label,
      align: 'right' as const,
      render: ({ counts }: ImportView) => counts[value as ImportState],
    })),
    { key: 'undo', title: '撤销', render: (batch) => <Undo batch={batch} /> },
  ]
  return (
    <Section title="导入过的">
      <DataTable
        name="imports"
        label="导入过的表格"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={<Empty icon="table" title="还没有导入过表格" next="先下载模板，填好了在上面选。" />}
      />
    </Section>
  )
}

function Undo({ batch }: { batch: ImportView }) {
  const cache = useQueryClient()
  const tell = useTell()
  const [sure, setSure] = useState(false)
  const undo = useAction(
    () => post(`/imports/${batch.id}/undo`),
    () => {
      cache.invalidateQueries()
      tell('这次导入撤销了')
    },
  )
  if (batch.undoneAt !== null) return <Status tone="none">{dayClock(batch.undoneAt)} 撤销了</Status>
  if (batch.canUndoUntil === null) return <span className="t3">不能撤销了</span>
  return (
    <>
      <Button danger={sure} loading={undo.busy} onClick={() => (sure ? undo.run() : setSure(true))}>
        {sure ? '真的撤销' : '撤销'}
      </Button>
      <Refused failure={undo.failure} />
    </>
  )
}
