import type { UnreadView } from '../../../shared/notice/view'
import { get } from '../core/call'
import { useQuery } from '../core/use-query'

/** How many messages wait to be read; 0 while nobody knows, with why when it couldn't be asked. */
export function useUnread(asks = true) {
  const { data, failure } = useQuery(asks ? 'notices.unread' : null, () => get<UnreadView>('/notices/unread'))
  return { unread: data?.unread ?? 0, failure }
}
