import { View } from '@tarojs/components'
import { dayOf } from '../../../shared/core/time'
import { NOTICE_KINDS, type NoticeKind } from '../../../shared/notice/kinds'
import type { NoticeView } from '../../../shared/notice/view'
import { Button } from '../components/button'
import { List, ListRow } from '../components/card'
import { Icon } from '../components/icon'
import { MorePages } from '../components/more-pages'
import { Page } from '../components/page'
import { EmptyState, FailureLine, Loaded } from '../components/states'
import { StatusLine } from '../components/words'
import { get, post } from '../core/call'
import { go } from '../core/go'
import { homeOf } from '../core/home'
import { useSession } from '../core/session'
import { useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { usePages } from '../core/use-pages'
import { clockText, dayWords } from '../core/words'
import { RemindMe } from '../message/remind-me'

type PageOfNotices = { items: NoticeView[]; next: string | null }

/** 消息: what I was told, the newest first. One tap reads it and leads to where it belongs. */
export default function NoticesPage() {
  const me = useSession()?.me ?? null
  const pages = usePages<NoticeView>('notices', (cursor) => get<PageOfNotices>('/notices', { cursor, limit: 30 }))
  const readAll = useAction(async () => {
    await post('/notices/reading', {})
    await pages.first.again()
  })
  return (
    <Page title="消息" back={me === null ? '/session/login' : homeOf(me)}>
      <Loaded query={pages.first} failed="没能打开消息">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="还没有消息" note="有事会在这里告诉您">
              <RemindMe words="微信里也提醒我" />
            </EmptyState>
          ) : (
            <View className="stack">
              {pages.items.some((one) => !one.isRead) && (
                <Button kind="line" className="btn-wide" busy={readAll.busy} onTap={() => readAll.run()}>
                  都看过了
                </Button>
              )}
              <FailureLine failure={readAll.failure} />
              <RemindMe words="微信里也提醒我" />
              <List>
                {pages.items.map((notice) => (
                  <Row key={notice.id} notice={notice} again={pages.first.again} />
                ))}
              </List>
              <MorePages pages={pages} />
            </View>
          )
        }
      </Loaded>
    </Page>
  )
}

function Row({ notice, again }: { notice: NoticeView; again: () => Promise<void> }) {
  const { id, kind, title, body, phoneLink, createdAt, isRead } = notice
  const now = useNow(60)
  const at = new Date(createdAt)
  const icon = Object.hasOwn(NOTICE_KINDS, kind) ? NOTICE_KINDS[kind as NoticeKind] : 'bell'
  const open = useAction(async () => {
    if (!isRead) await post(`/notices/${id}/reading`, {})
    if (phoneLink === '') await again()
    else await go(phoneLink)
  })
  return (
    <ListRow
      lead={<Icon name={icon} size={28} />}
      title={title}
      note={
        <View>
          <View>{body}</View>
          <View className="t3">{`${dayWords(dayOf(at), dayOf(now))} ${clockText(at)}`}</View>
          <FailureLine failure={open.failure} />
        </View>
      }
      {...(isRead ? {} : { status: <StatusLine kind="wait">没看</StatusLine> })}
      {...(phoneLink === '' && isRead ? {} : { onTap: () => open.run() })}
    />
  )
}
