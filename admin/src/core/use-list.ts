import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate } from 'react-router'
import { get, type Query, search } from './call'

interface PageOf<Row> {
  items: Row[]
  next: string | null
}

/** One page of a list of the API, as the URL asks for it. */
export function useList<Row>(path: string, query: Query, enabled = true) {
  return useQuery({
    queryKey: [path, query],
    queryFn: () => get<PageOf<Row>>(path, query),
    placeholderData: keepPreviousData,
    enabled,
  })
}

/** One thing of the API. */
export function useOne<T>(path: string | null, query?: Query) {
  return useQuery({ queryKey: [path, query ?? null], queryFn: () => get<T>(path ?? '', query), enabled: path !== null })
}

/**
 * Turning pages by keyset: the cursor and the page number are in the URL, the way back in the history entry.
 * Opened from a bookmark there is no way back, so 上一页 leads to the first page.
 */
export function usePaging(next: string | null | undefined) {
  const location = useLocation()
  const navigate = useNavigate()
  const params = new URLSearchParams(location.search)
  const trail = (location.state as { trail?: string[] } | null)?.trail ?? []
  const cursor = params.get('cursor')
  const page = Math.max(1, Number(params.get('page') ?? '1') || 1)

  function go(to: string | null, number: number, nextTrail: string[]): void {
    const all = new URLSearchParams(location.search)
    all.delete('cursor')
    all.delete('page')
    if (to !== null) {
      all.set('cursor', to)
      all.set('page', String(number))
    }
    navigate({ search: search(Object.fromEntries(all)) }, { state: { trail: nextTrail } })
  }

  return {
    page,
    hasNext: Boolean(next),
    hasPrevious: cursor !== null,
    toNext: () => next && go(next, page + 1, [...trail, cursor ?? '']),
    toPrevious: () => {
      const before = trail.at(-1)
      if (!before) go(null, 1, [])
      else go(before, page - 1, trail.slice(0, -1))
    },
  }
}
