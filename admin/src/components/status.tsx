import type { ReactNode } from 'react'
import { Icon } from './icon'

export type Tone = 'ok' | 'wait' | 'warn' | 'bad' | 'none'

const ICONS: Record<Tone, string> = { ok: 'check-circle', wait: 'clock', warn: 'warning', bad: 'alert', none: 'minus' }

interface StatusProps {
  tone: Tone
  icon?: string
  children: ReactNode
}

/** Icon, word and colour: in greyscale nothing is lost. */
export function Status({ tone, icon, children }: StatusProps) {
  return (
    <span className={`status ${tone}`}>
      <Icon name={icon ?? ICONS[tone]} size={16} />
      <span>{children}</span>
    </span>
  )
}

/** A status that leads a row, on its own tint. */
export function Pill({ tone, icon, children }: StatusProps) {
  return (
    <span className={`status pill ${tone}`}>
      <Icon name={icon ?? ICONS[tone]} size={16} />
      <span>{children}</span>
    </span>
  )
}

const EVIDENCE = ['人工补录', '只有门牌码', '门牌、本机和位置', '动态码', '动态码并中途核实']

/** Four bars and the level's name. No colour scale: L1 is not "bad", it only waits for staff. */
export function EvidenceBadge({ level }: { level: number }) {
  const words = `证据等级 L${level}：${EVIDENCE[level] ?? ''}`
  return (
    <span className="ev" role="img" aria-label={words} title={words}>
      <i aria-hidden="true">
        {[1, 2, 3, 4].map((bar) => (
          <b key={bar} className={bar <= level ? 'f' : ''} />
        ))}
      </i>
      <span aria-hidden="true">L{level}</span>
    </span>
  )
}
