import { View } from '@tarojs/components'
import { useState } from 'react'
import type { Place } from '../../../shared/core/input'
import type { CurrentVisit, VisitDetail } from '../../../shared/visit/view'
import { servedWords } from '../../../shared/visit/words'
import { BigButton, Button } from '../components/button'
import { Card, Fact, Progress, Section, Who } from '../components/card'
import { FailureBanner } from '../components/failure-banner'
import { CheckRow } from '../components/field'
import { Page } from '../components/page'
import { EmptyState, FailureLine, Loaded } from '../components/states'
import { Figure } from '../components/words'
import { get, post } from '../core/call'
import { now } from '../core/clock'
import { dial } from '../core/dial'
import { goFresh, goInstead } from '../core/go'
import { useHotline } from '../core/hotline'
import { findPlace } from '../core/location'
import { scanCode } from '../core/scan-code'
import { scanPlate } from '../core/tabs'
import { useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { type Query, useQuery } from '../core/use-query'
import { clockText, lengthParts } from '../core/words'
import { keptDoors } from '../queue/doors'
import { KEPT_WORDS, KeptNote } from '../queue/kept-note'
import { doOrKeep, type Item, isWaiting, keepWish } from '../queue/queue'
import { markEnded, useKeptVisits } from '../queue/visits'
import { WaitingBanner } from '../queue/waiting-banner'
import { ScanAgain } from './scan-again'

const HOME = '/order/today'

/** 服务中: how long it has been, what is done, and the end of it. */
export default function CurrentVisitPage() {
  const current = useQuery('visit.current', () => get<{ visit: CurrentVisit | null }>('/visits/current'), {
    keptAs: 'visit.current',
  })
  const visit = current.data?.visit ?? null
  const { running, hasEnd } = useKeptVisits()
  const [keptEnd, setKeptEnd] = useState(false)
  if (keptEnd) return <KeptEnd />
  const onKept = () => setKeptEnd(true)
  if (running !== null && !isKnown(running, visit)) return <KeptInService item={running} onKept={onKept} />
  if (visit !== null && !hasEnd(visit.id)) return <InService visit={visit} query={current} onKept={onKept} />
  return (
    <Page title="服务中" back={HOME}>
      <Loaded query={current} failed="没能打开这次帮忙">
        {() => (
          <EmptyState title="现在没有在帮忙" note="扫老人家门口的牌子就能开始">
            <BigButton icon="scan" onTap={scanPlate}>
              扫一扫
            </BigButton>
          </EmptyState>
        )}
      </Loaded>
    </Page>
  )
}

/** Whether what began on this phone is what the server told of; what it told may be older. */
function isKnown({ event, answer }: Item, visit: CurrentVisit | null): boolean {
  return visit !== null && (visit.id === event.id || visit.id === answer?.subjectId)
}

/** The end is kept on the phone: it stays on the screen until it is tapped away. */
function KeptEnd() {
  return (
    <Page title="服务中" back={HOME} foot={<BigButton onTap={() => goFresh(HOME)}>好，知道了</BigButton>}>
      <View className="push" />
      <KeptNote title="辛苦了，记下了" />
      <Button kind="text" onTap={() => goInstead('/queue/waiting')}>
        看等待上传的
      </Button>
      <View className="push" />
    </Page>
  )
}

/** Begun without a network: what the phone knows of it, and the end of it. */
function KeptInService({ item, onKept }: { item: Item; onKept: () => void }) {
  const hotline = useHotline()
  const time = useNow(15)
  const [done, setDone] = useState<string[]>([])
  const { event, title } = item
  const tasks = keptDoors()?.services.find(({ id }) => id === event.body.serviceId)?.tasks ?? []
  const began = new Date(event.wallAt)
  const seconds = Math.max(0, Math.floor((time.getTime() - began.getTime()) / 1000))
  const finish = useAction(
    async (id, code: string | null, tasksDone: string[]) => {
      const place = await findPlace()
      await keepWish({ id, kind: 'checkOut', body: endBody(event.id, tasksDone, code, place), title })
      onKept()
    },
    { keptAs: `finish.${event.id}` },
  )
  return (
    <Page title="服务中" back={HOME} footSticks foot={<Ends finish={finish} done={done} />}>
      <WaitingBanner />
      <Card>
        <Who name={title} note={isWaiting(item) ? KEPT_WORDS : '已经上传'} />
        <Figure parts={lengthParts(seconds)} size="hero" />
        <View className="t2">{`${clockText(began)} 开始`}</View>
      </Card>
      <Tasks tasks={tasks} done={done} onChange={setDone} />
      <FailureLine failure={finish.failure} />
      <Card>
        <Fact
          label="有急事"
          side={
            <Button kind="danger" icon="siren" onTap={() => dial('120')}>
              打 120
            </Button>
          }
        >
          先救人，别的以后再说
        </Fact>
        <Fact
          label="社区"
          side={
            <Button icon="phone" onTap={() => dial(hotline)}>
              打电话
            </Button>
          }
        >
          {hotline}
        </Fact>
      </Card>
      <Button kind="text" onTap={() => goFresh(HOME)}>
        先回首页，时间照样在走
      </Button>
    </Page>
  )
}

function Tasks({ tasks, done, onChange }: { tasks: string[]; done: string[]; onChange: (done: string[]) => void }) {
  if (tasks.length === 0) return null
  return (
    <Section title="做了什么" note={`已做 ${done.length} / ${tasks.length}`}>
      <Card>
        {tasks.map((task) => (
          <CheckRow
            key={task}
            words={task}
            checked={done.includes(task)}
            onTap={() => onChange(done.includes(task) ? done.filter((one) => one !== task) : [...done, task])}
          />
        ))}
      </Card>
    </Section>
  )
}

function endBody(visitId: string, tasksDone: string[], code: string | null, place: Place | null) {
  return {
    ...{ visitId, tasksDone: JSON.stringify(tasksDone) },
    ...(code === null ? {} : { code }),
    ...(place === null ? {} : { place: JSON.stringify(place) }),
  }
}

interface InServiceProps {
  visit: CurrentVisit
  query: Query<unknown>
  onKept: () => void
}

function InService({ visit, query, onKept }: InServiceProps) {
  const hotline = useHotline()
  const time = useNow(15)
  const [done, setDone] = useState<string[]>(visit.tasksDone)
  const began = new Date(visit.checkInAt)
  const seconds = Math.max(0, Math.floor((time.getTime() - began.getTime()) / 1000))
  const enough = seconds >= visit.minSeconds
  const names = servedWords(visit)
  const finish = useAction(
    async (id, code: string | null, tasksDone: string[]) => {
      const place = await findPlace()
      const body = {
        id,
        tasksDone,
        deviceAt: now().toISOString(),
        ...(code === null ? {} : { code }),
        ...(place === null ? {} : { place }),
      }
      const wish = { id, kind: 'checkOut' as const, body: endBody(visit.id, tasksDone, code, place), title: names }
      const finished = await doOrKeep(wish, () => post<VisitDetail>(`/visits/${visit.id}/check-out`, body))
      markEnded(visit.id)
      if (finished === null) onKept()
      else await goInstead('/visit/summary', { id: finished.id })
    },
    { keptAs: `finish.${visit.id}` },
  )
  return (
    <Page title="服务中" back={HOME} footSticks foot={<Ends finish={finish} done={done} />}>
      <FailureBanner query={query} />
      <ScanAgain visit={visit} title={names} again={query.again} />
      <Card>
        <Who name={names} note={`${visit.regionName} · ${visit.serviceName}`} />
        <Figure parts={lengthParts(seconds)} size="hero" />
        <View className="t2">{`${clockText(began)} 开始`}</View>
        <Progress
          done={seconds / Math.max(visit.minSeconds, 1)}
          marks={[
            {
              at: 1,
              words: enough
                ? `满 ${Math.round(visit.minSeconds / 60)} 分钟了`
                : `满 ${Math.round(visit.minSeconds / 60)} 分钟开始计分`,
            },
          ]}
        />
      </Card>
      <Tasks tasks={visit.tasks} done={done} onChange={setDone} />
      <FailureLine failure={finish.failure} />
      <Card>
        <Fact
          label="有急事"
          side={
            <Button kind="danger" icon="siren" onTap={() => dial(visit.emergencyPhone)}>
              打 {visit.emergencyPhone}
            </Button>
          }
        >
          先救人，别的以后再说
        </Fact>
        <Fact
          label="社区"
          side={
            <Button icon="phone" onTap={() => dial(hotline)}>
              打电话
            </Button>
          }
        >
          {hotline}
        </Fact>
      </Card>
      <Button kind="text" onTap={() => goFresh(HOME)}>
        先回首页，时间照样在走
      </Button>
    </Page>
  )
}

interface EndsProps {
  finish: { busy: boolean; run: (code: string | null, tasksDone: string[]) => unknown }
  done: string[]
}

/** The two ways to end: one tap, or one more look at the plate. */
function Ends({ finish, done }: EndsProps) {
  const scanToFinish = async () => {
    const code = await scanCode()
    if (code !== null) await finish.run(code, done)
  }
  return (
    <View className="stack">
      <BigButton icon="check" busy={finish.busy} onTap={() => finish.run(null, done)}>
        帮完了
      </BigButton>
      <Button kind="line" icon="scan" className="btn-wide" onTap={scanToFinish}>
        扫牌子结束，凭证更足
      </Button>
    </View>
  )
}
