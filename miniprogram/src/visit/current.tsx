import { View } from '@tarojs/components'
import { useState } from 'react'
import type { CurrentVisit, VisitDetail } from '../../../shared/visit/view'
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

const HOME = '/order/today'

/** 服务中: how long it has been, what is done, and the end of it. */
export default function CurrentVisitPage() {
  const current = useQuery('visit.current', () => get<{ visit: CurrentVisit | null }>('/visits/current'), {
    keptAs: 'visit.current',
  })
  const visit = current.data?.visit ?? null
  if (visit !== null) return <InService visit={visit} query={current} />
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

function InService({ visit, query }: { visit: CurrentVisit; query: Query<unknown> }) {
  const hotline = useHotline()
  const time = useNow(15)
  const [done, setDone] = useState<string[]>(visit.tasksDone)
  const began = new Date(visit.checkInAt)
  const seconds = Math.max(0, Math.floor((time.getTime() - began.getTime()) / 1000))
  const enough = seconds >= visit.minSeconds
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
      const finished = await post<VisitDetail>(`/visits/${visit.id}/check-out`, body)
      await goInstead('/visit/summary', { id: finished.id })
    },
    { keptAs: `finish.${visit.id}` },
  )
  const scanToFinish = async () => {
    const code = await scanCode()
    if (code !== null) await finish.run(code, done)
  }
  const names = visit.elders.map((one) => one.name).join('、')
  return (
    <Page
      title="服务中"
      back={HOME}
      footSticks
      foot={
        <View className="stack">
          <BigButton icon="check" busy={finish.busy} onTap={() => finish.run(null, done)}>
            帮完了
          </BigButton>
          <Button kind="line" icon="scan" className="btn-wide" onTap={scanToFinish}>
            扫牌子结束，凭证更足
          </Button>
        </View>
      }
    >
      <FailureBanner query={query} />
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
      {visit.tasks.length > 0 && (
        <Section title="做了什么" note={`已做 ${done.length} / ${visit.tasks.length}`}>
          <Card>
            {visit.tasks.map((task) => (
              <CheckRow
                key={task}
                words={task}
                checked={done.includes(task)}
                onTap={() => setDone(done.includes(task) ? done.filter((one) => one !== task) : [...done, task])}
              />
            ))}
          </Card>
        </Section>
      )}
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
