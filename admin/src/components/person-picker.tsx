import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { get, type Query } from '../core/call'

interface Found {
  id: string
  maskedName: string
  regionName: string
}

interface PersonPickerProps {
  id?: string
  value?: string
  onChange?: (id: string) => void
  /** The list that is searched, e.g. /elders, and what narrows it. */
  path: '/elders' | '/members'
  narrow: Query
  label: string
}

/** One elder or helper, found by pinyin initials, plate number or phone; before anything is typed, the first of the place. */
export function PersonPicker({ id, value, onChange, path, narrow, label }: PersonPickerProps) {
  const [q, setQ] = useState('')
  const found = useQuery({
    queryKey: [path, { ...narrow, q, limit: 20 }],
    queryFn: () => get<{ items: Found[] }>(path, { ...narrow, q, limit: 20 }),
  })
  return (
    <Select
      id={id}
      aria-label={label}
      style={{ minWidth: 240 }}
      value={value}
      onChange={onChange}
      loading={found.isFetching}
      showSearch={{ filterOption: false, onSearch: (text) => setQ(text.trim().slice(0, 30)) }}
      placeholder="拼音首字母或电话"
      notFoundContent={found.isFetching ? '正在找' : '没有找到'}
      options={found.data?.items.map((one) => ({ value: one.id, label: `${one.maskedName}（${one.regionName}）` }))}
    />
  )
}
