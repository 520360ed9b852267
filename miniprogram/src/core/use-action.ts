import { useCallback, useEffect, useRef, useState } from 'react'
import { type Failure, failureOf, isUnanswered } from './call'
import { newId } from './ids'
import { forget, keep, kept } from './keep'

export interface Action<A extends unknown[]> {
  /** Does it; does nothing while it is being done. Never rejects: what went wrong is in `failure`. */
  run(...args: A): Promise<void>
  busy: boolean
  failure: Failure | null
  /** Takes the message away, for instance when a field is changed. */
  clear(): void
}

interface Intent {
  id: string
  args: string
}

/**
 * One press of a button. `act` gets the id of this intent: the same press repeated after no answer carries the same
 * id, so that a double tap or a lost answer makes one record; another wish (other arguments) gets another id.
 * With `keptAs` the id outlives the page, until it is answered.
 */
export function useAction<A extends unknown[]>(
  act: (id: string, ...args: A) => Promise<unknown>,
  { keptAs }: { keptAs?: string } = {},
): Action<A> {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const intent = useRef<Intent | null>(null)
  const running = useRef(false)
  const alive = useAlive()
  const latest = useRef(act)
  latest.current = act

  const run = useCallback(
    async (...args: A) => {
      if (running.current) return
      running.current = true
      setBusy(true)
      setFailure(null)
      const failed = await doOnce(intent, keptAs, args, latest.current)
      running.current = false
      if (!alive.current) return
      setBusy(false)
      setFailure(failed)
    },
    [keptAs, alive],
  )
  const clear = useCallback(() => setFailure(null), [])
  return { run, busy, failure, clear }
}

async function doOnce<A extends unknown[]>(
  intent: { current: Intent | null },
  keptAs: string | undefined,
  args: A,
  act: (id: string, ...args: A) => Promise<unknown>,
): Promise<Failure | null> {
  try {
    const written = JSON.stringify(args)
    const before = intent.current ?? (keptAs === undefined ? null : kept<Intent>(`intent.${keptAs}`))
    intent.current = before?.args === written ? before : { id: await newId(), args: written }
    if (keptAs !== undefined) keep(`intent.${keptAs}`, intent.current)
    await act(intent.current.id, ...args)
    answered(intent, keptAs)
    return null
  } catch (error) {
    if (!isUnanswered(error)) answered(intent, keptAs)
    return failureOf(error)
  }
}

function answered(intent: { current: Intent | null }, keptAs: string | undefined): void {
  intent.current = null
  if (keptAs !== undefined) forget(`intent.${keptAs}`)
}

/** Whether the component is still there: an answer may come after the page was left. */
function useAlive(): { current: boolean } {
  const alive = useRef(true)
  useEffect(() => {
    alive.current = true
    return () => {
      alive.current = false
    }
  }, [])
  return alive
}
