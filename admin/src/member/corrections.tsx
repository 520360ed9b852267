import { useQueryClient } from '@tanstack/react-query'
import { Form, Input, Radio } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { CorrectionView } from '../../../shared/member/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { FormDialog } from '../components/form'
import { Page } from '../components/page'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { isoDay } from '../core/format'
import { useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'

type Decision = { outcome: 'corrected' | 'refused'; answer: string }

/** Volunteers who say that their record isn't right: answered in working days, what was recorded stays. */
export default function CorrectionsPage() {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const scoped = useScoped()
  const [state, setState] = useUrlState()
  const [asked, setAsked] = useState<CorrectionView | null>(null)
  const list = useList<CorrectionView>('/record-corrections', { state: state.state, cursor: state.cursor, limit: 50 })
  const columns: Column<CorrectionView>[] = [
    {
      key: 'member',
      title: '志愿者',
      fixed: true,
      render: (one) => (
        <Link className="txt" to={scoped(`/members/${one.memberId}/record?year=${one.year}`)}>
          {one.memberName}
        </Link>
      ),
    },
    { key: 'place', title: '村（社区）', render: (one) => one.regionName },
    { key: 'title', title: '哪一条', render: (one) => one.title },
    { key: 'text', title: '怎么说', render: (one) => one.text },
    { key: 'asked', title: '提出', render: (one) => <span className="nb">{isoDay(one.askedAt)}</span> },
    {
      key: 'answer',
      title: '答复',
      render: (one) =>
        one.state === 'open' ? (
          <Status tone={one.late ? 'bad' : 'wait'}>{one.due}</Status>
        ) : (
          <Status tone={one.state === 'corrected' ? 'ok' : 'none'}>
            {one.state === 'corrected' ? '已更正' : '没有错'}：{one.answer}
          </Status>
        ),
    },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) =>
        one.state === 'open' && may(me, 'member.keep') ? (
          <button
            type="button"
            className="txt"
            aria-label={`答复 ${one.memberName}：${one.title}`}
            onClick={() => setAsked(one)}
          >
            答复
          </button>
        ) : (
          '—'
        ),
    },
  ]
  return (
    <Page title="服务记录更正" note="志愿者说不对的，到期前答复；原来的记录留着，答复在旁边">
      <DataTable
        name="corrections"
        label="服务记录更正"
        tools={
          <Choice
            label="状态"
            all="等答复"
            value={state.state}
            options={[{ value: 'decided', label: '答复过' }]}
            onChange={(next) => setState({ state: next, cursor: undefined })}
          />
        }
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <Empty icon="check-circle" title="没有要答复的" next="志愿者在手机的服务记录里说“不对”，就会出现在这里。" />
        }
      />
      <FormDialog<Decision, CorrectionView>
        title={`答复：${asked?.title ?? ''}`}
        open={asked !== null}
        onClose={() => setAsked(null)}
        okText="答复"
        done={() => {
          cache.invalidateQueries({ queryKey: ['/record-corrections'] })
          tell('答复好了')
        }}
        note={<p className="t2">{asked?.text}</p>}
        submit={(values) => post<CorrectionView>(`/record-corrections/${asked?.id ?? ''}/decision`, values)}
      >
        <Form.Item name="outcome" label="核对的结果" rules={[{ required: true, message: '请选结果' }]}>
          <Radio.Group
            options={[
              { value: 'corrected', label: '记错了，已经更正' },
              { value: 'refused', label: '没有记错' },
            ]}
          />
        </Form.Item>
        <Form.Item name="answer" label="对志愿者说" rules={[{ required: true, message: '请写答复' }]}>
          <Input.TextArea maxLength={200} rows={3} />
        </Form.Item>
      </FormDialog>
    </Page>
  )
}
