import { View } from '@tarojs/components'
import { dayOf } from '../../../../shared/core/time'
import type { MyPairings } from '../../../../shared/pairing/view'
import { List, ListRow } from '../../components/card'
import { Page } from '../../components/page'
import { EmptyState, Loaded } from '../../components/states'
import { Dotted, StatusLine } from '../../components/words'
import { get } from '../../core/call'
import { useNow } from '../../core/use-now'
import { useQuery } from '../../core/use-query'
import { dateWords } from '../../core/words'

type Pair = MyPairings[number]

/** 我结对的老人: who is waiting for me, and whether we signed. */
export default function PairedPage() {
  const pairs = useQuery('pairings.mine', () => get<MyPairings>('/pairings/mine'), { keptAs: 'pairings.mine' })
  return (
    <Page title="我结对的老人" back="/order/today">
      <View className="stack">
        <Loaded query={pairs} failed="没能打开结对的老人" rows={3}>
          {(all) =>
            all.length === 0 ? (
              <EmptyState title="您还没有结对的老人" note="想和哪位老人结对，跟村里说一声" />
            ) : (
              <List>
                {all.map((pair) => (
                  <PairRow key={pair.id} pair={pair} />
                ))}
              </List>
            )
          }
        </Loaded>
      </View>
    </Page>
  )
}

function PairRow({ pair }: { pair: Pair }) {
  const today = dayOf(useNow(60))
  const last = pair.lastVisitDay === null ? '还没有人去过' : `上次 ${dateWords(pair.lastVisitDay, today)}`
  return (
    <ListRow
      title={<Dotted words={[`${pair.elderName}家`, pair.regionName]} />}
      note={<Dotted words={[last, pair.agreementSentence]} />}
      status={
        pair.owedSentence === null ? (
          <StatusLine kind="ok">都去过了</StatusLine>
        ) : (
          <StatusLine kind="warn">{pair.owedSentence}</StatusLine>
        )
      }
    />
  )
}
