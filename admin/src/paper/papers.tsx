import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Modal, Radio, Upload } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { SIGNER_WORDS, type Signer } from '../../../shared/paper/rules'
import type { PaperDetail, PaperLineView, PaperView } from '../../../shared/paper/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { FormDialog } from '../components/form'
import { LinkButton } from '../components/link-button'
import { Page } from '../components/page'
import { Empty, Failed, Loading, Refused } from '../components/states'
import { Status } from '../components/status'
import { fetchFile, post } from '../core/call'
import { dayClock } from '../core/format'
import { newId } from '../core/new-id'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useAction, useTell } from '../core/use-action'
import { useList, useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { base64Of } from './file'

const STATES = {
  waiting: { words: '等批准', tone: 'wait' },
  approving: { words: '正在写入', tone: 'wait' },
  approved: { words: '已批准', tone: 'ok' },
  rejected: { words: '已退回', tone: 'none' },
} as const
const FILTER = (['waiting', 'approved', 'rejected'] as const).map((value) => ({ value, label: STATES[value].words }))

/** 纸单补录: what was entered from paper, and what a second person says to it. */
export default function PapersPage() {
  const me = useMe()
  const scoped = useScoped()
  const { regionId } = useScope()
  const [state, setState] = useUrlState()
  const list = useList<PaperView>('/papers', { regionId, state: state.state, cursor: state.cursor, limit: 50 })
  const [shown, setShown] = useState<string | null>(null)
  const columns: Column<PaperView>[] = [
    { key: 'at', title: '录入时间', render: ({ enteredAt }) => <span className="nb">{dayClock(enteredAt)}</span> },
    { key: 'by', title: '录入人', fixed: true, render: ({ enteredByName }) => enteredByName },
    { key: 'place', title: '村', render: ({ regionName }) => <span className="nb">{regionName}</span> },
    { key: 'lines', title: '行数', align: 'right', render: ({ lines }) => lines },
    { key: 'pictures', title: '照片', align: 'right', render: ({ pictures }) => pictures },
    {
      key: 'reason',
      title: '为什么补录',
      render: ({ reason, fileName }) => [reason, fileName].filter(Boolean).join('，'),
    },
    {
      key: 'state',
      title: '结果',
      render: (one) => (
        <Status tone={STATES[one.state].tone}>
          {STATES[one.state].words}
          {one.decisionNote && `，${one.decisionNote}（${one.decidedByName}）`}
        </Status>
      ),
    },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) => (
        <Button onClick={() => setShown(one.id)} aria-label={`看 ${dayClock(one.enteredAt)} 的补录`}>
          {one.whyNot === null ? '核对并批准' : '看'}
        </Button>
      ),
    },
  ]
  return (
    <Page
      title="纸单补录"
      note="一个人录，另一个人批；批准以后才算服务，凭证是 L0"
      actions={may(me, 'paper.enter') && <LinkButton to={scoped('/papers/new')}>补录纸单</LinkButton>}
    >
      <DataTable
        name="papers"
        label="补录"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <Empty icon="table" title="没有这样的补录" next="没有信号、没有手机的服务，先写在纸上，再到这里补录。" />
        }
        tools={
          <Choice
            label="看哪些"
            all="全部"
            value={state.state}
            onChange={(next) => setState({ state: next, cursor: undefined })}
            options={FILTER}
          />
        }
      />
      {shown !== null && <PaperDialog id={shown} onClose={() => setShown(null)} />}
    </Page>
  )
}

const LINES: Column<PaperLineView>[] = [
  { key: 'line', title: '行', align: 'right', render: ({ line }) => line },
  { key: 'day', title: '日期', render: ({ day }) => <span className="nb">{day}</span> },
  { key: 'time', title: '时间', render: ({ from, to }) => <span className="nb">{`${from}–${to}`}</span> },
  { key: 'minutes', title: '分钟', align: 'right', render: ({ minutes }) => minutes ?? '—' },
  { key: 'elder', title: '老人', fixed: true, render: ({ elderName }) => elderName },
  { key: 'member', title: '志愿者', render: ({ memberName }) => memberName },
  { key: 'service', title: '做了什么', render: ({ serviceName }) => serviceName },
  { key: 'signed', title: '签字', render: ({ signedBy }) => SIGNER_WORDS[signedBy as Signer] ?? signedBy },
]

function PaperDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const paper = useOne<PaperDetail>(`/papers/${id}`)
  const [deciding, setDeciding] = useState(false)
  return (
    <Modal title="这一批补录" open onCancel={onClose} footer={null} width={960}>
      {paper.isError && <Failed error={paper.error} retry={() => paper.refetch()} />}
      {paper.data === undefined ? (
        !paper.isError && <Loading />
      ) : (
        <div className="stack">
          <p className="t2">
            {paper.data.enteredByName} {dayClock(paper.data.enteredAt)} 录入，{paper.data.lines} 行：{paper.data.reason}
          </p>
          <Pictures paper={paper.data} />
          <DataTable
            name="paper-lines"
            label="纸单的行"
            columns={LINES}
            rows={paper.data.detail}
            rowKey={({ line }) => String(line)}
            empty={<Empty icon="table" title="没有行" next="这一份里没有可以补录的内容。" />}
          />
          <div className="row">
            {paper.data.whyNot === null ? (
              <Button type="primary" onClick={() => setDeciding(true)}>
                批准或退回
              </Button>
            ) : (
              <span className="t3">{paper.data.whyNotSentence}</span>
            )}
          </div>
        </div>
      )}
      {deciding && <DecideDialog id={id} onClose={() => setDeciding(false)} />}
    </Modal>
  )
}

function DecideDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const cache = useQueryClient()
  const tell = useTell()
  const key = useRef(newId())
  return (
    <FormDialog<{ outcome: 'approved' | 'rejected'; note: string }, unknown>
      title="批准或退回"
      open
      onClose={onClose}
      okText="就这样定"
      submit={(values) => post(`/papers/${id}/decision`, { id: key.current, ...values })}
      done={() => {
        key.current = newId()
        tell('这一批处理好了')
        cache.invalidateQueries()
      }}
    >
      <Form.Item name="outcome" label="和照片核对过了吗" rules={[{ required: true, message: '请选一个' }]}>
        <Radio.Group
          options={[
            { value: 'approved', label: '一致，批准' },
            { value: 'rejected', label: '不一致，退回' },
          ]}
        />
      </Form.Item>
      <Form.Item name="note" label="怎么核对的" rules={[{ required: true, message: '请写一句' }]}>
        <Input maxLength={200} />
      </Form.Item>
    </FormDialog>
  )
}

/** The paper itself; who entered it may add photographs while it waits. */
function Pictures({ paper }: { paper: PaperDetail }) {
  const cache = useQueryClient()
  const tell = useTell()
  const attach = useAction(
    async (file: File) => post(`/papers/${paper.id}/pictures`, { id: newId(), image: await base64Of(file) }),
    () => {
      tell('照片附上了')
      cache.invalidateQueries()
    },
  )
  return (
    <div className="stack">
      <div className="row" style={{ flexWrap: 'wrap' }}>
        {paper.pictureIds.map((id, index) => (
          <Picture key={id} id={id} words={`纸单照片 ${index + 1}`} />
        ))}
        {paper.pictures === 0 && <span className="t3">还没有照片</span>}
        {paper.forgottenPictures > 0 && (
          <span className="t3">{paper.forgottenPictures} 张照片保存期满，已经删掉，只留校验值</span>
        )}
      </div>
      {paper.mayAttach && (
        <Upload
          accept="image/*"
          showUploadList={false}
          beforeUpload={(file) => {
            void attach.run(file)
            return false
          }}
        >
          <Button loading={attach.busy}>附上纸单照片</Button>
        </Upload>
      )}
      <Refused failure={attach.failure} />
    </div>
  )
}

function Picture({ id, words }: { id: string; words: string }) {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    let made: string | null = null
    let gone = false
    void fetchFile(`/paper-pictures/${id}`).then((blob) => {
      if (gone) return
      made = URL.createObjectURL(blob)
      setUrl(made)
    })
    return () => {
      gone = true
      if (made !== null) URL.revokeObjectURL(made)
    }
  }, [id])
  if (url === null) return <Loading />
  return <img src={url} alt={words} style={{ maxWidth: 280, maxHeight: 360, border: '1px solid var(--line)' }} />
}
