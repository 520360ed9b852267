import { useNow } from '../core/use-now'
import type { Query } from '../core/use-query'
import { updatedWords } from '../core/words'
import { Banner } from './banner'

/** On a page that works without this answer: why it isn't there or may be old, and a way to ask again. */
export function FailureBanner({ query }: { query: Query<unknown> }) {
  const now = useNow(60)
  const { failure, updatedAt, again } = query
  if (failure === null) return null
  return (
    <Banner
      icon={failure.code === 'NO_ANSWER' ? 'offline' : 'alert'}
      title={failure.sentence}
      note={updatedAt === null ? '点这里再试' : `${updatedWords(updatedAt, now)}，点这里再试`}
      onTap={again}
    />
  )
}
