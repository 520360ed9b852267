import { Banner } from '../components/banner'
import { go } from '../core/go'
import { useUnread } from './unread'

/** On a home page: that there is something to read. Nothing where there is nothing. */
export function NewNotices({ asks = true }: { asks?: boolean }) {
  const { unread } = useUnread(asks)
  if (unread === 0) return null
  return (
    <Banner
      tone="info"
      icon="bell"
      title={`有 ${unread} 条新消息`}
      note="点这里看一看"
      onTap={() => go('/notice/mine')}
    />
  )
}
