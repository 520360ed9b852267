import { useQueryClient } from '@tanstack/react-query'
import { Button, Upload } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { IMPORT_ROWS_MAX } from '../../../shared/import/limits'
import type { ImportCheck, ImportDone, ImportLine, ImportState, ImportView } from '../../../shared/import/view'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { Icon } from '../components/icon'
import { Page, Section } from '../components/page'
import { Paging } from '../components/paging'
import { Empty, NoPermission, Refused } from '../components/states'
import { Status } from '../components/status'
import { download, post } from '../core/call'
import { dayClock } from '../core/format'
import { newId } from '../core/new-id'
import { may } from '../core/powers'
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
type Picked = { id: string; name: string; file: string; check: ImportCheck; done: ImportDone | null }

export default function ImportsPage() {
  const me = useMe()
  const scoped = useScoped()
  const back = { to: scoped('/elders'), label: '老人' }
  const [picked, setPicked] = useState<Picked | null>(null)
  if (!may(me, 'enrol'))
    return (
      <Page title="从表格导入老人" back={back}>
        <NoPermission />
      </Page>
    )
  return (
    <Page title="从表格导入老人" back={back}>
      <div className="stack">
        <Pick onPicked={setPicked} />
        {picked !== null && (
          <Judged key={picked.id} picked={picked} onDone={(done) => setPicked({ ...picked, done })} />
        )}
        <Batches />
      </div>
    </Page>
  )
}

function Pick({ onPicked }: { onPicked: (picked: Picked) => void }) {
  const template = useAction(() => download('/imports/template', undefined, '老人导入模板.xlsx'))
  const check = useAction(async (file: File) => {
    const text = await base64Of(file)
    onPicked({
      id: newId(),
      name: file.name,
      file: text,
      check: await post('/imports/check', { file: text }),
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
  const { id, name, file, check, done } = picked
  const { counts, lines } = done ?? check
  const [only, setOnly] = useState<string | undefined>(counts.error > 0 ? 'error' : undefined)
  const cache = useQueryClient()
  const tell = useTell()
  const apply = useAction(
    () => post<ImportDone>('/imports', { id, file, fileName: name }),
    (result) => {
      cache.invalidateQueries()
      tell(`导入好了：新登记 ${result.counts.new} 位，补上 ${result.counts.update} 位`)
      onDone(result)
    },
  )
  const faults = useAction(() => download('/imports/faults', undefined, '没导入的老人.xlsx', { file }))
  const shown = lines.filter(({ state }) => only === undefined || state === only)
  const writes = counts.new + counts.update
  return (
    <Section title={name} note={done === null ? '还没有导入' : '导入好了'}>
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
            导入 {writes} 位
          </Button>
        )}
      </div>
      <Refused failure={apply.failure ?? faults.failure} />
      <DataTable
        name="import-lines"
        label="表格的行"
        columns={LINE_COLUMNS}
        rows={shown.slice(0, SHOWN_AT_ONCE)}
        rowKey={({ line }) => String(line)}
        loading={apply.busy}
        error={null}
        retry={() => undefined}
        empty={<Empty icon="check-circle" title="没有这样的行" />}
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

const LINE_COLUMNS: Column<ImportLine>[] = [
  { key: 'line', title: '行', align: 'right', render: ({ line }) => line },
  { key: 'name', title: '姓名', fixed: true, render: (line) => <Named line={line} /> },
  { key: 'state', title: '结果', render: ({ state }) => <Status tone={TONES[state]}>{WORDS[state]}</Status> },
  {
    key: 'notes',
    title: '说明',
    render: ({ notes }) => notes.map(({ column, sentence }) => `${column}：${sentence}`).join('；') || '—',
  },
]

function Named({ line: { maskedName, elderId, state } }: { line: ImportLine }) {
  const scoped = useScoped()
  const isThere = elderId !== null && (state === 'update' || state === 'skip')
  return isThere ? (
    <Link className="txt" to={scoped(`/elders/${elderId}`)}>
      {maskedName}
    </Link>
  ) : (
    maskedName || '—'
  )
}

/** What came in before, and the way back while nothing was done with it. */
function Batches() {
  const { regionId } = useScope()
  const [state] = useUrlState()
  const list = useList<ImportView>('/imports', { regionId, cursor: state.cursor, limit: 50 })
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
        rows={list.data?.items}
        rowKey={({ id }) => id}
        loading={list.isFetching}
        error={list.error}
        retry={() => list.refetch()}
        empty={<Empty icon="table" title="还没有导入过表格" />}
        paging={<Paging next={list.data?.next} />}
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
  if (batch.canUndoUntil === null) return <span className="t3">过了时限</span>
  return (
    <>
      <Button danger={sure} loading={undo.busy} onClick={() => (sure ? undo.run() : setSure(true))}>
        {sure ? '真的撤销' : '撤销'}
      </Button>
      <Refused failure={undo.failure} />
    </>
  )
}
