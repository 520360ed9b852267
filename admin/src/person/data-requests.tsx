import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Form, Input } from 'antd'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import type { DataRequestView } from '../../../shared/person/view'
import {
  DATA_REQUEST_WORDS,
  DATA_STATE_WORDS,
  DEATH_PROOF_WORDS,
  RELATION_PROOF_WORDS,
  RELATIVE_WORDS,
  WISH_WORDS,
} from '../../../shared/person/words'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { Field, FilterBar } from '../components/filter-bar'
import { FormDialog } from '../components/form'
import { Page } from '../components/page'
import { PersonPicker } from '../components/person-picker'
import { Empty, Refused } from '../components/states'
import { Status, type Tone } from '../components/status'
import { download, post } from '../core/call'
import { fullTime } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useMe } from '../core/session'
import { useAction, useTell } from '../core/use-action'
import { useFilters } from '../core/use-filters'
import { useList } from '../core/use-list'
import { optionsOf } from '../core/words'

const FILTERS = ['state'] as const
const TONES: Record<DataRequestView['state'], Tone> = { open: 'wait', done: 'ok', refused: 'none' }

/** 个人信息申请: what people ask about their own data. Who wrote one down doesn't answer it. */
export default function DataRequestsPage() {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const { state, applied, draft, change, submit, reset } = useFilters(FILTERS)
  const list = useList<DataRequestView>('/data-requests', { ...applied, cursor: state.cursor, limit: 50 })
  const [answering, setAnswering] = useState<DataRequestView | null>(null)
  const [filing, setFiling] = useState(false)
  const mayAnswer = (one: DataRequestView) =>
    one.state === 'open' && (erases(one) ? may(me, 'dataRequest.erase') : may(me, 'dataRequest.keep'))
  const mayCopy = (one: DataRequestView) =>
    one.state === 'done' && one.relative?.wish === 'copy' && may(me, 'dataRequest.keep')
  const copy = useAction(
    ({ id }: DataRequestView) => download(`/data-requests/${id}/copy`, undefined, '个人信息.json', {}),
    () => tell('下载好了，交给家属以后请删掉'),
  )
  const columns: Column<DataRequestView>[] = [
    { key: 'at', title: '时间', fixed: true, render: (one) => <span className="nb">{fullTime(one.askedAt)}</span> },
    { key: 'who', title: '谁的', fixed: true, render: (one) => <span className="strong">{one.maskedName}</span> },
    {
      key: 'kind',
      title: '要什么',
      render: (one) =>
        one.relative === null ? (
          DATA_REQUEST_WORDS[one.kind]
        ) : (
          <>
            {one.relative.words}
            <br />
            <span className="t3">看过：{one.relative.proofWords}</span>
          </>
        ),
    },
    { key: 'text', title: '怎么说的', render: (one) => one.text || '—' },
    { key: 'by', title: '谁提的', render: (one) => (one.bySelf ? '本人' : '工作人员代登记') },
    { key: 'place', title: '哪里', render: (one) => one.regionName },
    {
      key: 'state',
      title: '状态',
      render: (one) => <Status tone={TONES[one.state]}>{DATA_STATE_WORDS[one.state]}</Status>,
    },
    { key: 'answer', title: '答复', render: (one) => one.answer ?? '—' },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) =>
        mayAnswer(one) ? (
          <button
            type="button"
            className="txt"
            aria-label={`办理 ${one.maskedName} 的${DATA_REQUEST_WORDS[one.kind]}`}
            onClick={() => setAnswering(one)}
          >
            办理
          </button>
        ) : mayCopy(one) ? (
          <button
            type="button"
            className="txt"
            aria-label={`给家属副本 ${one.maskedName}`}
            onClick={() => copy.run(one)}
          >
            给家属副本
          </button>
        ) : (
          '—'
        ),
    },
  ]
  return (
    <Page title="个人信息申请" note="更正、注销和家属申请；谁登记的，由另一个人办">
      {may(me, 'dataRequest.keep') && (
        <div className="row" style={{ marginBottom: 12 }}>
          <Button type="primary" onClick={() => setFiling(true)}>
            登记申请
          </Button>
        </div>
      )}
      <FilterBar onSubmit={submit} onReset={reset}>
        <Field label="状态">
          <Choice
            label="状态"
            all="全部"
            value={draft.state}
            onChange={(value) => change('state', value)}
            options={optionsOf(DATA_STATE_WORDS)}
          />
        </Field>
      </FilterBar>
      <Refused failure={copy.failure} />
      <DataTable
        name="data-requests"
        label="个人信息申请"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={<Empty icon="book" title="没有要办的申请" next="居民在手机上申请更正或注销，或者打电话来登记。" />}
      />
      <FormDialog<{ outcome: 'done' | 'refused'; answer: string; proofsSeen?: boolean }, unknown>
        title={answering === null ? '' : `${answering.maskedName}：${DATA_REQUEST_WORDS[answering.kind]}`}
        open={answering !== null}
        okText="办结"
        danger={answering !== null && erases(answering)}
        onClose={() => setAnswering(null)}
        submit={({ proofsSeen, ...values }) =>
          post(`/data-requests/${answering?.id}/decision`, { ...values, ...(proofsSeen && { proofsSeen }) })
        }
        done={() => {
          tell('已办结')
          cache.invalidateQueries({ queryKey: ['/data-requests'] })
        }}
        note={answering === null ? null : <Meaning of={answering} />}
      >
        <Form.Item name="outcome" label="结果" rules={REQUIRED}>
          <Choice options={OUTCOMES} />
        </Form.Item>
        <Form.Item name="answer" label="答复" help="本人能看到" rules={REQUIRED}>
          <Input.TextArea maxLength={300} rows={3} />
        </Form.Item>
        {answering?.relative !== null && (
          <Form.Item name="proofsSeen" valuePropName="checked">
            <Checkbox>我也亲自看过：{answering?.relative.proofWords}</Checkbox>
          </Form.Item>
        )}
      </FormDialog>
      <FileDialog
        open={filing}
        onClose={() => setFiling(false)}
        done={() => {
          tell('记下了，由另一个人办')
          cache.invalidateQueries({ queryKey: ['/data-requests'] })
        }}
      />
    </Page>
  )
}

const OUTCOMES = [
  { value: 'done', label: '办好了' },
  { value: 'refused', label: '办不了' },
]

const erases = ({ kind, relative }: DataRequestView) => kind === 'erase' || relative?.wish === 'erase'

const WHOSE = [
  { value: 'elderId', label: '老人' },
  { value: 'memberId', label: '志愿者' },
]

interface Filed {
  person: string
  kind: DataRequestView['kind']
  text: string
  wish?: string
  relation?: string
  name?: string
  deathProof?: string
  relationProof?: string
}

/** What somebody without a phone asks for, or the relative of an elder who died: who came, and the papers that were shown. */
function FileDialog({ open, onClose, done }: { open: boolean; onClose: () => void; done: () => void }) {
  const [isRelative, setRelative] = useState(false)
  const [whose, setWhose] = useState<'elderId' | 'memberId'>('elderId')
  const key = useRef(newId())
  return (
    <FormDialog<Filed, unknown>
      title="登记申请"
      open={open}
      onClose={onClose}
      initial={{ kind: isRelative ? 'relative' : 'correct' }}
      submit={({ person, kind, text, ...relative }) =>
        post('/data-requests', {
          id: key.current,
          [whose]: person,
          kind,
          text,
          ...(kind === 'relative' && { relative }),
        })
      }
      done={() => {
        key.current = newId()
        done()
      }}
      note={<p style={{ marginBottom: 14 }}>登记的人不能自己办结。家属来的，两个人都要亲自看证明。</p>}
    >
      <Form.Item name="kind" label="要什么" rules={REQUIRED}>
        <Choice options={optionsOf(DATA_REQUEST_WORDS)} onChange={(kind) => setRelative(kind === 'relative')} />
      </Form.Item>
      <Form.Item label="谁的信息">
        <Choice
          label="谁的信息"
          value={whose}
          options={WHOSE}
          onChange={(value) => setWhose(value === 'memberId' ? 'memberId' : 'elderId')}
        />
      </Form.Item>
      <Form.Item name="person" label="哪一位" rules={REQUIRED}>
        <PersonPicker
          path={whose === 'elderId' ? '/elders' : '/members'}
          narrow={{ state: isRelative ? 'ended' : 'active' }}
          optional
        />
      </Form.Item>
      {isRelative && (
        <>
          <Form.Item name="wish" label="家属要" rules={REQUIRED}>
            <Choice options={optionsOf(WISH_WORDS)} />
          </Form.Item>
          <div className="pair">
            <Form.Item name="name" label="家属姓名" rules={REQUIRED}>
              <Input maxLength={30} />
            </Form.Item>
            <Form.Item name="relation" label="是本人的" rules={REQUIRED}>
              <Choice options={optionsOf(RELATIVE_WORDS)} />
            </Form.Item>
          </div>
          <div className="pair">
            <Form.Item name="deathProof" label="去世的证明" rules={REQUIRED}>
              <Choice options={optionsOf(DEATH_PROOF_WORDS)} />
            </Form.Item>
            <Form.Item name="relationProof" label="关系的证明" rules={REQUIRED}>
              <Choice options={optionsOf(RELATION_PROOF_WORDS)} />
            </Form.Item>
          </div>
        </>
      )}
      <Form.Item name="text" label="怎么说的" rules={REQUIRED}>
        <Input.TextArea maxLength={300} rows={3} />
      </Form.Item>
    </FormDialog>
  )
}

function Meaning({ of }: { of: DataRequestView }) {
  if (of.kind === 'withhold' || of.kind === 'release')
    return <p style={{ marginBottom: 14 }}>核对是本人的意思。办好以后，家属来要就照这个办。</p>
  if (of.relative?.wish === 'copy')
    return <p style={{ marginBottom: 14 }}>办好以后，这里能下载副本交给家属；每次下载都留记录。</p>
  if (!erases(of)) return <p style={{ marginBottom: 14 }}>先在档案里改好，再来这里办结。</p>
  return (
    <p style={{ marginBottom: 14 }}>
      办好就是注销：姓名、电话、身份证号、住处马上删掉，<b>谁也恢复不了</b>
      ；服务记录和积分账留下，但看不出是谁。登录超过 15 分钟的，要先到 <Link to="/security">登录安全</Link> 再验证一次。
    </p>
  )
}
