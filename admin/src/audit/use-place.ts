import { useCallback, useEffect, useRef, useState } from 'react'

const SETTLED_MS = 250

/**
 * Which row the desk looks at. J pressed ten times must move ten rows, so the place is kept here and only written to the
 * URL once the keys rest; what comes from the URL by other ways (a link, the back button) is followed. `open` is for who moves,
 * `go` for what moves by itself: an answer may come when another queue is open already, and the URL is that one's.
 */
export function usePlace(fromUrl: string | undefined, write: (id: string | null) => void) {
  const [id, setId] = useState(fromUrl)
  const here = useRef(fromUrl)
  const written = useRef(fromUrl)
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
        write(next)
      }, SETTLED_MS)
    },
    [go, write],
  )
  // Whoever leaves for another queue must not be led back by what was still to be written.
  useEffect(() => {
    const leave = ({ key }: KeyboardEvent) => {
      if (key === '[' || key === ']') clearTimeout(timer.current)
    }
    window.addEventListener('keydown', leave)
    return () => {
      clearTimeout(timer.current)
      window.removeEventListener('keydown', leave)
    }
  }, [])

  return { id, here, open, go }
}
