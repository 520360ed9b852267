import { useEffect, useState } from 'react'
import { useUrlState } from './use-url-state'

/**
 * A filter form over the URL. What is typed waits in `draft` until `submit`; what counts is `applied`. Page and open
 * record fall away when the filter changes, the region stays.
 */
export function useFilters<K extends string>(keys: readonly K[]) {
  const [state, set] = useUrlState(FALLING)
  const applied = Object.fromEntries(keys.map((key) => [key, state[key]])) as Record<K, string | undefined>
  const [draft, setDraft] = useState(applied)
  const marker = JSON.stringify(applied)
  useEffect(() => setDraft(JSON.parse(marker)), [marker])

  return {
    state,
    set,
    applied,
    draft,
    change: (key: K, value: string | undefined) => setDraft((now) => ({ ...now, [key]: value })),
    submit: () => set(draft),
    reset: () => set(Object.fromEntries(keys.map((key) => [key, null]))),
  }
}

const FALLING = ['cursor', 'page', 'open'] as const
