import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import { addDays, startOfDay } from '../../../shared/core/time'
import type { DelegationsView, DelegationView, StandIn } from '../../../shared/member/view'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { FormDialog } from '../components/form'
import { Icon } from '../components/icon'
import { Page } from '../components/page'
import { Empty, Refused } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { fullTime } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { now, today } from '../core/today'
import { useAction, useTell } from '../core/use-action'
import { useOne } from '../core/use-list'

const STATES = {
  coming: { tone: 'none', word: '还没开始' },
  running: { tone: 'ok', word: '正在代' },
  over: { tone: 'none', word: '已结束' },
} as const

interface Values {
  staffId: string
  toStaffId: string
  from: string
  until: string
  reason: string
}

/** 代班: whose post is done by whom, until when. It ends by itself; what is done meanwhile names both. */
export default function DelegationsPage() {
  const cache = useQueryClient()
  const tell = useTell()
  const [params, setParams] = useSearchParams()
  const asked = params.get('staffId')
  const [opened, setOpened] = useState(false)
  const key = useRef(newId())
  const list = useOne<DelegationsView>('/delegations')
  const fresh = () => cache.invalidateQueries({ queryKey: ['/delegations'] })
  const end = useAction((id: string) => post(`/delegations/${id}/ending`, {}), fresh)
  const close = () => {
    setOpened(false)
    setParams({})
  }

  const columns: Column<DelegationView>[] = [
    { key: 'role', title: '岗位', fixed: true, render: (one) => <span className="strong">{one.roleWord}</span> },
    { key: 'place', title: '管哪里', render: (one) => one.regionName },
    { key: 'from', title: '谁的岗位', render: (one) => one.fromName },
    { key: 'to', title: '谁代', render: (one) => one.toName },
    { key: 'begin', title: '从', render: (one) => <span className="nb">{fullTime(one.fromAt)}</span> },
    { key: 'until', title: '到', render: (one) => <span className="nb">{fullTime(one.untilAt)}</span> },
    { key: 'reason', title: '为什么', render: (one) => one.reason },
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
        one.mayEnd ? (
          <button type="button" className="txt danger" onClick={() => end.run(one.id)}>
            提前结束
          </button>
        ) : (
          '—'
        ),
    },
  ]
  return (
    <Page
      title="代班"
      note="到时自动结束；代班时做的事，操作日志里写明谁代谁"
      actions={
        (list.data?.posts.length ?? 0) > 0 && (
          <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setOpened(true)}>
            请人代班
          </Button>
        )
      }
    >
      <Refused failure={end.failure} />
      <DataTable
        name="delegations"
        label="代班"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={<Empty icon="family" title="现在没有人代班" next="请假前，把自己的岗位交给同事一段时间。" />}
      />
      <FormDialog<Values, unknown>
        title="请人代班"
        open={opened || asked !== null}
        onClose={close}
        initial={{ staffId: asked ?? list.data?.posts[0]?.id ?? '', from: today(), until: today() }}
        done={() => {
          key.current = newId()
          tell('已保存')
          close()
          fresh()
        }}
        submit={({ staffId, toStaffId, from, until, reason }) =>
          post('/delegations', {
            ...{ id: key.current, staffId, toStaffId, reason },
            fromAt: from === today() ? now() : startOfDay(from).toISOString(),
            untilAt: startOfDay(addDays(until, 1)).toISOString(),
          })
        }
      >
        <PostFields posts={asked === null ? (list.data?.posts ?? []) : null} />
        <Form.Item name="from" label="从哪天" rules={REQUIRED}>
          <DayInput min={today()} />
        </Form.Item>
        <Form.Item name="until" label="到哪天（含这一天）" rules={REQUIRED}>
          <DayInput min={today()} />
        </Form.Item>
        <Form.Item name="reason" label="为什么" rules={REQUIRED}>
          <Input maxLength={60} placeholder="出差、休假、学习" />
        </Form.Item>
      </FormDialog>
    </Page>
  )
}

/** Which post, and who may do it. Opened from the list of the staff the post is chosen already. */
function PostFields({ posts }: { posts: DelegationsView['posts'] | null }) {
  const staffId = Form.useWatch('staffId', Form.useFormInstance<Values>())
  const able = useOne<StandIn[]>(staffId ? `/staff/${staffId}/stand-ins` : null)
  return (
    <>
      <Form.Item name="staffId" label="哪个岗位" rules={REQUIRED} hidden={posts === null}>
        <Choice
          options={posts?.map(({ id, roleWord, regionName }) => ({ value: id, label: `${regionName} ${roleWord}` }))}
        />
      </Form.Item>
      <Form.Item name="toStaffId" label="谁来代" help="本区县里同级或上级的工作人员" rules={REQUIRED}>
        <Choice
          options={able.data?.map(({ id, name, roleWord, regionName }) => ({
            value: id,
            label: `${name}　${regionName} ${roleWord}`,
          }))}
        />
      </Form.Item>
    </>
  )
}
