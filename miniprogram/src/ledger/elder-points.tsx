import { View } from '@tarojs/components'
import { useState } from 'react'
import { pointsText, signedPointsText } from '../../../shared/core/amounts'
import { dayOf } from '../../../shared/core/time'
import type { Page as PageOf } from '../../../shared/core/view'
import type { EntryView, MyPoints } from '../../../shared/ledger/view'
import { BigButton, Button } from '../components/button'
import { Card, List, ListRow, Section } from '../components/card'
import { MorePages } from '../components/more-pages'
import { Page } from '../components/page'
import { EmptyState, Loaded } from '../components/states'
import { PointsFigure } from '../components/words'
import { get } from '../core/call'
import { go } from '../core/go'
import { useSession } from '../core/session'
import { useNow } from '../core/use-now'
import { usePages } from '../core/use-pages'
import { useQuery } from '../core/use-query'
import { dayWords } from '../core/words'
import type { Cared } from '../elder/cared'
import { ELDER_HOME, ForElder } from '../elder/for-elder'
import { Expiring } from './expiring'
import { Why } from './why'

/** 我的爱心分: how many there are, what they buy, and where each came from. */
export default function ElderPointsPage() {
  const word = useSession()?.me?.pointsWord ?? '爱心分'
  return (
    <ForElder title={word} scope="redeem">
      {(cared) => <Points cared={cared} word={word} />}
    </ForElder>
  )
}

function Points({ cared, word }: { cared: Cared; word: string }) {
  const elderId = cared.isSelf ? undefined : cared.elderId
  const points = useQuery(`points.of.${cared.elderId}`, () => get<MyPoints>('/points/mine', { elderId }), {
    keptAs: `points.of.${cared.elderId}`,
  })
  return (
    <Page
      title={cared.isSelf ? `我的${word}` : `${cared.name}的${word}`}
      back={ELDER_HOME}
      foot={
        <View className="stack">
          <BigButton icon="gift" onTap={() => go('/redemption/catalogue', { elderId })}>
            换东西
          </BigButton>
          {cared.isSelf && (
            <Button kind="line" icon="heart" className="btn-wide" onTap={() => go('/ledger/apart/give')}>
              送给家人，捐出去
            </Button>
          )}
          <Button kind="text" onTap={() => go('/redemption/mine', { elderId })}>
            换过的东西
          </Button>
          {!cared.isSelf && (
            <Button kind="text" onTap={() => go('/ledger/apart/closing', { elderId: cared.elderId })}>
              老人去世或迁走了
            </Button>
          )}
        </View>
      }
    >
      <Loaded query={points} failed={`没能打开${word}`}>
        {(mine) => (
          <View className="stack">
            <Card>
              <PointsFigure points={pointsText(mine.account?.availableMilliPoints ?? '0')} notes={notesOf(mine)} />
            </Card>
            <Expiring giving={mine} />
          </View>
        )}
      </Loaded>
      <Entries cared={cared} word={word} />
    </Page>
  )
}

/** Only what isn't nothing: a row of zeros says nothing to anybody. */
function notesOf({ account, waitingMilliPoints }: MyPoints): { label: string; value: string }[] {
  const all = [
    { label: '等社区核实', value: pointsText(waitingMilliPoints) },
    { label: '留着换东西', value: pointsText(account?.heldMilliPoints ?? '0') },
  ]
  return all.filter(({ value }) => value !== '0')
}

function Entries({ cared, word }: { cared: Cared; word: string }) {
  const elderId = cared.isSelf ? undefined : cared.elderId
  const entries = usePages(
    `entries.of.${cared.elderId}`,
    (cursor) => get<PageOf<EntryView>>('/points/mine/entries', { elderId, limit: 20, cursor }),
    { keptAs: `entries.of.${cared.elderId}` },
  )
  return (
    <Section title="怎么来的">
      <Loaded query={entries.first} failed="没能打开明细">
        {() =>
          entries.items.length === 0 ? (
            <EmptyState title={`还没有${word}`} note="帮别人一次，就有了" drawing="eggs" />
          ) : (
            <View className="stack">
              <List>
                {entries.items.map((entry) => (
                  <EntryRow key={`${entry.transactionId}${entry.no}`} entry={entry} />
                ))}
              </List>
              <MorePages pages={entries} />
            </View>
          )
        }
      </Loaded>
    </Section>
  )
}

function EntryRow({ entry }: { entry: EntryView }) {
  const [asking, setAsking] = useState(false)
  const today = dayOf(useNow(60))
  return (
    <>
      <ListRow
        title={entry.title}
        note={
          <>
            <View>{dayWords(dayOf(new Date(entry.happenedAt)), today)}</View>
            {entry.formula !== null && <View>{entry.formula}</View>}
          </>
        }
        amount={signedPointsText(entry.amountMilliPoints)}
        onTap={() => setAsking(true)}
      />
      {asking && <Why entry={entry} onClose={() => setAsking(false)} />}
    </>
  )
}
