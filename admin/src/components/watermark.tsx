import { Watermark } from 'antd'
import type { PropsWithChildren } from 'react'
import { useMe } from '../core/session'
import { today } from '../core/today'

/** Around what shows phones, addresses or health: a photograph of the screen says who was sitting there, and when. */
export function Marked({ children }: PropsWithChildren) {
  const { name } = useMe()
  return (
    <Watermark
      className="marked"
      content={[name, today()]}
      gap={[120, 120]}
      font={{ color: 'rgba(120, 110, 100, 0.12)', fontSize: 14 }}
    >
      {children}
    </Watermark>
  )
}
