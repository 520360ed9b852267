import { App } from 'antd'
import { useRef, useState } from 'react'
import { CallError, type Failure } from './call'

/**
 * Runs one write at a time and keeps its refusal. A second press while the first is under way does nothing;
 * a failure stays visible until the next press, because a message that flies past is no answer.
 */
export function useAction<A extends unknown[], R>(action: (...args: A) => Promise<R>, after?: (result: R) => void) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const running = useRef(false)

  async function run(...args: A): Promise<void> {
    if (running.current) return
    running.current = true
    setBusy(true)
    setFailure(null)
    try {
      const result = await action(...args)
      after?.(result)
    } catch (error) {
      setFailure(failureFrom(error))
    } finally {
      running.current = false
      setBusy(false)
    }
  }

  return { run, busy, failure, clear: () => setFailure(null) }
}

export function failureFrom(error: unknown): Failure {
  if (error instanceof CallError) return error.failure
  return { code: 'UNKNOWN', sentence: '页面出错了，请刷新后再试一次' }
}

/** The quiet word after something was done; results that need reading get their own place on the page. */
export function useTell(): (words: string) => void {
  const { message } = App.useApp()
  return (words) => {
    message.success(words)
  }
}
