import { useState } from 'react'
import { Button } from './button'
import { TextInput } from './field'

/** The number printed below a plate's code, typed by hand: cameras fail, plates get scratched. */
export function CodeEntry({
  onCode,
  label = '牌子上的编号',
  help = '在二维码下面，字母不分大小写',
}: {
  onCode: (code: string) => unknown
  label?: string
  help?: string
}) {
  const [code, setCode] = useState('')
  const [error, setError] = useState<string | null>(null)
  const use = () => {
    const typed = code.trim()
    if (typed === '') return setError(`请先填${label}`)
    return onCode(typed)
  }
  return (
    <>
      <TextInput
        name="plate-code"
        label={label}
        help={help}
        value={code}
        maxLength={300}
        error={error}
        onDone={use}
        onChange={(next) => {
          setCode(next)
          setError(null)
        }}
      />
      <Button kind="line" className="btn-wide" onTap={use}>
        就是这个编号
      </Button>
    </>
  )
}
