import { View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import type { DrawingName } from '../../../shared/core/pictures'
import { type Failure, needsLogin } from '../core/call'
import { dial } from '../core/dial'
import { goLogin } from '../core/go'
import { useHotline } from '../core/hotline'
import { useNow } from '../core/use-now'
import type { Query } from '../core/use-query'
import { updatedWords } from '../core/words'
import { aria } from './aria'
import { Banner } from './banner'
import { BigButton, Button } from './button'
import { Drawing, Icon } from './icon'
import { Heading, PhoneNumber } from './words'

const SKELETON_AFTER_MS = 300
const SLOW_AFTER_MS = 5000

/** The outline of what comes, after a moment; later that the network is slow. */
export function Loading({ rows = 3 }: { rows?: number }) {
  const waited = useWaited([SKELETON_AFTER_MS, SLOW_AFTER_MS])
  if (waited < SKELETON_AFTER_MS) return <View className="loading" {...aria({ live: 'polite' })} />
  return (
    <View className="loading" {...aria({ live: 'polite', label: '正在打开' })}>
      {[...Array(rows).keys()].map((row) => (
        <View key={row} className="card skeleton">
          <View className="skeleton-line is-long" />
          <View className="skeleton-line" />
        </View>
      ))}
      {waited >= SLOW_AFTER_MS && (
        <View className="loading-slow">
          <Icon name="clock" size={20} />
          网络有点慢，请再等等
        </View>
      )}
    </View>
  )
}

/** How many of these milliseconds have passed since the component came. */
function useWaited(steps: readonly number[]): number {
  const [waited, setWaited] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the steps are constants of this file
  useEffect(() => {
    const timers = steps.map((step) => setTimeout(() => setWaited(step), step))
    return () => timers.forEach(clearTimeout)
  }, [])
  return waited
}

interface EmptyStateProps {
  /** Why there is nothing. */
  title: string
  note?: string
  drawing?: DrawingName
  /** What next: a BigButton. There is always a way on. */
  children?: ReactNode
}

export function EmptyState({ title, note, drawing = 'house', children }: EmptyStateProps) {
  return (
    <View className="state">
      <View className="state-middle">
        <View className="state-disc">
          <Drawing name={drawing} />
        </View>
        <Heading className="state-title">{title}</Heading>
        {note !== undefined && <View className="t2">{note}</View>}
      </View>
      {children !== undefined && <View className="state-way">{children}</View>}
    </View>
  )
}

interface ErrorStateProps {
  failure: Failure
  /** What didn't work: 没能打开今天的安排. */
  title: string
  again?: () => unknown
}

/** What happened, what to do, and a number to call. Who isn't logged in logs in and comes back. */
export function ErrorState({ failure, title, again }: ErrorStateProps) {
  const hotline = useHotline()
  const login = needsLogin(failure)
  const offline = failure.code === 'NO_ANSWER'
  return (
    <View className="state" {...aria({ live: 'polite' })}>
      <View className="state-middle">
        <View className={`mark-disc ${login ? 'mark-wait' : offline ? 'mark-warn' : 'mark-bad'}`}>
          <Icon name={offline ? 'offline' : login ? 'me' : 'alert'} size={44} />
        </View>
        <Heading className="state-title">{login ? '请先登录' : title}</Heading>
        <View className="t2">{login ? '登录以后，接着看这一页' : failure.sentence}</View>
      </View>
      <View className="state-way">
        {login && <BigButton onTap={goLogin}>去登录</BigButton>}
        {!login && again !== undefined && <BigButton onTap={again}>再试一次</BigButton>}
        <Button kind="text" icon="phone" onTap={() => dial(hotline)}>
          打电话 <PhoneNumber number={hotline} />
        </Button>
      </View>
    </View>
  )
}

/** What went wrong with an action, beside its button. */
export function FailureLine({ failure }: { failure: Failure | null }) {
  if (failure === null) return null
  return (
    <View className="failure" {...aria({ role: 'alert', live: 'assertive' })}>
      <Icon name="alert" size={20} />
      <View className="grow">{failure.sentence}</View>
    </View>
  )
}

interface LoadedProps<T> {
  query: Query<T>
  /** What couldn't be opened, when it can't: 没能打开今天的安排. */
  failed: string
  rows?: number
  children: (data: T) => ReactNode
}

/** A page's states in one: loading, failed, kept from before (with when), and there. */
export function Loaded<T>({ query, failed, rows, children }: LoadedProps<T>) {
  const now = useNow(60)
  const { data, failure, updatedAt, again } = query
  if (data === null)
    return failure === null ? <Loading rows={rows} /> : <ErrorState failure={failure} title={failed} again={again} />
  if (failure !== null && needsLogin(failure)) return <ErrorState failure={failure} title={failed} again={again} />
  return (
    <>
      {failure !== null && (
        <Banner
          icon={failure.code === 'NO_ANSWER' ? 'offline' : 'alert'}
          title={failure.sentence}
          note={updatedAt === null ? undefined : `${updatedWords(updatedAt, now)}，点这里再试`}
          onTap={again}
        />
      )}
      {children(data)}
    </>
  )
}
