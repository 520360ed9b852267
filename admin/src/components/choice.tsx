export interface Option {
  value: string
  label: string
}

interface ChoiceProps {
  /** Undefined while they are fetched. */
  options: readonly Option[] | undefined
  value?: string
  onChange?: (value: string | undefined) => void
  /** The word for "no choice", e.g. 全部类别. */
  all?: string
  /** Needed where no visible label names it. */
  label?: string
  width?: number | string
  id?: string
}

/** A drop-down of the browser's own: the keyboard, the phone and the screen reader all know it. */
export function Choice({ options = [], value, onChange, all, label, width, id }: ChoiceProps) {
  const known = value !== undefined && options.some((option) => option.value === value)
  const none = all ?? (known ? null : '请选择')
  return (
    <select
      id={id}
      className="choice"
      aria-label={label}
      style={{ width }}
      value={known ? value : ''}
      onChange={(event) => onChange?.(event.target.value || undefined)}
    >
      {none !== null && <option value="">{none}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}
