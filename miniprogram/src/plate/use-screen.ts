import { useDidHide, useDidShow, useUnload } from '@tarojs/taro'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { ScreenView } from '../../../shared/plate/view'
import { type Failure, failureOf, get, post } from '../core/call'
import { phoneTime } from '../core/clock'
import { newId } from '../core/ids'
import { useNow } from '../core/use-now'

export type Phase = ScreenView['phase']
export interface Screen {
  /** What the server said last; null before its first answer. */
  view: ScreenView | null
  /** The code on the screen still counts; without network it stops to, within two steps. */
  isFresh: boolean
  /** Until the code changes. */
  secondsLeft: number
  failure: Failure | null
  /** Whose turn it is: who comes, or who leaves. */
  show(phase: Phase): void
  again(): Promise<void>
}

const RETRY_MS = 5000

/** A screen of changing codes, open as long as the page is: asked for anew at each step of the server's clock. */
export function useScreen(elderId: string): Screen {
  const [read, setRead] = useState<{ view: ScreenView; at: number } | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [phase, setPhase] = useState<Phase | undefined>(undefined)
  const opened = useRef<{ askId: string | null; id: string | null }>({ askId: null, id: null })
  const busy = useRef(false)
  const triedAt = useRef(0)
  const visible = useRef(true)
  const tick = useNow(1)

  const again = useCallback(async () => {
    if (busy.current) return
    busy.current = true
    triedAt.current = phoneTime()
    try {
      const view = await readScreen(opened.current, elderId, phase)
      setRead({ view, at: phoneTime() })
      setFailure(null)
    } catch (error) {
      setFailure(failureOf(error))
    }
    busy.current = false
  }, [elderId, phase])

  // biome-ignore lint/correctness/useExhaustiveDependencies: each second it is looked whether the code is due
  useEffect(() => {
    if (visible.current && isDue(read, phase, triedAt.current)) void again()
  }, [tick, again])
  useDidShow(() => {
    visible.current = true
    if (opened.current.id !== null) void again()
  })
  useDidHide(() => {
    visible.current = false
  })
  useUnload(() => {
    const { id } = opened.current
    // A screen that wasn't closed ends by itself after some hours.
    if (id !== null) post(`/screens/${id}/closing`).catch(() => undefined)
  })

  const passed = read === null ? 0 : (phoneTime() - read.at) / 1000
  const left = (read?.view.secondsLeft ?? 0) - passed
  return {
    view: read?.view ?? null,
    // the server takes this step and the one before
    isFresh: read !== null && read.view.token !== null && left + read.view.stepSeconds > 0,
    secondsLeft: Math.max(0, Math.ceil(left)),
    failure,
    show: setPhase,
    again,
  }
}

function isDue(read: { view: ScreenView; at: number } | null, phase: Phase | undefined, triedAt: number): boolean {
  const since = phoneTime() - triedAt
  if (read === null || read.at < triedAt) return since >= RETRY_MS || triedAt === 0
  if (phase !== undefined && read.view.phase !== phase) return true
  return phoneTime() - read.at >= read.view.secondsLeft * 1000
}

/** Opens it the first time, and again once it was closed or its hours are over. */
async function readScreen(
  opened: { askId: string | null; id: string | null },
  elderId: string,
  phase: Phase | undefined,
): Promise<ScreenView> {
  if (opened.id !== null) {
    const view = await get<ScreenView>(`/screens/${opened.id}`, { phase })
    if (view.token !== null) return view
    opened.askId = null
  }
  opened.askId ??= await newId()
  const { id } = await post<ScreenView>('/screens', { id: opened.askId, elderId })
  opened.id = id
  return get<ScreenView>(`/screens/${id}`, { phase })
}
