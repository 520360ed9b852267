import { type RefObject, useEffect } from 'react'
import { isTyping } from './keys'

/**
 * J and K go down and up a list: the focus moves to the first thing in the next row that can be pressed, and Enter presses it.
 * While a dialog is open the keys are the dialog's.
 */
export function useRowKeys(box: RefObject<HTMLElement | null>, listening: boolean): void {
  useEffect(() => {
    if (!listening) return
    const onKey = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase()
      if ((key !== 'j' && key !== 'k') || isTyping(event) || isDialogOpen()) return
      const rows = [...(box.current?.querySelectorAll(ROW) ?? [])]
      const now = rows.findIndex((row) => row.contains(document.activeElement))
      const next = key === 'j' ? now + 1 : now < 0 ? -1 : now - 1
      rows[next]?.querySelector<HTMLElement>('a[href], button:not(:disabled)')?.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [box, listening])
}
const ROW = 'tbody tr[data-row-key], .cards > li'

/** A dialog that was closed stays in the page, without a box. */
export function isDialogOpen(): boolean {
  return [...document.querySelectorAll('[role="dialog"]')].some((one) => one.getClientRects().length > 0)
}
