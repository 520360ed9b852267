import { View } from '@tarojs/components'
import { useState } from 'react'
import { dayOf } from '../../../shared/core/time'
import { Button } from '../components/button'
import { Card } from '../components/card'
import { FailureLine } from '../components/states'
import { Heading } from '../components/words'
import { post } from '../core/call'
import { useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { clockText, dayWords, digitsWords } from '../core/words'

interface Code {
  code: string
  expiresAt: string
}

/** 电脑登录码: eight digits that a member of staff types into the desk's web page. It stands still; an old one says so. */
export function DeskCode() {
  const [made, setMade] = useState<Code | null>(null)
  const make = useAction(async () => setMade(await post<Code>('/session/desk-codes')))
  const now = useNow()
  const until = made === null ? null : new Date(made.expiresAt)
  const isOver = until !== null && until <= now
  return (
    <Card className="stack">
      <Heading>在电脑上办公</Heading>
      {made !== null && until !== null && !isOver && (
        <View className="center">
          <View className="h1 num">{digitsWords(made.code)}</View>
          <View className="t2">
            填到电脑的登录页，{dayWords(dayOf(until), dayOf(now))} {clockText(until)} 前有效
          </View>
        </View>
      )}
      {isOver && <View className="t2">这个登录码过期了，请再要一个</View>}
      <FailureLine failure={make.failure} />
      <Button className="btn-wide" busy={make.busy} onTap={() => make.run()}>
        {made === null ? '要一个电脑登录码' : '换一个登录码'}
      </Button>
    </Card>
  )
}
