import type { ReactNode } from 'react'
import { Icon } from './icon'
import type { Tone } from './status'

export interface Happening {
  at: string
  title: ReactNode
  note?: ReactNode
  tone?: Tone
}

const ICONS: Record<Tone, string> = { ok: 'check-circle', wait: 'clock', warn: 'warning', bad: 'alert', none: 'minus' }

/** What happened, in order, each with its clock time and, where it is odd, why. */
export function Timeline({ items }: { items: readonly Happening[] }) {
  return (
    <ol className="tl num">
      {items.map((item, at) => (
        <li key={`${item.at}-${String(at)}`} className={item.tone ?? 'ok'}>
          <span className="t">{item.at}</span>
          <Icon name={ICONS[item.tone ?? 'ok']} />
          <div>
            {item.title}
            {item.note && <p>{item.note}</p>}
          </div>
        </li>
      ))}
    </ol>
  )
}
