import { useCallback, useEffect, useRef, useState } from 'react'

const SETTLED_MS = 250

/**
 * Which row the desk looks at. J pressed ten times must move ten rows, so the place is kept here and only written to the
 * URL once the keys rest; what comes from the URL by other ways (a link, the back button) is followed. A place in one queue is
 * forgotten with the queue: written late it would lead back there.
 */
export function usePlace(fromUrl: string | undefined, write: (id: string | null) => void, queue: string) {
  const [id, setId] = useState(fromUrl)
  const here = useRef(fromUrl)
  const written = useRef(fromUrl)
  // An answer that comes late writes into the queue that is open by then, not into the one it was asked from.
  const latest = useRef(write)
  latest.current = write
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const go = useCallback((next: string | undefined) => {
    here.current = next
    setId(next)
  }, [])

  useEffect(() => {
    if (fromUrl === written.current) return
    written.current = fromUrl
    go(fromUrl)
  }, [fromUrl, go])

  const open = useCallback(
    (next: string | null) => {
      go(next ?? undefined)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => {
        written.current = next ?? undefined
        latest.current(next)
      }, SETTLED_MS)
    },
    [go],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs for the next queue, and when the page goes
  useEffect(() => () => clearTimeout(timer.current), [queue])

  return { id, here, open }
}
