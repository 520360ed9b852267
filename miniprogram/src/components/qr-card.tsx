import { View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { useMemo } from 'react'
import { qrPicture } from '../core/qr'
import { digitsWords } from '../core/words'
import { aria } from './aria'
import { Heading } from './words'

interface QrCardProps {
  title: string
  /** What the code says. */
  text: string
  /** Read aloud when nobody can scan. */
  digits?: string
  digitsNote?: string
  /** Below the cut: <Fact>s. */
  children?: ReactNode
}

/** A white card in dark mode too, as a reader needs it. Stands on <Page inverse>. */
export function QrCard({ title, text, digits, digitsNote, children }: QrCardProps) {
  const picture = useMemo(() => qrPicture(text), [text])
  return (
    <View className="qr-card">
      <Heading>{title}</Heading>
      <View className="qr" style={{ backgroundImage: picture }} {...aria({ role: 'img', label: `${title}的二维码` })} />
      {digits !== undefined && <View className="qr-digits num">{digitsWords(digits)}</View>}
      {digitsNote !== undefined && <View className="qr-note">{digitsNote}</View>}
      {children !== undefined && (
        <>
          <View className="qr-cut" />
          <View className="qr-facts">{children}</View>
        </>
      )}
    </View>
  )
}
