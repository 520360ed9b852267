import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import type { RegionView } from '../../../shared/region/view'
import { get } from '../core/call'
import { count } from '../core/format'
import { Icon } from './icon'
import { Failed, Loading } from './states'

export interface RegionCount {
  total: number
  /** Shown in red before the total when there are any. */
  missing?: number
}

interface RegionTreeProps {
  root: { id: string; name: string }
  current: string
  /** Where a place leads; without it the places are buttons that are picked. */
  linkTo?: (id: string) => string
  counts?: ReadonlyMap<string, RegionCount>
  onPick?: (id: string, name: string) => void
}

export function useChildren(parentId: string, enabled: boolean) {
  return useQuery({
    queryKey: ['/regions', { parentId }],
    queryFn: () => get<RegionView[]>('/regions', { parentId }),
    enabled,
    staleTime: 300_000,
  })
}

/** The person's part of the tree. Children are fetched when a place is opened. */
export function RegionTree({ root, current, linkTo, counts, onPick }: RegionTreeProps) {
  return (
    <nav className="tree num" aria-label="区划">
      <ul>
        <Branch
          id={root.id}
          name={root.name}
          depth={0}
          hasChildren
          open
          current={current}
          linkTo={linkTo}
          counts={counts}
          onPick={onPick}
        />
      </ul>
    </nav>
  )
}

interface BranchProps extends Omit<RegionTreeProps, 'root'> {
  id: string
  name: string
  depth: number
  hasChildren: boolean
  open?: boolean
}

function Branch({ id, name, depth, hasChildren, open = false, current, linkTo, counts, onPick }: BranchProps) {
  const [expanded, setExpanded] = useState(open)
  const children = useChildren(id, expanded && hasChildren)
  const figures = counts?.get(id)
  const label = (
    <>
      <span>{name}</span>
      {figures?.missing ? (
        <em>
          <Icon name="alert" size={14} />
          <span className="sr">还差</span>
          {count(figures.missing)}
        </em>
      ) : null}
      {figures && <span>{count(figures.total)}</span>}
    </>
  )
  return (
    <li>
      <div className={id === current ? 'on' : undefined} style={{ paddingLeft: depth * 16 }}>
        {hasChildren ? (
          <button
            type="button"
            className="twist"
            aria-expanded={expanded}
            aria-label={`${expanded ? '收起' : '展开'} ${name}`}
            onClick={() => setExpanded(!expanded)}
          >
            <Icon name="chevron" size={16} />
          </button>
        ) : (
          <span className="twist" />
        )}
        {linkTo ? (
          <Link
            className="name"
            to={linkTo(id)}
            aria-current={id === current ? 'true' : undefined}
            onClick={() => onPick?.(id, name)}
          >
            {label}
          </Link>
        ) : (
          <button type="button" className="name" onClick={() => onPick?.(id, name)}>
            {label}
          </button>
        )}
      </div>
      {expanded && hasChildren && (
        <ul>
          {children.data?.map((child) => (
            <Branch
              key={child.id}
              id={child.id}
              name={child.name}
              depth={depth + 1}
              hasChildren={child.childCount > 0}
              current={current}
              linkTo={linkTo}
              counts={counts}
              onPick={onPick}
            />
          ))}
          {children.isPending && (
            <li>
              <Loading rows={2} />
            </li>
          )}
          {children.isError && (
            <li>
              <Failed error={children.error} retry={() => children.refetch()} />
            </li>
          )}
        </ul>
      )}
    </li>
  )
}
