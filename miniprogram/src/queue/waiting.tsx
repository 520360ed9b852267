import { View } from '@tarojs/components'
import Taro from '@tarojs/taro'
import { useState } from 'react'
import { dayOf } from '../../../shared/core/time'
import { BigButton, Button } from '../components/button'
import { List, ListRow, Section } from '../components/card'
import { Page } from '../components/page'
import { EmptyState } from '../components/states'
import { StatusLine } from '../components/words'
import { goFresh, LOGIN } from '../core/go'
import { homeOf } from '../core/home'
import { useSession } from '../core/session'
import { useNow } from '../core/use-now'
import { clockText, dayWords } from '../core/words'
import { flush, type Item, isConflict, isUnread, isWaiting, markRead, textOf, useItems } from './queue'

/** 离线待传: what this phone did on its own, what became of it, and a way out for what can't be uploaded. */
export default function WaitingPage() {
  const me = useSession()?.me ?? null
  const items = useItems()
  const waiting = items.filter(isWaiting)
  const conflicts = items.filter(isConflict)
  const done = items.filter((item) => !isWaiting(item) && !isConflict(item))
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState<string | null>(null)
  const upload = async () => {
    setBusy(true)
    setSaid(null)
    setSaid((await flush()) ?? '都上传好了')
    setBusy(false)
  }
  const copy = async () => {
    await Taro.setClipboardData({ data: textOf(items) })
    setSaid('复制好了，可以发给社区')
  }
  if (items.length === 0)
    return (
      <Page title="等待上传" back="/person/me">
        <EmptyState title="没有等待上传的" note="没有网络时记下的，会在这里">
          <BigButton onTap={() => goFresh(me === null ? LOGIN : homeOf(me))}>回首页</BigButton>
        </EmptyState>
      </Page>
    )
  return (
    <Page title="等待上传" back="/person/me">
      {waiting.length > 0 && (
        <BigButton icon="export" busy={busy} onTap={upload}>
          现在上传
        </BigButton>
      )}
      <Button kind="line" className="btn-wide" onTap={copy}>
        复制成文字
      </Button>
      {items.some(isUnread) && (
        <Button kind="line" className="btn-wide" icon="check" onTap={markRead}>
          没算数的，我知道了
        </Button>
      )}
      {said !== null && <View className="t2">{said}</View>}
      <Part title="等待上传" items={waiting} />
      <Part title="没有算数" items={conflicts} />
      <Part title="已经上传" items={done} />
    </Page>
  )
}

function Part({ title, items }: { title: string; items: readonly Item[] }) {
  const now = useNow(60)
  if (items.length === 0) return null
  return (
    <Section title={title} note={`${items.length} 条`}>
      <List>
        {items.map(({ event, title: words, answer }) => {
          const at = new Date(event.wallAt)
          return (
            <ListRow
              key={event.id}
              title={words}
              note={[`${dayWords(dayOf(at), dayOf(now))} ${clockText(at)}`, answer?.sentence]
                .filter(Boolean)
                .join('，')}
              status={
                answer === null ? (
                  <StatusLine kind="wait">等待</StatusLine>
                ) : answer.outcome === 'done' ? (
                  <StatusLine kind="ok">算数</StatusLine>
                ) : (
                  <StatusLine kind="bad">不算</StatusLine>
                )
              }
            />
          )
        })}
      </List>
    </Section>
  )
}
