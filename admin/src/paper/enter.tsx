import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Upload } from 'antd'
import { useState } from 'react'
import { IMPORT_ROWS_MAX } from '../../../shared/import/limits'
import type { PaperLineInput } from '../../../shared/paper/input'
import { readSheetLine, SIGNER_WORDS } from '../../../shared/paper/rules'
import type { PaperCheck, PaperDone, PaperLineView } from '../../../shared/paper/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { Icon } from '../components/icon'
import { Page, Section } from '../components/page'
import { PersonPicker } from '../components/person-picker'
import { Empty, Failed, NoPermission, Refused } from '../components/states'
import { Status } from '../components/status'
import { download, post } from '../core/call'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { recentMonths, thisMonth, today } from '../core/today'
import { useAction, useTell } from '../core/use-action'
import { useOne } from '../core/use-list'
import { base64Of } from './file'

const WORDS = { new: '可以补录', skip: '录过了', error: '有问题' } as const
const TONES = { new: 'ok', skip: 'none', error: 'bad' } as const

/** Lines under one id, however often the button is pressed. */
type Draft = { id: string; body: { lines?: PaperLineInput[]; file?: string; fileName?: string }; check: PaperCheck }

export default function EnterPaperPage() {
  const me = useMe()
  const scoped = useScoped()
  const back = { to: scoped('/papers'), label: '纸单补录' }
  const [draft, setDraft] = useState<Draft | null>(null)
  const [lines, setLines] = useState<PaperLineInput[]>([])
  const check = useAction(async (body: Draft['body']) => {
    const { fileName: _name, ...asked } = body
    setDraft({ id: newId(), body, check: await post<PaperCheck>('/papers/check', asked) })
  })
  if (!may(me, 'paper.enter'))
    return (
      <Page title="补录纸单" back={back}>
        <NoPermission />
      </Page>
    )
  const add = (line: PaperLineInput) => {
    const next = [...lines, line]
    setLines(next)
    void check.run({ lines: next })
  }
  return (
    <Page title="补录纸单" back={back}>
      <div className="stack">
        <Print />
        <Section title="从表格补录" note={`Excel 表或 CSV，一次最多 ${IMPORT_ROWS_MAX} 行`}>
          <div className="row">
            <Button
              icon={<Icon name="export" size={18} />}
              onClick={() => void download('/papers/template', undefined, '纸单补录模板.xlsx')}
            >
              下载模板
            </Button>
            <Upload
              accept=".xlsx,.csv"
              showUploadList={false}
              beforeUpload={(file) => {
                void base64Of(file).then((text) => check.run({ file: text, fileName: file.name }))
                return false
              }}
            >
              <Button loading={check.busy} icon={<Icon name="table" size={18} />}>
                选一张填好的表
              </Button>
            </Upload>
          </div>
        </Section>
        <OneLine onAdd={add} />
        <Refused failure={check.failure} />
        {draft !== null && (
          <Judged
            key={draft.id}
            draft={draft}
            onDone={() => {
              setLines([])
            }}
          />
        )}
      </div>
    </Page>
  )
}

/** A sheet to write on, for an elder or for a helper. */
function Print() {
  const { regionId } = useScope()
  const [kind, setKind] = useState('elder')
  const [who, setWho] = useState<string | undefined>()
  const [month, setMonth] = useState(thisMonth())
  const print = useAction(() =>
    download('/papers/sheet', { [kind === 'elder' ? 'elderId' : 'memberId']: who, month }, `登记单-${month}.pdf`),
  )
  return (
    <Section title="打印登记单" note="一位老人或一位志愿者一个月一张，每行一个码">
      <div className="row" style={{ alignItems: 'flex-start' }}>
        <Choice
          label="给谁"
          value={kind}
          onChange={(next) => {
            setKind(next ?? 'elder')
            setWho(undefined)
          }}
          options={[
            { value: 'elder', label: '老人的登记单' },
            { value: 'member', label: '志愿者的登记单' },
          ]}
        />
        <Choice
          label="哪个月"
          value={month}
          onChange={(next) => setMonth(next ?? thisMonth())}
          options={recentMonths(1)}
        />
        <div style={{ minWidth: 260 }}>
          <PersonPicker
            key={kind}
            optional
            path={kind === 'elder' ? '/elders' : '/members'}
            narrow={{ regionId }}
            value={who}
            onChange={setWho}
          />
        </div>
        <Button loading={print.busy} disabled={who === undefined} onClick={() => print.run()}>
          打印
        </Button>
      </div>
      <Refused failure={print.failure} />
    </Section>
  )
}

interface LineForm {
  sheetLine?: string
  elderId: string
  memberId: string
  serviceId: string
  day: string
  from: string
  to: string
  signedBy: PaperLineInput['signedBy']
}
const TIME = { required: true, pattern: /^([01]\d|2[0-3]):[0-5]\d$/, message: '请写成 09:05 这样' }

function OneLine({ onAdd }: { onAdd: (line: PaperLineInput) => void }) {
  const [form] = Form.useForm<LineForm>()
  const { regionId } = useScope()
  const services = useOne<{ id: string; name: string }[]>('/services')
  const line = readSheetLine(Form.useWatch('sheetLine', form) ?? '')
  const scanned = (code: string) => {
    const read = readSheetLine(code)
    if (read !== null) form.setFieldsValue(read.kind === 'elder' ? { elderId: read.id } : { memberId: read.id })
  }
  return (
    <Section title="照着纸单一行一行录">
      {services.isError && <Failed error={services.error} retry={() => services.refetch()} />}
      <Form<LineForm>
        form={form}
        layout="vertical"
        requiredMark={false}
        className="form"
        autoComplete="off"
        initialValues={{ signedBy: 'elder', day: today() }}
        onFinish={({ sheetLine, ...line }) => {
          onAdd({ ...line, ...(sheetLine ? { sheetLine } : {}) })
          form.setFieldsValue({ sheetLine: '', from: '', to: '' })
        }}
      >
        <Form.Item name="sheetLine" label="扫这一行的码（没有就不填）">
          <Input maxLength={80} onChange={(event) => scanned(event.target.value)} />
        </Form.Item>
        <div className="pair">
          <Form.Item name="elderId" label={line?.kind === 'elder' ? '老人（行码认出来了）' : '老人'} rules={REQUIRED}>
            <PersonPicker path="/elders" narrow={{ regionId }} optional />
          </Form.Item>
          <Form.Item
            name="memberId"
            label={line?.kind === 'member' ? '志愿者（行码认出来了）' : '志愿者'}
            rules={REQUIRED}
          >
            <PersonPicker path="/members" narrow={{ regionId }} optional />
          </Form.Item>
        </div>
        <div className="pair">
          <Form.Item name="day" label="日期" rules={REQUIRED}>
            <DayInput />
          </Form.Item>
          <Form.Item name="serviceId" label="做了什么" rules={REQUIRED}>
            <Choice options={services.data?.map(({ id, name }) => ({ value: id, label: name }))} />
          </Form.Item>
        </div>
        <div className="pair">
          <Form.Item name="from" label="开始" rules={[TIME]}>
            <Input maxLength={5} placeholder="09:05" />
          </Form.Item>
          <Form.Item name="to" label="结束" rules={[TIME]}>
            <Input maxLength={5} placeholder="10:10" />
          </Form.Item>
        </div>
        <Form.Item name="signedBy" label="老人签字" rules={REQUIRED}>
          <Choice options={Object.entries(SIGNER_WORDS).map(([value, label]) => ({ value, label }))} />
        </Form.Item>
        <Button htmlType="submit">加这一行</Button>
      </Form>
    </Section>
  )
}

function Judged({ draft, onDone }: { draft: Draft; onDone: () => void }) {
  const cache = useQueryClient()
  const tell = useTell()
  const [reason, setReason] = useState('')
  const [done, setDone] = useState<PaperDone | null>(null)
  const enter = useAction(
    () => post<PaperDone>('/papers', { id: draft.id, reason, ...draft.body }),
    (result) => {
      cache.invalidateQueries()
      tell(`补录了 ${result.paper?.lines ?? 0} 行，等另一个人批准`)
      setDone(result)
      onDone()
    },
  )
  const { counts, left, lines } = draft.check
  return (
    <Section title={done === null ? '看一遍' : '录好了'} note={`这个月您还能补录 ${left} 行`}>
      <div className="row">
        <div className="row" role="status">
          {(['new', 'skip', 'error'] as const).map((state) => (
            <Status key={state} tone={TONES[state]}>
              {WORDS[state]} {counts[state]} 行
            </Status>
          ))}
        </div>
        <span className="grow" />
        {done === null && (
          <>
            <Input
              aria-label="为什么补录"
              placeholder="为什么补录，例如：村里没有信号"
              style={{ width: 280 }}
              maxLength={100}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
            <Button
              type="primary"
              disabled={counts.new === 0 || reason.trim() === ''}
              loading={enter.busy}
              onClick={() => enter.run()}
            >
              补录 {counts.new} 行
            </Button>
          </>
        )}
      </div>
      {done !== null && <p className="note">接着到「纸单补录」里附上照片，等另一个人批准。</p>}
      <Refused failure={enter.failure} />
      <DataTable
        name="paper-check"
        label="要补录的行"
        columns={COLUMNS}
        rows={(done ?? draft.check).lines.slice(0, 200)}
        rowKey={({ line }) => String(line)}
        loading={enter.busy}
        empty={<Empty icon="table" title="还没有行" next="在上面一行一行录，或者选一张填好的表。" />}
      />
      {lines.length > 200 && <p className="t3">这里只列前 200 行，一共 {lines.length} 行。</p>}
    </Section>
  )
}

const COLUMNS: Column<PaperLineView>[] = [
  { key: 'line', title: '行', align: 'right', render: ({ line }) => line },
  { key: 'elder', title: '老人', fixed: true, render: ({ elderName }) => elderName || '—' },
  { key: 'member', title: '志愿者', render: ({ memberName }) => memberName || '—' },
  { key: 'service', title: '做了什么', render: ({ serviceName }) => serviceName || '—' },
  { key: 'day', title: '日期', render: ({ day }) => <span className="nb">{day}</span> },
  { key: 'time', title: '时间', render: ({ from, to }) => <span className="nb">{`${from}–${to}`}</span> },
  { key: 'state', title: '结果', render: ({ state }) => <Status tone={TONES[state]}>{WORDS[state]}</Status> },
  {
    key: 'notes',
    title: '说明',
    render: ({ notes }) => notes.map(({ column, sentence }) => `${column}：${sentence}`).join('；') || '—',
  },
]
