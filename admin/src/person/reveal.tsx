import { Button, Input, Popover } from 'antd'
import { useEffect, useState } from 'react'
import { may } from '../../../shared/session/permissions'
import { Icon } from '../components/icon'
import { Refused } from '../components/states'
import { post } from '../core/call'
import { useMe } from '../core/session'
import { useAction } from '../core/use-action'

interface RevealProps {
  /** Where to ask, e.g. /elders/<id>/reveals. */
  path: string
  field: 'name' | 'phone' | 'address' | 'idNumber'
  label: string
  masked: string | null
}

/** One hidden field, shown for as long as the server says (60 s) to who gives a purpose. Each opening is logged. */
export function Reveal({ path, field, label, masked }: RevealProps) {
  const me = useMe()
  const [open, setOpen] = useState(false)
  const [purpose, setPurpose] = useState('')
  const [shown, setShown] = useState<string | null>(null)
  const { run, busy, failure } = useAction(
    () => post<{ value: string; seconds: number }>(path, { field, purpose }),
    ({ value, seconds }) => {
      setShown(value)
      setOpen(false)
      setTimeout(() => setShown(null), seconds * 1000)
    },
  )
  useEffect(() => {
    if (!open) setPurpose('')
  }, [open])

  if (masked === null) return <>没有登记</>
  if (!may(me, 'person.class2')) return <span className="num">{masked}</span>
  if (shown !== null)
    return (
      <span className="strong num" aria-live="polite">
        {shown}
      </span>
    )
  return (
    <span className="row" style={{ gap: 4 }}>
      <span className="num">{masked}</span>
      <Popover
        trigger="click"
        open={open}
        onOpenChange={setOpen}
        destroyOnHidden
        content={
          <form
            className="stack"
            style={{ gap: 8, width: 260 }}
            aria-label={`查看${label}`}
            onSubmit={(event) => {
              event.preventDefault()
              // React carries the event on to a form around this one, which was not submitted.
              event.stopPropagation()
              run()
            }}
          >
            <label htmlFor={`purpose-${field}`}>查看{label}的用途（会记入操作日志）</label>
            <Input
              id={`purpose-${field}`}
              value={purpose}
              maxLength={60}
              onChange={(event) => setPurpose(event.target.value)}
            />
            <Refused failure={failure} />
            <Button type="primary" htmlType="submit" loading={busy} disabled={purpose.trim().length < 2}>
              显示一分钟
            </Button>
          </form>
        }
      >
        <button type="button" className="txt" aria-label={`查看${label}`} aria-expanded={open}>
          <Icon name="eye" size={16} />
          查看
        </button>
      </Popover>
    </span>
  )
}
