import { useEffect } from 'react'
import { isTyping } from '../core/keys'
import { Key } from './key'

interface ReasonPickerProps {
  title: string
  hint?: string
  name: string
  reasons: readonly { code: string; words: string }[]
  value: string | null
  onPick: (code: string) => void
  /** Off while another layer owns the keys. */
  listening?: boolean
}

/** One of at most nine reasons, by pointer or by the keys 1–9. */
export function ReasonPicker({ title, hint, name, reasons, value, onPick, listening = true }: ReasonPickerProps) {
  useEffect(() => {
    if (!listening) return
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return
      const reason = reasons[Number(event.key) - 1]
      if (reason) onPick(reason.code)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [reasons, onPick, listening])

  return (
    <fieldset className="why" style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
      <legend style={{ padding: 0, marginBottom: 6 }}>
        <span className="strong">{title}</span> {hint && <span className="t3 small">{hint}</span>}
      </legend>
      {reasons.map(({ code, words }, at) => (
        <label key={code} className={value === code ? 'on' : ''}>
          <input type="radio" name={name} value={code} checked={value === code} onChange={() => onPick(code)} />
          {at < 9 && <Key>{at + 1}</Key>}
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  )
}
