import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useNavigate } from 'react-router'
import type { NoticeView } from '../../../shared/notice/view'
import { type Column, DataTable } from '../components/data-table'
import { Page } from '../components/page'
import { Empty, Refused } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { fullTime } from '../core/format'
import { useAction } from '../core/use-action'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'

/** 消息: what I was told, the newest first. */
export default function NoticesPage() {
  const [state] = useUrlState()
  const navigate = useNavigate()
  const cache = useQueryClient()
  const list = useList<NoticeView>('/notices', { cursor: state.cursor, limit: 50 })
  const refresh = () => {
    void list.refetch()
    void cache.invalidateQueries({ queryKey: ['/notices/unread'] })
  }
  const readAll = useAction(() => post('/notices/reading', {}), refresh)
  const open = useAction(async ({ id, deskLink, isRead }: NoticeView) => {
    if (!isRead) await post(`/notices/${id}/reading`, {})
    refresh()
    if (deskLink !== '') navigate(deskLink)
  })
  const columns: Column<NoticeView>[] = [
    { key: 'at', title: '时间', fixed: true, render: (one) => <span className="nb">{fullTime(one.createdAt)}</span> },
    { key: 'title', title: '什么事', fixed: true, render: (one) => <span className="strong">{one.title}</span> },
    { key: 'body', title: '说明', render: (one) => one.body },
    {
      key: 'state',
      title: '状态',
      render: (one) => <Status tone={one.isRead ? 'none' : 'wait'}>{one.isRead ? '看过了' : '没看'}</Status>,
    },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) =>
        one.isRead && one.deskLink === '' ? (
          '—'
        ) : (
          <button
            type="button"
            className="txt"
            aria-label={`${one.deskLink === '' ? '看过了' : '去看看'} ${one.title}`}
            onClick={() => open.run(one)}
          >
            {one.deskLink === '' ? '看过了' : '去看看'}
          </button>
        ),
    },
  ]
  return (
    <Page
      title="消息"
      note="给您的消息，新的在前"
      actions={
        <Button loading={readAll.busy} onClick={() => readAll.run()}>
          都看过了
        </Button>
      }
    >
      <Refused failure={readAll.failure ?? open.failure} />
      <DataTable
        name="notices"
        label="消息"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={<Empty icon="bell" title="还没有消息" next="有要您办的事，会在这里告诉您。" />}
      />
    </Page>
  )
}
