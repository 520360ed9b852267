import { Input } from 'antd'

interface DayInputProps {
  id?: string
  value?: string | null
  onChange?: (day: string) => void
  min?: string
  max?: string
  'aria-label'?: string
}

/** A calendar day by the browser's own field: it can be typed, picked and read out. */
export function DayInput({ value, onChange, ...rest }: DayInputProps) {
  return (
    <Input
      {...rest}
      type="date"
      style={{ width: 160 }}
      value={value ?? ''}
      onChange={(event) => onChange?.(event.target.value)}
    />
  )
}
