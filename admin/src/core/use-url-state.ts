import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'react-router'

export type UrlState = Readonly<Record<string, string>>

/**
 * The page's filters, selection and place in the list, kept in the URL: a reload, a bookmark and a colleague's
 * click all show the same rows. Setting a value to '' takes it out; `resetting` keys fall away with any change.
 */
export function useUrlState(resetting: readonly string[] = PAGING) {
  const [params, setParams] = useSearchParams()
  const state: UrlState = useMemo(() => Object.fromEntries(params), [params])

  const set = useCallback(
    (change: Record<string, string | null | undefined>, how: { replace?: boolean; keepPage?: boolean } = {}) => {
      setParams(
        (now) => {
          const next = new URLSearchParams(now)
          if (!how.keepPage) for (const key of resetting) next.delete(key)
          for (const [key, value] of Object.entries(change)) {
            if (value === undefined || value === null || value === '') next.delete(key)
            else next.set(key, value)
          }
          return next
        },
        { replace: how.replace ?? false, preventScrollReset: true },
      )
    },
    [setParams, resetting],
  )

  return [state, set] as const
}

const PAGING = ['cursor', 'page'] as const
