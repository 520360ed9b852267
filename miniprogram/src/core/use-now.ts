import { useEffect, useState } from 'react'
import { now } from './clock'

/** The time, told anew every `everySeconds`. Shows minutes that pass; nothing on a page may hurry anybody. */
export function useNow(everySeconds = 15): Date {
  const [at, setAt] = useState(now)
  useEffect(() => {
    const timer = setInterval(() => setAt(now()), everySeconds * 1000)
    return () => clearInterval(timer)
  }, [everySeconds])
  return at
}
