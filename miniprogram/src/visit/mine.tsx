import { useState } from 'react'
import type { Page as PageOf } from '../../../shared/core/view'
import type { VisitView } from '../../../shared/visit/view'
import { servedWords } from '../../../shared/visit/words'
import { BigButton, Button } from '../components/button'
import { List, ListRow } from '../components/card'
import { Page } from '../components/page'
import { EmptyState, FailureLine, Loaded } from '../components/states'
import { Dotted, StatusLine } from '../components/words'
import { get } from '../core/call'
import { go } from '../core/go'
import { scanPlate } from '../core/tabs'
import { useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { useQuery } from '../core/use-query'
import { lengthWords, spanText } from '../core/words'
import { visitAmount, visitStatus } from './words'

/** 服务记录: each with a status and a reason. */
export default function MyVisitsPage() {
  const first = useQuery('visits.mine', () => get<PageOf<VisitView>>('/visits/mine', { limit: 20 }), {
    keptAs: 'visits.mine',
  })
  const [older, setOlder] = useState<PageOf<VisitView> | null>(null)
  const next = older === null ? (first.data?.next ?? null) : older.next
  const more = useAction(async (_id, cursor: string) => {
    const page = await get<PageOf<VisitView>>('/visits/mine', { limit: 20, cursor })
    setOlder({ items: [...(older?.items ?? []), ...page.items], next: page.next })
  })
  return (
    <Page title="服务记录" back="/person/me">
      <Loaded query={first} failed="没能打开服务记录">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="还没有帮过忙" note="扫老人家门口的牌子就能开始">
              <BigButton icon="scan" onTap={scanPlate}>
                扫一扫
              </BigButton>
            </EmptyState>
          ) : (
            <>
              <List>
                {[...items, ...(older?.items ?? [])].map((visit) => (
                  <VisitRow key={visit.id} visit={visit} />
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
    </Page>
  )
}

function VisitRow({ visit }: { visit: VisitView }) {
  const now = useNow(60)
  const status = visitStatus(visit)
  const names = servedWords(visit)
  const time = visit.checkOutAt === null ? null : spanText(new Date(visit.checkInAt), new Date(visit.checkOutAt), now)
  return (
    <ListRow
      title={<Dotted words={[names, visit.serviceName]} />}
      note={
        <Dotted
          words={[time, visit.servedSeconds !== null && lengthWords(visit.servedSeconds), visit.pointsSentence]}
        />
      }
      amount={visitAmount(visit)}
      status={<StatusLine kind={status.kind}>{status.words}</StatusLine>}
      onTap={() => go(visit.state === 'inProgress' ? '/visit/current' : '/visit/detail', { id: visit.id })}
    />
  )
}
