import { Input } from 'antd'
import { useState } from 'react'

interface LinesInputProps {
  id?: string
  value?: readonly string[]
  onChange?: (lines: string[]) => void
  rows?: number
}

/** A short list of words, one a line. */
export function LinesInput({ id, value = [], onChange, rows = 3 }: LinesInputProps) {
  const [text, setText] = useState(value.join('\n'))
  return (
    <Input.TextArea
      id={id}
      rows={rows}
      value={text}
      onChange={(event) => {
        setText(event.target.value)
        onChange?.(
          event.target.value
            .split('\n')
            .map((line) => line.trim())
            .filter(Boolean),
        )
      }}
    />
  )
}
