import type { UnreadView } from '../../../shared/notice/view'
import { get } from '../core/call'
import { useQuery } from '../core/use-query'

/** How many messages wait to be read; 0 while nobody knows. */
export function useUnread(asks = true): number {
  return useQuery(asks ? 'notices.unread' : null, () => get<UnreadView>('/notices/unread')).data?.unread ?? 0
}
