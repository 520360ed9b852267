import { View } from '@tarojs/components'
import { useState } from 'react'
import { type Day, dayOf } from '../../../shared/core/time'
import type { ElderDetail } from '../../../shared/elder/view'
import { CATEGORIES, CATEGORY_WORDS } from '../../../shared/elder/words'
import { Button } from '../components/button'
import { List, ListRow, Section } from '../components/card'
import { Sheet } from '../components/sheet'
import { FailureLine } from '../components/states'
import { post } from '../core/call'
import { useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { dateWords } from '../core/words'
import { categoryWord } from './words'

interface TagsProps {
  elder: ElderDetail
  mayChange: boolean
  again: () => Promise<void>
}

/** The categories an elder holds: they decide how often somebody has to come. They begin and end on a day. */
export function Tags({ elder, mayChange, again }: TagsProps) {
  const today = dayOf(useNow(60))
  const [adding, setAdding] = useState(false)
  const held = elder.tags.filter(({ validTo }) => validTo === null || validTo >= today)
  const free = CATEGORIES.filter((category) => !held.some((tag) => tag.category === category))
  const add = useAction(async (id, category: string, validFrom: Day) => {
    await post(`/elders/${elder.id}/tags`, { id, category, validFrom })
    setAdding(false)
    await again()
  })
  return (
    <Section
      title="类别"
      action={
        mayChange && free.length > 0 ? (
          <Button kind="text" label="加一个类别" onTap={() => setAdding(true)}>
            加一个
          </Button>
        ) : undefined
      }
    >
      {held.length === 0 ? (
        <View className="t2">没有特殊困难类别</View>
      ) : (
        <List>
          {held.map((tag) => (
            <TagRow key={tag.id} elderId={elder.id} tag={tag} today={today} mayChange={mayChange} again={again} />
          ))}
        </List>
      )}
      {adding && (
        <Sheet title="从今天起是哪一类？" onClose={() => setAdding(false)}>
          <FailureLine failure={add.failure} />
          {free.map((category) => (
            <Button
              key={category}
              kind="line"
              className="btn-wide"
              busy={add.busy}
              onTap={() => add.run(category, today)}
            >
              {CATEGORY_WORDS[category]}
            </Button>
          ))}
        </Sheet>
      )}
    </Section>
  )
}

interface TagRowProps {
  elderId: string
  tag: ElderDetail['tags'][number]
  today: Day
  mayChange: boolean
  again: () => Promise<void>
}

function TagRow({ elderId, tag, today, mayChange, again }: TagRowProps) {
  const [sure, setSure] = useState(false)
  const word = categoryWord(tag.category)
  const end = useAction(async (_id, validTo: Day) => {
    await post(`/elders/${elderId}/tags/${tag.id}/ending`, { validTo })
    setSure(false)
    await again()
  })
  const isEnding = tag.validTo !== null
  return (
    <>
      <ListRow
        title={word}
        note={isEnding ? `到 ${dateWords(tag.validTo ?? '', today)} 为止` : `${dateWords(tag.validFrom, today)}起`}
        action={
          mayChange && !isEnding ? (
            <Button kind="quiet" label={`结束${word}`} onTap={() => setSure(true)}>
              结束
            </Button>
          ) : undefined
        }
      />
      {sure && (
        <Sheet title={`今天起不再是“${word}”？`} onClose={() => setSure(false)}>
          <View className="t2">以前的记录不变，探访要求从明天起按新的算。</View>
          <FailureLine failure={end.failure} />
          <Button kind="fill" className="btn-wide" busy={end.busy} onTap={() => end.run(today)}>
            {end.busy ? '请稍等…' : '到今天为止'}
          </Button>
        </Sheet>
      )}
    </>
  )
}
