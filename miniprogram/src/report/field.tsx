import { View } from '@tarojs/components'
import { useState } from 'react'
import type { IconName } from '../../../shared/core/pictures'
import { dayOf } from '../../../shared/core/time'
import type { Me } from '../../../shared/session/view'
import { BigButton, Button } from '../components/button'
import { List, ListRow, Section } from '../components/card'
import { Choices } from '../components/field'
import { Page } from '../components/page'
import { EmptyState, Loaded } from '../components/states'
import { Dotted, StatusLine } from '../components/words'
import { now as clockNow } from '../core/clock'
import { useFace, wearElderFace } from '../core/face'
import { go, goFresh } from '../core/go'
import { lunarWords } from '../core/lunar'
import { scanCode } from '../core/scan-code'
import { Tabs } from '../core/tabs'
import { useNow } from '../core/use-now'
import { useQuery } from '../core/use-query'
import { weekdayWords } from '../core/words'
import { WaitingBanner } from '../queue/waiting-banner'
import { ForStaff } from '../session/for-staff'
import { useFreshMe } from '../session/me'
import { isDesk, keepsRegisters } from '../session/powers'
import { type Field, readField, type Todo, type TodoKind, todosOf } from './todos'

const FIRST = 3

/** 今日: what is left to do in my villages, and where each of it is done. */
export default function FieldPage() {
  return (
    <ForStaff title="今日" may={isDesk}>
      {(me) => <Today me={me} />}
    </ForStaff>
  )
}

function Today({ me }: { me: Me }) {
  useFreshMe()
  const isRegistrar = keepsRegisters(me)
  const field = useQuery(`field.${isRegistrar}`, () => readField(isRegistrar, clockNow()), { keptAs: 'field' })
  const place = me.roles.find(({ role }) => role !== 'redemptionPoint')?.regionName ?? '今日'
  return (
    <Page
      title={place}
      icon="place"
      tabBar={<Tabs current="/report/field" />}
      foot={
        isRegistrar ? (
          <BigButton icon="scan" onTap={scanDoor}>
            扫门牌，到户核对
          </BigButton>
        ) : undefined
      }
    >
      <View className="stack">
        <WaitingBanner />
        <Loaded query={field} failed="没能打开今天要办的事" rows={4}>
          {(data) => <Todos field={data} isRegistrar={isRegistrar} />}
        </Loaded>
      </View>
    </Page>
  )
}

async function scanDoor(): Promise<void> {
  const code = await scanCode()
  if (code !== null) await go('/elder/door', { q: code })
}

type Shown = 'all' | TodoKind
const KINDS: Record<TodoKind, { words: string; verb: string; icon: IconName; act: string }> = {
  call: { words: '电话回访', verb: '回访', icon: 'phone', act: '打电话' },
  order: { words: '派单', verb: '派单', icon: 'family', act: '去派单' },
  visit: { words: '探访', verb: '探访', icon: 'elder', act: '看档案' },
}

function Todos({ field, isRegistrar }: { field: Field; isRegistrar: boolean }) {
  const now = useNow(60)
  const [shown, setShown] = useState<Shown>('all')
  const todos = todosOf(field, now)
  const counts: Record<TodoKind, number> = {
    call: field.calls.length,
    order: field.orders.items.length,
    visit: field.missingCount,
  }
  const total = counts.call + counts.order + counts.visit
  const kinds: TodoKind[] = isRegistrar ? ['call', 'order', 'visit'] : ['order', 'visit']
  const options = [
    { value: 'all' as const, words: `全部 ${total}` },
    ...kinds.map((kind) => ({ value: kind, words: `${KINDS[kind].verb} ${counts[kind]}` })),
  ]
  return (
    <>
      <Headline total={total} now={now} />
      {total === 0 ? (
        <EmptyState title="今天都办完了" note="有新的事会出现在这里">
          <Button kind="line" className="btn-wide" onTap={() => goFresh('/elder/list')}>
            看看老人
          </Button>
        </EmptyState>
      ) : (
        <>
          <Choices label="看哪一种" role="tab" layout="even" options={options} value={shown} onChange={setShown} />
          {kinds
            .filter((kind) => (shown === 'all' || shown === kind) && counts[kind] > 0)
            .map((kind) => (
              <TodoList
                key={kind}
                kind={kind}
                count={counts[kind]}
                todos={todos.filter((one) => one.kind === kind)}
                isWhole={shown === kind}
              />
            ))}
        </>
      )}
      {isRegistrar && (
        <>
          <Button kind="line" className="btn-wide" onTap={() => go('/order/apart/desk')}>
            等人接的需求
          </Button>
          <Button kind="line" className="btn-wide" onTap={() => go('/visit/apart/sites')}>
            互助点和活动，现场确认
          </Button>
        </>
      )}
    </>
  )
}

function Headline({ total, now }: { total: number; now: Date }) {
  const face = useFace()
  return (
    <View className="row between">
      <View>
        <View className="h1">{total === 0 ? '没有要办的' : `还有 ${total} 件要办`}</View>
        <View className="t2">
          <Dotted words={[lunarWords(dayOf(now)), weekdayWords(dayOf(now))]} />
        </View>
      </View>
      <Button kind="line" onTap={() => wearElderFace(!face.elder)}>
        {face.elder ? '标准版' : '长辈版'}
      </Button>
    </View>
  )
}

/** Where all of a kind are. */
const LISTS: Record<TodoKind, () => unknown> = {
  call: () => goFresh('/visit/calls'),
  order: () => go('/order/apart/desk'),
  visit: () => goFresh('/elder/list?state=notVisited'),
}

function TodoList({ kind, count, todos, isWhole }: { kind: TodoKind; count: number; todos: Todo[]; isWhole: boolean }) {
  const first = isWhole ? todos : todos.slice(0, FIRST)
  return (
    <Section
      title={KINDS[kind].words}
      action={
        count > first.length ? (
          <Button kind="text" label={`看全部 ${count} 件${KINDS[kind].words}`} onTap={LISTS[kind]}>
            看全部 {count} 件
          </Button>
        ) : undefined
      }
    >
      <List>
        {first.map((todo) => (
          <ListRow
            key={todo.key}
            head={
              <StatusLine kind={todo.status.kind} pill>
                {todo.status.words}
              </StatusLine>
            }
            title={<Dotted words={[todo.name, todo.regionName]} />}
            note={todo.note}
            action={
              <Button
                icon={KINDS[kind].icon}
                label={`${KINDS[kind].act}，${todo.name}`}
                onTap={() => go(todo.page, todo.params)}
              >
                {KINDS[kind].act}
              </Button>
            }
          />
        ))}
      </List>
    </Section>
  )
}
