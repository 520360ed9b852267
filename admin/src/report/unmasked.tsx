import { Button, Form, Input } from 'antd'
import { useRef, useState } from 'react'
import type { ExportRequestView } from '../../../shared/report/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { FormDialog } from '../components/form'
import { Page } from '../components/page'
import { RegionPicker } from '../components/region-picker'
import { Empty, NoPermission, Refused } from '../components/states'
import { Status, type Tone } from '../components/status'
import { download, post } from '../core/call'
import { fullTime } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useMe } from '../core/session'
import { useAction, useTell } from '../core/use-action'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { optionsOf } from '../core/words'

const KINDS = { elders: '老人名单', members: '志愿者名单' }
const STATES: Record<ExportRequestView['state'], { tone: Tone; words: string }> = {
  asked: { tone: 'wait', words: '等另一个人同意' },
  agreed: { tone: 'ok', words: '可以下载一次' },
  refused: { tone: 'none', words: '没有同意' },
  fetched: { tone: 'none', words: '下载过了' },
  expired: { tone: 'none', words: '过期了' },
}

/** 不打码的导出: one asks and says what for, another one agrees, and it is fetched once. */
export default function UnmaskedPage() {
  const me = useMe()
  const tell = useTell()
  const [url] = useUrlState()
  const list = useList<ExportRequestView>(
    '/unmasked-exports',
    { cursor: url.cursor, limit: 50 },
    may(me, 'unmasked.read'),
  )
  const [asking, setAsking] = useState(false)
  const key = useRef(newId())
  const refresh = () => void list.refetch()
  const decide = useAction(
    ({ id }: ExportRequestView, agreed: boolean) => post(`/unmasked-exports/${id}/decision`, { agreed }),
    refresh,
  )
  const take = useAction(
    ({ id, kind }: ExportRequestView) =>
      download(`/unmasked-exports/${id}/file`, undefined, `${KINDS[kind]}（不打码）.xlsx`, {}),
    () => {
      tell('下载好了，用完请删掉')
      refresh()
    },
  )
  if (!may(me, 'unmasked.read'))
    return (
      <Page title="不打码的导出">
        <NoPermission />
      </Page>
    )
  const columns: Column<ExportRequestView>[] = [
    { key: 'at', title: '时间', fixed: true, render: (one) => <span className="nb">{fullTime(one.askedAt)}</span> },
    { key: 'kind', title: '要什么', fixed: true, render: (one) => <span className="strong">{KINDS[one.kind]}</span> },
    { key: 'place', title: '哪里', render: (one) => one.regionName },
    { key: 'purpose', title: '用途', render: (one) => one.purpose },
    { key: 'by', title: '谁申请', render: (one) => one.askedByName },
    { key: 'decided', title: '谁同意', render: (one) => one.decidedByName ?? '—' },
    {
      key: 'state',
      title: '状态',
      fixed: true,
      render: (one) => <Status tone={STATES[one.state].tone}>{STATES[one.state].words}</Status>,
    },
    { key: 'until', title: '有效到', render: (one) => <span className="nb">{fullTime(one.expiresAt)}</span> },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) => <Acts request={one} decide={(agreed) => decide.run(one, agreed)} take={() => take.run(one)} />,
    },
  ]
  return (
    <Page
      title="不打码的导出"
      note="平时导出的都打码；不打码的要写用途、另一个人同意，只能下载一次，没有身份证号"
      actions={may(me, 'unmasked.ask') && <Button onClick={() => setAsking(true)}>申请导出</Button>}
    >
      <Refused failure={decide.failure ?? take.failure} />
      <DataTable
        name="unmasked-exports"
        label="不打码的导出"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <Empty icon="export" title="没有人申请过" next="名单平时打码导出；确要原样的，写清用途，由另一人同意。" />
        }
      />
      <FormDialog<{ kind: string; regionId: string; purpose: string }, unknown>
        title="申请不打码的导出"
        open={asking}
        okText="申请"
        onClose={() => setAsking(false)}
        note={<p>姓名、电话、住址都看得到，文件上有您的名字和时间。用完请删掉。</p>}
        submit={(values) => post('/unmasked-exports', { id: key.current, ...values })}
        done={() => {
          key.current = newId()
          tell('申请了，请另一个人同意')
          refresh()
        }}
      >
        <Form.Item name="kind" label="要什么" rules={REQUIRED}>
          <Choice options={optionsOf(KINDS)} />
        </Form.Item>
        <Form.Item name="regionId" label="哪里" rules={REQUIRED}>
          <RegionPicker />
        </Form.Item>
        <Form.Item name="purpose" label="用途" help="会记入操作日志" rules={REQUIRED}>
          <Input maxLength={100} />
        </Form.Item>
      </FormDialog>
    </Page>
  )
}

interface ActsProps {
  request: ExportRequestView
  decide: (agreed: boolean) => void
  take: () => void
}

function Acts({ request, decide, take }: ActsProps) {
  const about = `${KINDS[request.kind]} ${request.regionName}`
  if (request.mayFetch)
    return (
      <button type="button" className="txt" aria-label={`下载 ${about}`} onClick={take}>
        下载
      </button>
    )
  if (!request.mayDecide) return <>—</>
  return (
    <span className="row" style={{ gap: 8 }}>
      <button type="button" className="txt" aria-label={`同意 ${about}`} onClick={() => decide(true)}>
        同意
      </button>
      <button type="button" className="txt" aria-label={`不同意 ${about}`} onClick={() => decide(false)}>
        不同意
      </button>
    </span>
  )
}
