import { useState } from 'react'
import type { Page } from '../../../shared/core/view'
import type { Failure } from './call'
import { useAction } from './use-action'
import { type Query, useQuery } from './use-query'

export interface Pages<T> {
  first: Query<Page<T>>
  /** Everything read so far. */
  items: readonly T[]
  /** Reads on; null on the last page. */
  more: (() => Promise<void>) | null
  moreBusy: boolean
  moreFailure: Failure | null
}

/** A list that goes on: its first page is asked like any query, older ones when somebody wants them. */
export function usePages<T>(
  key: string | null,
  read: (cursor?: string) => Promise<Page<T>>,
  options: { keptAs?: string } = {},
): Pages<T> {
  const first = useQuery(key, () => read(), options)
  const [older, setOlder] = useState<{ after: Page<T> | null; items: T[]; next: string | null } | null>(null)
  // A first page asked anew may overlap with what came after the old one: the rest is read again when wanted.
  const rest = older !== null && older.after === first.data ? older : null
  const next = rest === null ? (first.data?.next ?? null) : rest.next
  const reading = useAction(async (_id, cursor: string) => {
    const page = await read(cursor)
    setOlder({ after: first.data, items: [...(rest?.items ?? []), ...page.items], next: page.next })
  })
  return {
    first,
    items: [...(first.data?.items ?? []), ...(rest?.items ?? [])],
    more: next === null ? null : () => reading.run(next),
    moreBusy: reading.busy,
    moreFailure: reading.failure,
  }
}
