import { DatePicker } from 'antd'
import dayjs from 'dayjs'

interface DayInputProps {
  id?: string
  value?: string | null
  onChange?: (day: string | undefined) => void
  min?: string
  max?: string
}

const asDay = (text: string | null | undefined) => (text ? dayjs(text, 'YYYY-MM-DD') : undefined)

/** A calendar day as "2026-11-20": typed or picked, in Chinese whatever language the browser speaks. */
export function DayInput({ id, value, onChange, min, max }: DayInputProps) {
  return (
    <DatePicker
      id={id}
      value={asDay(value) ?? null}
      minDate={asDay(min)}
      maxDate={asDay(max)}
      placeholder="年-月-日"
      style={{ width: 150 }}
      onChange={(day) => onChange?.(day ? day.format('YYYY-MM-DD') : undefined)}
    />
  )
}
