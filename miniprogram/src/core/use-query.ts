import { useDidShow } from '@tarojs/taro'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type Failure, failureOf } from './call'
import { now } from './clock'
import { keep, kept } from './keep'

export interface Query<T> {
  /** The last answer, however old; null when there never was one. */
  data: T | null
  /** When `data` was answered. */
  updatedAt: Date | null
  /** Why the last question had no answer; `data` then is an older one, or null. */
  failure: Failure | null
  busy: boolean
  again(): Promise<void>
}

interface Kept<T> {
  data: T
  at: string
}

/**
 * Asks the server when the page is shown (also when one comes back to it) and when `key` changes; null asks nothing.
 * With `keptAs` the answer is kept for the day without a network. Keep nothing that this phone's owner may not leave lying about.
 */
export function useQuery<T>(
  key: string | null,
  read: () => Promise<T>,
  { keptAs }: { keptAs?: string } = {},
): Query<T> {
  const [state, setState] = useState<Omit<Query<T>, 'again'>>(() => initial<T>(key, keptAs))
  const turn = useRef(0)
  const busy = useRef(false)
  const asked = useRef(false)
  const latest = useRef(read)
  latest.current = read

  const again = useCallback(async () => {
    if (key === null) return
    const mine = ++turn.current
    busy.current = true
    setState((before) => ({ ...before, busy: true }))
    const answer = await answerOf(latest.current, keptAs)
    // A later question, or another key, has taken over.
    if (mine !== turn.current) return
    busy.current = false
    setState((before) => ({ ...before, ...answer, busy: false }))
  }, [key, keptAs])

  useEffect(() => {
    asked.current = true
    setState(initial<T>(key, keptAs))
    void again()
    return () => {
      turn.current++
      busy.current = false
    }
  }, [key, keptAs, again])
  useDidShow(() => {
    // The first show may come before the effect or after it: either way the effect has asked, or will.
    if (asked.current && !busy.current) void again()
  })

  return { ...state, again }
}

function initial<T>(key: string | null, keptAs: string | undefined): Omit<Query<T>, 'again'> {
  const before = keptAs === undefined ? null : kept<Kept<T>>(`answer.${keptAs}`)
  return {
    data: before?.data ?? null,
    updatedAt: before === null ? null : new Date(before.at),
    failure: null,
    busy: key !== null,
  }
}

async function answerOf<T>(read: () => Promise<T>, keptAs: string | undefined): Promise<Partial<Query<T>>> {
  try {
    const data = await read()
    const updatedAt = now()
    if (keptAs !== undefined) keep(`answer.${keptAs}`, { data, at: updatedAt.toISOString() })
    return { data, updatedAt, failure: null }
  } catch (error) {
    return { failure: failureOf(error) }
  }
}
