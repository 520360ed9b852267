import { Text, View } from '@tarojs/components'
import type { PropsWithChildren, ReactNode } from 'react'
import type { IconName } from '../../../shared/core/pictures'
import { Icon } from './icon'
import { Tappable } from './tappable'
import { Heading, Words } from './words'

/** White, rounded, alone: never a card in a card. */
export function Card({ className = '', children }: PropsWithChildren<{ className?: string }>) {
  return <View className={`card ${className}`}>{children}</View>
}

/** A card of rows with hairlines between them. */
export function List({ className = '', children }: PropsWithChildren<{ className?: string }>) {
  return <View className={`card list ${className}`}>{children}</View>
}

interface SectionProps {
  title: string
  /** At the right: 已做 2 / 4, 更新于 8:31. */
  note?: string
  /** At the right, in place of the note: a text button. */
  action?: ReactNode
}

export function Section({ title, note, action, children }: PropsWithChildren<SectionProps>) {
  return (
    <View className="section">
      <View className="section-head">
        <Heading>{title}</Heading>
        {note !== undefined && <Text className="cap t3">{note}</Text>}
        {action}
      </View>
      {children}
    </View>
  )
}

interface ListRowProps {
  title: ReactNode
  note?: ReactNode
  /** Before the title: a picture, a time. */
  lead?: ReactNode
  /** Above the title: a StatusLine as pill. */
  head?: ReactNode
  /** Always with its sign: +13, −20, 0. */
  amount?: string
  /** Below the amount: a StatusLine. */
  status?: ReactNode
  /** At the right: a Button. Not together with `onTap`. */
  action?: ReactNode
  /** Where a tap on the row leads. Its name is what stands in it: who sees it and who hears it call it the same. */
  onTap?: () => unknown
}

export function ListRow({ title, note, lead, head, amount, status, action, onTap }: ListRowProps) {
  const content = (
    <>
      {lead}
      <View className="grow">
        {head !== undefined && <View className="lrow-head">{head}</View>}
        <View className="lrow-title">{title}</View>
        {note !== undefined && <View className="lrow-note">{note}</View>}
      </View>
      {(amount !== undefined || status !== undefined) && (
        <View className="lrow-side">
          {amount !== undefined && <View className="lrow-amount num">{amount}</View>}
          {status}
        </View>
      )}
      {action}
      {onTap !== undefined && <Icon name="chevron" size={20} className="chevron" />}
    </>
  )
  if (onTap === undefined) return <View className="lrow">{content}</View>
  return (
    <Tappable className="lrow" role="link" onTap={onTap}>
      {content}
    </Tappable>
  )
}

interface FactProps {
  label: string
  /** At the right: a text button, an EvidenceBadge. */
  side?: ReactNode
  /** In bold: what matters on this page. */
  strong?: boolean
}

/** 帮什么　打扫卫生　换一项 */
export function Fact({ label, side, strong = false, children }: PropsWithChildren<FactProps>) {
  return (
    <View className="fact">
      <View className="fact-label">{label}</View>
      <View className={`grow num ${strong ? 'strong' : ''}`}>{children}</View>
      {side}
    </View>
  )
}

/** Three small figures side by side: 6.5 小时 本月 · 58 分 可用 · 7 分 审核中. */
export function Stats({
  items,
  onTap,
}: {
  items: readonly { value: string; unit: string; name: string }[]
  /** Where the figures come from. */
  onTap?: () => unknown
}) {
  const content = items.map(({ value, unit, name }) => (
    <View key={name} className="stat">
      <View className="stat-value num">
        {value}
        <Text className="stat-unit">{unit}</Text>
      </View>
      <View className="stat-name">{name}</View>
    </View>
  ))
  if (onTap === undefined) return <View className="card stats">{content}</View>
  return (
    <Tappable className="card stats" role="link" onTap={onTap}>
      {content}
    </Tappable>
  )
}

interface MarkProps {
  icon: IconName
  tone?: 'ok' | 'wait' | 'warn' | 'bad'
  title: string
  note?: ReactNode
}

/** The head of a result: a large mark on a disc, what it is, one line below. */
export function Mark({ icon, tone = 'ok', title, note }: MarkProps) {
  return (
    <View className="mark">
      <View className={`mark-disc mark-${tone}`}>
        <Icon name={icon} size={44} />
      </View>
      <Heading level={1}>{title}</Heading>
      {note !== undefined && <View className="t2">{typeof note === 'string' ? <Words text={note} /> : note}</View>}
    </View>
  )
}

/** Who it is: the surname on an apricot disc, the name, one line. At the largest size the disc goes. */
export function Who({ name, note }: { name: string; note: string }) {
  return (
    <View className="who">
      <View className="who-disc">{name.slice(0, 1)}</View>
      <View className="who-words">
        <View className="who-name">{name}</View>
        <View className="who-note">
          <Words text={note} />
        </View>
      </View>
    </View>
  )
}

interface ProgressProps {
  /** 0–1. */
  done: number
  /** What is written below: at most two marks, each with its place from 0 to 1. */
  marks?: readonly { at: number; words: string }[]
}

/** How far it is. It says nothing by itself: the words around it do. */
export function Progress({ done, marks = [] }: ProgressProps) {
  const share = (part: number) => `${Math.round(Math.min(Math.max(part, 0), 1) * 1000) / 10}%`
  return (
    <View className="progress">
      <View className="progress-track">
        <View className="progress-done" style={{ width: share(done) }} />
        {marks.map(
          ({ at, words }) => at < 1 && <View key={words} className="progress-tick" style={{ left: share(at) }} />,
        )}
      </View>
      <View className="progress-marks">
        {marks.map(({ at, words }) => (
          <Text
            key={words}
            className={at < 1 ? 'progress-mark' : 'progress-mark is-end'}
            style={at < 1 ? { left: share(at) } : {}}
          >
            {words}
          </Text>
        ))}
      </View>
    </View>
  )
}
