import { Input } from 'antd'
import { useDeferredValue, useState } from 'react'
import type { Query } from '../core/call'
import { useList } from '../core/use-list'
import { Unread } from './states'

interface Found {
  id: string
  maskedName: string
  regionName: string
}

interface PersonPickerProps {
  id?: string
  value?: string
  onChange?: (id: string) => void
  /** The list that is searched, and what narrows it. */
  path: '/elders' | '/members'
  narrow: Query
  /** May stay empty: nobody is offered before something is typed. */
  optional?: boolean
}

/** One elder or helper, found by pinyin initials, plate number or phone; before anything is typed, the first of the place. */
export function PersonPicker({ id, value, onChange, path, narrow, optional = false }: PersonPickerProps) {
  const [text, setText] = useState('')
  const q = useDeferredValue(text.trim())
  const found = useList<Found>(path, { ...narrow, q, limit: 5 }, !optional || q !== '')
  const people = optional && q === '' ? [] : found.data?.items
  return (
    <div className="stack" style={{ gap: 6 }}>
      <Input
        id={id}
        maxLength={30}
        value={text}
        placeholder="拼音首字母或电话，例如 WXY"
        onChange={(event) => setText(event.target.value)}
      />
      <div className="why pick" role="radiogroup" aria-label="找到的人">
        {people?.map((one) => (
          <label key={one.id} className={one.id === value ? 'on' : ''}>
            <input
              type="radio"
              name={`${path}-pick`}
              value={one.id}
              checked={one.id === value}
              onChange={() => onChange?.(one.id)}
            />
            <span>{one.maskedName}</span>
            <span className="t2">{one.regionName}</span>
          </label>
        ))}
      </div>
      {found.isError && <Unread of={found} />}
      {q !== '' && people?.length === 0 && <p className="t3">没有找到，请换一个写法</p>}
    </div>
  )
}
