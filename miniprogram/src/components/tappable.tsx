import { View } from '@tarojs/components'
import type { PropsWithChildren } from 'react'
import { useRef } from 'react'
import { aria } from './aria'

export type TapRole = 'button' | 'link' | 'checkbox' | 'radio' | 'tab'

export interface TappableProps {
  /** What it does, at least two characters. Needed where the content doesn't say it: icons, whole cards. */
  label?: string
  onTap: () => unknown
  role?: TapRole
  className?: string
  /** Of a checkbox or radio. */
  checked?: boolean
  /** Of a tab. */
  selected?: boolean
  disabled?: boolean
  /** Closes a layer; audits look for it. */
  closes?: boolean
}

/**
 * The only thing on a page that can be tapped: it has a role and a name, obeys Enter and Space, is as large as the
 * face demands, and ignores a second tap while the first is still being answered (`onTap` may return a promise).
 */
export function Tappable(props: PropsWithChildren<TappableProps>) {
  const { label, onTap, role = 'button', className = '', checked, selected, disabled = false, closes, children } = props
  const running = useRef(false)
  const tap = async () => {
    if (disabled || running.current) return
    running.current = true
    try {
      await onTap()
    } finally {
      running.current = false
    }
  }
  return (
    <View
      {...aria({ role, label, checked, selected, disabled: disabled || undefined })}
      {...keyboard(tap, disabled)}
      {...(closes === true && { 'data-close': 'true' })}
      className={`tap ${className}`}
      hoverClass={disabled ? 'none' : 'tap-down'}
      hoverStartTime={20}
      hoverStayTime={80}
      onClick={tap}
    >
      {children}
    </View>
  )
}

/** A mini-program has no keyboard; in a browser a div must be taught what a button knows. */
function keyboard(tap: () => void, disabled: boolean): object {
  if (process.env.TARO_ENV !== 'h5') return {}
  return {
    tabIndex: disabled ? -1 : 0,
    onKeyDown(event: KeyboardEvent) {
      if (event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' ')) return
      event.preventDefault()
      tap()
    },
  }
}
