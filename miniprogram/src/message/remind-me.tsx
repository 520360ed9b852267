import { View } from '@tarojs/components'
import { useState } from 'react'
import type { Subject } from '../../../shared/message/kinds'
import type { SubjectView } from '../../../shared/message/view'
import { Button } from '../components/button'
import { FailureLine } from '../components/states'
import { StatusLine } from '../components/words'
import { askMessages, CAN_ASK_MESSAGES } from '../core/ask-messages'
import { get, post } from '../core/call'
import { useAction } from '../core/use-action'
import { useQuery } from '../core/use-query'

interface RemindMeProps {
  /** One subject, where it is about that; else all there are. */
  about?: Subject
  words: string
}

/** 微信里提醒我: one tap, WeChat asks, and a yes is kept for the next message. Nothing where WeChat can't ask. */
export function RemindMe({ about, words }: RemindMeProps) {
  const subjects = useQuery(CAN_ASK_MESSAGES ? 'message.subjects' : null, () => get<SubjectView[]>('/message-subjects'))
  const [refused, setRefused] = useState(false)
  const keep = useAction(async (id, answers: { subject: Subject; isAccepted: boolean }[]) => {
    await post('/message-grants', { id, answers })
    await subjects.again()
  })
  const shown = (subjects.data ?? []).filter(({ subject }) => about === undefined || subject === about)
  if (shown.length === 0) return null
  if (shown.every(({ left }) => left > 0)) return <StatusLine kind="ok">微信会提醒您</StatusLine>
  // WeChat asks only in the tap itself, so nothing is waited for before it.
  const ask = async () => {
    const answers = await askMessages(shown.map(({ templateId }) => templateId))
    if (answers === null) return setRefused(true)
    const isYes = ({ templateId }: SubjectView) => answers.get(templateId) === true
    setRefused(!shown.some(isYes))
    await keep.run(shown.map((one) => ({ subject: one.subject, isAccepted: isYes(one) })))
  }
  return (
    <View className="stack">
      <Button kind="line" icon="bell" className="btn-wide" busy={keep.busy} onTap={ask}>
        {words}
      </Button>
      {refused && <View className="t2">没关系，消息里一直看得到</View>}
      <FailureLine failure={keep.failure} />
    </View>
  )
}
