import { View } from '@tarojs/components'
import { useState } from 'react'
import { Banner } from '../components/banner'
import { BigButton } from '../components/button'
import { FailureLine } from '../components/states'
import { type Failure, post } from '../core/call'
import { findPlace } from '../core/location'
import { useAction } from '../core/use-action'

const NO_PLACE: Failure = { code: 'NO_PLACE', sentence: '没有取到位置，请打开定位，站在门口再试' }

interface HomePointProps {
  /** where it is sent */
  path: string
  /** 家门口, 这里 */
  where: string
  isSet: boolean
  again?: () => Promise<void>
}

/** The point on the map that visits are compared with: measured by staff who stand there. */
export function HomePoint({ path, where, isSet, again }: HomePointProps) {
  const [noPlace, setNoPlace] = useState(false)
  const [done, setDone] = useState(false)
  const set = useAction(async () => {
    setNoPlace(false)
    const place = await findPlace()
    if (place === null) return setNoPlace(true)
    await post(path, { place })
    setDone(true)
    await again?.()
  })
  if (done) return <Banner tone="ok" icon="check-circle" title={`${where}的位置记下了`} note="以后按这里算远近" />
  return (
    <View className="stack">
      <FailureLine failure={set.failure ?? (noPlace ? NO_PLACE : null)} />
      <BigButton icon="place" busy={set.busy} onTap={() => set.run()}>
        {isSet ? `重新记${where}的位置` : `记下${where}的位置`}
      </BigButton>
    </View>
  )
}
