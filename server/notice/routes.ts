import { nothing } from '../../shared/core/input'
import { doneView } from '../../shared/core/view'
import { noticeListQuery } from '../../shared/notice/input'
import { noticePage, unreadView } from '../../shared/notice/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { countUnread, listNotices } from './queries'
import { readAllNotices, readNotice } from './read'

export const noticeRoutes: Route[] = [
  route(
    'GET',
    '/notices',
    { summary: '给我的消息', who: 'person', query: noticeListQuery, view: noticePage },
    ({ db, actor, query }) => listNotices(db, actor, query),
  ),
  route('GET', '/notices/unread', { summary: '还有几条消息没看', who: 'person', view: unreadView }, ({ db, actor }) =>
    countUnread(db, actor),
  ),
  route(
    'POST',
    '/notices/reading',
    { summary: '消息都看过了', who: 'person', input: nothing, view: unreadView },
    ({ db, actor, at }) => readAllNotices(db, actor, at),
  ),
  route(
    'POST',
    '/notices/:id/reading',
    { summary: '一条消息看过了', who: 'person', input: nothing, view: doneView },
    ({ db, actor, params, at }) => readNotice(db, actor, readId(params.id), at),
  ),
]
