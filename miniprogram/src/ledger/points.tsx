import { View } from '@tarojs/components'
import { useState } from 'react'
import { hoursText, pointsText, signedPointsText } from '../../../shared/core/amounts'
import { dayOf } from '../../../shared/core/time'
import type { Page as PageOf } from '../../../shared/core/view'
import type { EntryView, MyPoints } from '../../../shared/ledger/view'
import { BigButton, Button } from '../components/button'
import { Card, List, ListRow, Section } from '../components/card'
import { Page } from '../components/page'
import { Sheet } from '../components/sheet'
import { EmptyState, FailureLine, Loaded } from '../components/states'
import { Dotted, PointsFigure, StatusLine } from '../components/words'
import { get } from '../core/call'
import { go } from '../core/go'
import { useSession } from '../core/session'
import { scanPlate, Tabs } from '../core/tabs'
import { useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { useQuery } from '../core/use-query'
import { dateWords } from '../core/words'
import { Expiring } from './expiring'
import { Why } from './why'

/** 积分: what can be used, what waits, and where each point comes from. */
export default function PointsPage() {
  const word = useSession()?.me?.pointsWord ?? '积分'
  const points = useQuery('points', () => get<MyPoints>('/points/mine'), { keptAs: 'points' })
  const [asking, setAsking] = useState(false)
  return (
    <Page title={word} tabBar={<Tabs current="/ledger/points" />}>
      <Loaded query={points} failed={`没能打开${word}`}>
        {(mine) => (
          <>
            <Card className="stack">
              <PointsFigure
                points={pointsText(mine.account?.availableMilliPoints ?? '0')}
                notes={[
                  { label: '审核中', value: pointsText(mine.waitingMilliPoints) },
                  { label: '兑换中', value: pointsText(mine.account?.heldMilliPoints ?? '0') },
                  { label: '累计', value: `${hoursText(mine.totalSeconds)} 小时` },
                  ...(mine.stars > 0 ? [{ label: '星级', value: `${mine.stars} 星` }] : []),
                  ...(mine.honourMilliPoints === '0'
                    ? []
                    : [{ label: '荣誉', value: pointsText(mine.honourMilliPoints) }]),
                ]}
              />
              <View className="two">
                <Button kind="fill" icon="gift" onTap={() => go('/redemption/catalogue')}>
                  兑换
                </Button>
                <Button kind="tint" icon="heart" onTap={() => go('/ledger/apart/give')}>
                  送人、捐出去
                </Button>
              </View>
              <View className="two">
                <Button kind="text" onTap={() => setAsking(true)}>
                  怎么算的
                </Button>
                <Button kind="text" onTap={() => go('/redemption/mine')}>
                  我的兑换码
                </Button>
              </View>
              <Button kind="text" onTap={() => go('/certificate/mine')}>
                证明与对账单
              </Button>
            </Card>
            <Expiring giving={mine} onTap={() => go('/ledger/apart/give')} />
            <Entries />
            {asking && (
              <Sheet title="怎么算的" onClose={() => setAsking(false)}>
                <View>{mine.formula}</View>
                {mine.schemeIsSample && <View className="t2">这套规则是示例，以本地公布的为准</View>}
              </Sheet>
            )}
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Entries() {
  const first = useQuery('points.entries', () => get<PageOf<EntryView>>('/points/mine/entries', { limit: 20 }), {
    keptAs: 'points.entries',
  })
  const [older, setOlder] = useState<PageOf<EntryView> | null>(null)
  const next = older === null ? (first.data?.next ?? null) : older.next
  const more = useAction(async (_id, cursor: string) => {
    const page = await get<PageOf<EntryView>>('/points/mine/entries', { limit: 20, cursor })
    setOlder({ items: [...(older?.items ?? []), ...page.items], next: page.next })
  })
  return (
    <Section title="明细">
      <Loaded query={first} failed="没能打开明细">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="还没有得过分" note="帮一次忙，老人确认后就有了">
              <BigButton icon="scan" onTap={scanPlate}>
                扫一扫，开始帮忙
              </BigButton>
            </EmptyState>
          ) : (
            <>
              <List>
                {[...items, ...(older?.items ?? [])].map((entry) => (
                  <EntryRow key={`${entry.transactionId}${entry.no}`} entry={entry} />
                ))}
              </List>
              <FailureLine failure={more.failure} />
              {next !== null && (
                <Button kind="line" className="btn-wide" busy={more.busy} onTap={() => more.run(next)}>
                  看以前的
                </Button>
              )}
            </>
          )
        }
      </Loaded>
    </Section>
  )
}

function EntryRow({ entry }: { entry: EntryView }) {
  const [asking, setAsking] = useState(false)
  const today = dayOf(useNow(60))
  const happened = dateWords(dayOf(new Date(entry.happenedAt)), today)
  const amount = signedPointsText(entry.amountMilliPoints)
  const row = {
    title: entry.title,
    note: <Dotted words={[happened, entry.formula]} />,
    amount,
    status: <StatusLine kind={entry.kind === 'REVERSE' ? 'none' : 'ok'}>{entry.kindWord}</StatusLine>,
  }
  return (
    <>
      <ListRow {...row} onTap={() => setAsking(true)} />
      {asking && <Why entry={entry} onClose={() => setAsking(false)} />}
    </>
  )
}
