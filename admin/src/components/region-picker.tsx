import { useQuery } from '@tanstack/react-query'
import { Button, Input, Popover } from 'antd'
import { useDeferredValue, useState } from 'react'
import type { RegionView } from '../../../shared/region/view'
import { get } from '../core/call'
import { useScope } from '../core/scope'
import { Icon } from './icon'
import { RegionTree } from './region-tree'
import { Unread } from './states'

interface RegionPickerProps {
  id?: string
  value?: string
  onChange?: (id: string) => void
  /** The name of `value`, where the caller knows it. */
  name?: string
}

/** One place of one's own part of the tree: walk down, or type a piece of its name. */
export function RegionPicker({ id, value, onChange, name }: RegionPickerProps) {
  const { home } = useScope()
  const [open, setOpen] = useState(false)
  const [picked, setPicked] = useState<string | null>(null)
  const [text, setText] = useState('')
  const q = useDeferredValue(text.trim())
  const found = useQuery({
    queryKey: ['/regions', { q }],
    queryFn: () => get<RegionView[]>('/regions', { q }),
    enabled: open && q.length > 0,
  })

  function pick(regionId: string, regionName: string): void {
    setPicked(regionName)
    onChange?.(regionId)
    setOpen(false)
  }

  const content = (
    <div style={{ width: 300 }} className="stack">
      <Input
        aria-label="按名字找"
        placeholder="按名字找，例如 北庄"
        allowClear
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div style={{ maxHeight: 320, overflowY: 'auto' }}>
        {q ? (
          <ul>
            {found.data?.map((region) => (
              <li key={region.id}>
                <Button
                  type="text"
                  block
                  style={{ justifyContent: 'flex-start' }}
                  onClick={() => pick(region.id, region.name)}
                >
                  {region.name} <span className="t3">{region.kindName}</span>
                </Button>
              </li>
            ))}
            {found.isError && <Unread of={found} />}
            {found.data?.length === 0 && <li className="t3">没有叫这个名字的地方</li>}
          </ul>
        ) : (
          <RegionTree root={{ id: home.regionId, name: home.regionName }} current={value ?? ''} onPick={pick} />
        )}
      </div>
    </div>
  )
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      open={open}
      onOpenChange={setOpen}
      content={content}
      destroyOnHidden
    >
      <Button
        id={id}
        style={{ minWidth: 200, justifyContent: 'flex-start' }}
        icon={<Icon name="place" size={18} />}
        aria-expanded={open}
        // The label gives the button its name; what is chosen would go unsaid without this.
        aria-describedby={id && `${id}-chosen`}
      >
        <span id={id && `${id}-chosen`}>{(value && (picked ?? name)) || '选择村或社区'}</span>
      </Button>
    </Popover>
  )
}
