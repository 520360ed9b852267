import { View } from '@tarojs/components'
import type { PropsWithChildren } from 'react'
import { useEffect, useRef } from 'react'
import { aria } from './aria'
import { Icon } from './icon'
import { Tappable } from './tappable'
import { Heading } from './words'

interface SheetProps {
  title: string
  onClose: () => void
}

/** The one floating layer: from below, closed at the bottom in the middle. Never for errors. Show it by rendering it. */
export function Sheet({ title, onClose, children }: PropsWithChildren<SheetProps>) {
  useEscape(onClose)
  return (
    <View className="sheet-layer">
      <View className="sheet-scrim" {...aria({ hidden: true })} />
      <View
        className="sheet"
        {...aria({ role: 'dialog', label: title })}
        {...(process.env.TARO_ENV === 'h5' && { 'aria-modal': 'true' })}
      >
        <Heading className="sheet-title">{title}</Heading>
        <View className="sheet-content">{children}</View>
        <Tappable className="sheet-close" label="关闭" closes onTap={onClose}>
          <Icon name="close" size={28} />
        </Tappable>
      </View>
    </View>
  )
}

/** In a browser: Escape closes, and the focus goes into the layer and back to where it was. */
function useEscape(onClose: () => void): void {
  const latest = useRef(onClose)
  latest.current = onClose
  useEffect(() => {
    if (process.env.TARO_ENV !== 'h5') return
    const before = document.activeElement
    document.querySelector<HTMLElement>('.sheet [data-close]')?.focus({ preventScroll: true })
    const listen = (event: KeyboardEvent) => {
      if (event.key === 'Escape') latest.current()
    }
    document.addEventListener('keydown', listen)
    return () => {
      document.removeEventListener('keydown', listen)
      if (before instanceof HTMLElement) before.focus({ preventScroll: true })
    }
  }, [])
}
