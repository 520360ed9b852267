import { type ReactNode, useEffect, useRef, useState } from 'react'

/** Paper that may be wider than the screen. While it is, the keyboard can scroll it too. */
export function Sheet({ label, className = '', children }: { label: string; className?: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const [scrolls, setScrolls] = useState(false)
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const sizes = new ResizeObserver(() => setScrolls(element.scrollWidth > element.clientWidth))
    sizes.observe(element)
    for (const child of element.children) sizes.observe(child)
    return () => sizes.disconnect()
  }, [])
  const reachable = scrolls ? { tabIndex: 0, role: 'region', 'aria-label': label } : {}
  return (
    <div ref={box} className={`sheet ${className}`} {...reachable}>
      {children}
    </div>
  )
}
