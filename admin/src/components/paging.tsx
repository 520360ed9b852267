import { Button } from 'antd'
import type { ReactNode } from 'react'
import { usePaging } from '../core/use-list'

/** 上一页, the page, 下一页. Lists are read by keyset, so there is no last page to jump to. */
export function Paging({ next, children }: { next: string | null | undefined; children?: ReactNode }) {
  const { page, hasNext, hasPrevious, toNext, toPrevious } = usePaging(next)
  return (
    <nav className="paging num" aria-label="翻页">
      {children}
      <span className="grow" />
      {(hasNext || hasPrevious) && (
        <>
          <Button disabled={!hasPrevious} onClick={toPrevious}>
            上一页
          </Button>
          <span>第 {page} 页</span>
          <Button disabled={!hasNext} onClick={toNext}>
            下一页
          </Button>
        </>
      )}
    </nav>
  )
}
