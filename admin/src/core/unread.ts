import { useQuery } from '@tanstack/react-query'
import type { UnreadView } from '../../../shared/notice/view'
import { get } from './call'

const ASK_AGAIN_MS = 60_000

/** How many messages wait to be read. */
export function useUnread(page: string): number {
  const unread = useQuery({
    queryKey: ['/notices/unread', page],
    queryFn: () => get<UnreadView>('/notices/unread'),
    refetchInterval: ASK_AGAIN_MS,
    placeholderData: (before) => before,
  })
  return unread.data?.unread ?? 0
}
