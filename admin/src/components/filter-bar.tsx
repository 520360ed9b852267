import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { Icon } from './icon'

interface FilterBarProps {
  /** The filters always in sight. */
  children: ReactNode
  /** Those behind 展开. */
  more?: ReactNode
  /** Whether a filter behind 展开 is set: then it opens by itself. */
  moreInUse?: boolean
  /** What leaves with these filters: 导出. */
  exits?: ReactNode
  onSubmit: () => void
  onReset: () => void
}

/** The filter form: 查询, 重置, 展开. It changes nothing until 查询, and Enter is 查询. */
export function FilterBar({ children, more, moreInUse = false, exits, onSubmit, onReset }: FilterBarProps) {
  const [opened, setOpened] = useState(moreInUse)
  return (
    <form
      className="filters"
      aria-label="筛选"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
      {more && opened && more}
      <div className="row">
        <Button type="primary" htmlType="submit">
          查询
        </Button>
        <Button onClick={onReset}>重置</Button>
        {more && (
          <button type="button" className="txt" aria-expanded={opened} onClick={() => setOpened(!opened)}>
            {opened ? '收起' : '展开'}
            <Icon name="chevron-down" size={16} />
          </button>
        )}
      </div>
      {exits && <div className="row exits">{exits}</div>}
    </form>
  )
}

/** One labelled filter. The label is text, never a placeholder. */
export function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="field">
      <span>{label}</span>
      {children}
    </label>
  )
}
