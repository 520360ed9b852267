import { Select } from 'antd'

export interface Option {
  value: string
  label: string
}

interface ChoiceProps {
  label: string
  value: string | undefined
  options: readonly Option[]
  onChange: (value: string | undefined) => void
  /** The word for "no choice", e.g. 全部类别. Without it something is always chosen. */
  all?: string
  width?: number
  id?: string
}

/** A drop-down whose "all" is an option like the others, so that nothing is hidden in a placeholder. */
export function Choice({ label, value, options, onChange, all, width = 140, id }: ChoiceProps) {
  const shown = all === undefined ? [...options] : [{ value: '', label: all }, ...options]
  return (
    <Select
      id={id}
      aria-label={label}
      style={{ width }}
      value={value ?? ''}
      options={shown}
      showSearch={shown.length > 12 ? { optionFilterProp: 'label' } : false}
      popupMatchSelectWidth={false}
      onChange={(next) => onChange(next === '' ? undefined : next)}
    />
  )
}
