import { View } from '@tarojs/components'
import { dayOf } from '../../../shared/core/time'
import type { Page as PageOf } from '../../../shared/core/view'
import type { VisitView } from '../../../shared/visit/view'
import { BigButton } from '../components/button'
import { List, ListRow } from '../components/card'
import { catalogueIcon, Icon } from '../components/icon'
import { MorePages } from '../components/more-pages'
import { Page } from '../components/page'
import { EmptyState, Loaded } from '../components/states'
import { type StatusKind, StatusLine } from '../components/words'
import { get } from '../core/call'
import { go } from '../core/go'
import { useNow } from '../core/use-now'
import { usePages } from '../core/use-pages'
import { dayWords, lengthWords, partOfDay } from '../core/words'
import type { Cared } from '../elder/cared'
import { ELDER_HOME, ForElder } from '../elder/for-elder'

/** 来过的人: who came, when, for what, and what was said about it. */
export default function CamePage() {
  return <ForElder title="来过的人">{(cared) => <Came cared={cared} />}</ForElder>
}

function Came({ cared }: { cared: Cared }) {
  const visits = usePages(
    `came.${cared.elderId}`,
    (cursor) => get<PageOf<VisitView>>('/visits/mine', { elderId: cared.elderId, limit: 20, cursor }),
    { keptAs: `came.${cared.elderId}` },
  )
  return (
    <Page title={cared.isSelf ? '来过的人' : `来看过${cared.name}的人`} back={ELDER_HOME}>
      <Loaded query={visits.first} failed="没能打开来过的人">
        {() =>
          visits.items.length === 0 ? (
            <EmptyState title="还没有人来过" note="要人帮忙，点下面">
              <BigButton onTap={() => go('/order/ask')}>请人帮忙</BigButton>
            </EmptyState>
          ) : (
            <View className="stack">
              <List>
                {visits.items.map((visit) => (
                  <CameRow key={visit.id} visit={visit} />
                ))}
              </List>
              <MorePages pages={visits} />
            </View>
          )
        }
      </Loaded>
    </Page>
  )
}

/** A row that still waits for a word leads to the question, one that has it to what was said. */
function CameRow({ visit }: { visit: VisitView }) {
  const today = dayOf(useNow(60))
  const began = new Date(visit.checkInAt)
  const when = `${dayWords(dayOf(began), today)}${partOfDay(began)}`
  const { kind, words } = STATES[visit.state]
  const row = {
    lead: <Icon name={catalogueIcon(visit.serviceIcon)} size={32} />,
    title: visit.memberName,
    note: (
      <>
        <View>
          {when}，{visit.serviceName}
        </View>
        {visit.servedSeconds !== null && <View>一共 {lengthWords(visit.servedSeconds)}</View>}
      </>
    ),
    status: <StatusLine kind={kind}>{words}</StatusLine>,
  }
  if (visit.state === 'inProgress') return <ListRow {...row} />
  return <ListRow {...row} onTap={() => go('/visit/confirm', { visitId: visit.id })} />
}

const STATES: Record<VisitView['state'], { kind: StatusKind; words: string }> = {
  inProgress: { kind: 'wait', words: '正在帮忙' },
  finished: { kind: 'wait', words: '等您说一声' },
  confirmed: { kind: 'ok', words: '说来过了' },
  disputed: { kind: 'warn', words: '说没来过' },
  approved: { kind: 'ok', words: '社区核实了' },
  returned: { kind: 'none', words: '社区没通过' },
}
