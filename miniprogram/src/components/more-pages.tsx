import type { Pages } from '../core/use-pages'
import { Button } from './button'
import { FailureLine } from './states'

/** Below a list that goes on: the way to what comes next. */
export function MorePages({ pages, words = '看以前的' }: { pages: Pages<unknown>; words?: string }) {
  const { more, moreBusy, moreFailure } = pages
  return (
    <>
      <FailureLine failure={moreFailure} />
      {more !== null && (
        <Button kind="line" className="btn-wide" busy={moreBusy} onTap={more}>
          {moreBusy ? '请稍等…' : words}
        </Button>
      )}
    </>
  )
}
