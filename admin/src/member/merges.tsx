import { useQueryClient } from '@tanstack/react-query'
import { Form, Input } from 'antd'
import { useRef, useState } from 'react'
import type { MergeSide, MergesView, MergeView } from '../../../shared/member/view'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { FormDialog } from '../components/form'
import { Page } from '../components/page'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { fullTime } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useTell } from '../core/use-action'
import { useOne } from '../core/use-list'

type Pair = MergesView['pairs'][number]
const STATES = {
  waiting: { tone: 'wait', word: '等另一个人' },
  done: { tone: 'ok', word: '已合并' },
  refused: { tone: 'none', word: '不合并' },
} as const

/** 重复的人: records that look like one human, and what was asked for. It takes two of the staff and can't be undone. */
export default function MergesPage() {
  const cache = useQueryClient()
  const tell = useTell()
  const list = useOne<MergesView>('/person-merges')
  const [asking, setAsking] = useState<Pair | null>(null)
  const [deciding, setDeciding] = useState<MergeView | null>(null)
  const key = useRef(newId())
  const done = () => {
    key.current = newId()
    tell('已保存')
    cache.invalidateQueries({ queryKey: ['/person-merges'] })
  }
  const pairs: Column<Pair>[] = [
    { key: 'one', title: '一条记录', fixed: true, render: ({ one }) => <Who side={one} /> },
    { key: 'other', title: '另一条', fixed: true, render: ({ other }) => <Who side={other} /> },
    { key: 'phone', title: '电话', render: ({ one }) => one.maskedPhone ?? '—' },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (pair) => (
        <button type="button" className="txt" onClick={() => setAsking(pair)}>
          申请合并
        </button>
      ),
    },
  ]
  const asked: Column<MergeView>[] = [
    { key: 'from', title: '并掉', fixed: true, render: (one) => <Who side={one.from} /> },
    { key: 'into', title: '留下', fixed: true, render: (one) => <Who side={one.into} /> },
    { key: 'reason', title: '为什么', render: (one) => one.reason },
    { key: 'at', title: '什么时候', render: (one) => <span className="nb">{fullTime(one.askedAt)}</span> },
    {
      key: 'state',
      title: '状态',
      render: (one) => <Status tone={STATES[one.state].tone}>{STATES[one.state].word}</Status>,
    },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) =>
        one.mayDecide ? (
          <button type="button" className="txt" onClick={() => setDeciding(one)}>
            办理
          </button>
        ) : (
          '—'
        ),
    },
  ]
  return (
    <Page title="重复的人" note="电话和姓名都一样的记录；合并要两个人，合并以后不能恢复">
      <DataTable
        name="pairs"
        heading="像是同一个人"
        label="像是同一个人"
        columns={pairs}
        rows={list.data?.pairs}
        rowKey={({ one, other }) => `${one.personId} ${other.personId}`}
        empty={<Empty icon="family" title="没有像是重复的人" next="电话和姓名都一样的记录，会自动出现在这里。" />}
        list={list}
      />
      <DataTable
        name="merges"
        heading="合并申请"
        label="合并申请"
        columns={asked}
        rows={list.data?.asked}
        rowKey={({ id }) => id}
        empty={<Empty icon="family" title="还没有合并申请" next="一人申请，另一人办理。" />}
        list={list}
      />
      <FormDialog<{ stays: string; reason: string }, unknown>
        title="申请合并"
        open={asking !== null}
        onClose={() => setAsking(null)}
        initial={{
          stays: asking === null ? '' : (asking.other.isElder ? asking.other : asking.one).personId,
          reason: '',
        }}
        note={<p>积分、服务时长、志愿服务记录都算到留下的那一条；并掉的那一条退出所有登录。有老人档案的要留下。</p>}
        okText="提出"
        done={done}
        submit={({ stays, reason }) => {
          const ids = [asking?.one.personId, asking?.other.personId]
          const [goes] = ids.filter((one) => one !== stays)
          return post('/person-merges', { id: key.current, fromPersonId: goes, intoPersonId: stays, reason })
        }}
      >
        <Form.Item name="stays" label="留下哪一条" rules={REQUIRED}>
          <Choice
            options={
              asking === null
                ? []
                : [asking.one, asking.other].map((side) => ({ value: side.personId, label: wordsOf(side) }))
            }
          />
        </Form.Item>
        <Form.Item name="reason" label="为什么是同一个人" rules={REQUIRED}>
          <Input maxLength={60} placeholder="看过身份证、问过本人" />
        </Form.Item>
      </FormDialog>
      <FormDialog<{ answer: string }, unknown>
        title={`合并：${deciding?.from.maskedName ?? ''} → ${deciding?.into.maskedName ?? ''}`}
        open={deciding !== null}
        onClose={() => setDeciding(null)}
        initial={{ answer: 'yes' }}
        note={<p className="danger">合并以后不能恢复。</p>}
        okText="确定"
        danger
        done={done}
        submit={({ answer }) => post(`/person-merges/${deciding?.id ?? ''}/decision`, { answer })}
      >
        <Form.Item name="answer" label="怎么办" rules={REQUIRED}>
          <Choice
            options={[
              { value: 'yes', label: '是同一个人，合并' },
              { value: 'no', label: '不是，退回' },
            ]}
          />
        </Form.Item>
      </FormDialog>
    </Page>
  )
}

function wordsOf({ maskedName, regionName, birthYear, isElder, isMember }: MergeSide): string {
  const facets = [isElder ? '老人' : '', isMember ? '志愿者' : ''].filter((one) => one !== '').join('、')
  return `${maskedName}　${regionName}　${birthYear === null ? '' : `${birthYear} 年生`}　${facets}`
}

function Who({ side }: { side: MergeSide }) {
  return <span>{wordsOf(side)}</span>
}
