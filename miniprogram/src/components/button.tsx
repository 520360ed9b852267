import { Text, View } from '@tarojs/components'
import type { PropsWithChildren } from 'react'
import type { IconName } from '../../../shared/core/pictures'
import { REFUSALS } from '../../../shared/core/refusals'
import { aria } from './aria'
import { Icon } from './icon'
import { Tappable } from './tappable'
import { Words } from './words'

interface BigButtonProps {
  icon?: IconName
  busy?: boolean
  /** A rule's answer: a code of the table, a sentence, or null. The reason stands where the button would be. */
  whyNot?: string | null
  /** For whoever hears the page and needs more than the words on the button. */
  label?: string
  onTap: () => unknown
}

/** The one filled action of a page. */
export function BigButton({
  icon,
  busy = false,
  whyNot = null,
  label,
  onTap,
  children,
}: PropsWithChildren<BigButtonProps>) {
  if (whyNot !== null)
    return (
      <View className="big big-why-not">
        <Text>{reasonOf(whyNot)}</Text>
      </View>
    )
  return (
    <Tappable className={`big ${busy ? 'is-busy' : ''}`} label={label} disabled={busy} onTap={onTap}>
      {icon !== undefined && <Icon name={icon} size={28} />}
      <Text>{busy ? '请稍等…' : children}</Text>
    </Tappable>
  )
}

/** The sentence of a code of the table; anything else is a sentence already. */
export function reasonOf(whyNot: string): string {
  return Object.entries(REFUSALS).find(([code]) => code === whyNot)?.[1][1] ?? whyNot
}

export type ButtonKind = 'fill' | 'tint' | 'line' | 'quiet' | 'text' | 'card' | 'danger'

interface ButtonProps {
  kind?: ButtonKind
  icon?: IconName
  busy?: boolean
  label?: string
  className?: string
  onTap: () => unknown
}

/** Every other action: filled (in place of a BigButton, where two stand side by side), green tint, outlined, quiet, words only, white card, or outlined red for what can't be undone. */
export function Button(props: PropsWithChildren<ButtonProps>) {
  const { kind = 'tint', icon, busy = false, label, className = '', onTap, children } = props
  return (
    <Tappable
      className={`btn btn-${kind} ${busy ? 'is-busy' : ''} ${className}`}
      label={label}
      disabled={busy}
      onTap={onTap}
    >
      {icon !== undefined && <Icon name={icon} size={20} className="btn-icon" />}
      <Text>{children}</Text>
    </Tappable>
  )
}

interface AnswerProps {
  answer: 'yes' | 'no'
  busy?: boolean
  onTap: () => unknown
}

/** One of two equally large, equally heavy answers. No is dark, never red. */
export function Answer({ answer, busy = false, onTap, children }: PropsWithChildren<AnswerProps>) {
  return (
    <Tappable className={`answer answer-${answer} ${busy ? 'is-busy' : ''}`} disabled={busy} onTap={onTap}>
      <Icon name={answer === 'yes' ? 'check' : 'close'} size={36} />
      <Text className="answer-words">{children}</Text>
    </Tappable>
  )
}

interface ActionCardProps {
  icon: IconName
  title: string
  note: string
  /** `primary` is the filled one: at most one a page. */
  tone?: 'primary' | 'plain' | 'apricot'
  onTap: () => unknown
}

/** A large card that is one action: the giant scan button, the three cards of the elder's home. */
export function ActionCard({ icon, title, note, tone = 'plain', onTap }: ActionCardProps) {
  return (
    <Tappable className={`action action-${tone}`} label={`${title}，${note}`} onTap={onTap}>
      <View className="action-mark">
        <Icon name={icon} size={44} />
      </View>
      <View className="grow" {...aria({ hidden: true })}>
        <View className="action-title">
          <Words text={title} />
        </View>
        <View className="action-note">
          <Words text={note} />
        </View>
      </View>
    </Tappable>
  )
}
