import { View } from '@tarojs/components'
import { useState } from 'react'
import { readCode } from '../../../shared/plate/rules'
import { Banner } from '../components/banner'
import { BigButton, Button } from '../components/button'
import { Card, Mark, Who } from '../components/card'
import { CheckRow } from '../components/field'
import { Page } from '../components/page'
import { FailureLine } from '../components/states'
import { goFresh, goInstead } from '../core/go'
import { findPlace } from '../core/location'
import { scanPlate } from '../core/tabs'
import { useAction } from '../core/use-action'
import { findDoor, keptDoors, namesOf } from '../queue/doors'
import { keepWish } from '../queue/queue'
import { useKeptVisits } from '../queue/visits'
import { ServiceChoice } from './service-choice'

const HOME = '/order/today'

/** A door without a network: whose it is if the phone took it along, and one tap to begin all the same. */
export function OfflineDoor({ code, again }: { code: string; again: () => Promise<void> }) {
  const { running } = useKeptVisits()
  const kind = readCode(code)?.kind
  if (kind !== 'door' && kind !== 'card' && kind !== 'token' && kind !== 'number')
    return <NotNow title="没有网络，这个码用不了" note="请扫门口的牌子，或者老人的卡" />
  if (running !== null) return <StillThere title={running.title} />
  return <Begin code={code} again={again} />
}

function NotNow({ title, note }: { title: string; note: string }) {
  return (
    <Page title="扫码结果" back={HOME} foot={<BigButton onTap={scanPlate}>再扫一次</BigButton>}>
      <Mark icon="offline" tone="warn" title={title} note={note} />
    </Page>
  )
}

function StillThere({ title }: { title: string }) {
  return (
    <Page
      title="扫码结果"
      back={HOME}
      foot={<BigButton onTap={() => goInstead('/visit/current')}>去结束那次帮忙</BigButton>}
    >
      <Mark icon="clock" tone="wait" title="您还在帮忙" note={title} />
      <Button kind="text" onTap={() => goFresh(HOME)}>
        回首页
      </Button>
    </Page>
  )
}

function Begin({ code, again }: { code: string; again: () => Promise<void> }) {
  const door = findDoor(code)
  const services = keptDoors()?.services ?? []
  const [elderIds, setElderIds] = useState(() => (door?.elders ?? []).map(({ id }) => id))
  const [serviceId, setServiceId] = useState(door?.serviceId ?? services[0]?.id ?? null)
  const service = services.find(({ id }) => id === serviceId)
  const called = (door?.elders ?? []).filter(({ id }) => elderIds.includes(id)).map(({ calledName }) => calledName)
  const begin = useAction(
    async (id, elders: string[], chosen: string | null) => {
      const place = await findPlace()
      const body = {
        code,
        ...(elders.length === 0 ? {} : { elderIds: JSON.stringify(elders) }),
        ...(chosen === null ? {} : { serviceId: chosen }),
        ...(door !== null && door.orderId !== null && door.serviceId === chosen ? { orderId: door.orderId } : {}),
        ...(place === null ? {} : { place: JSON.stringify(place) }),
      }
      const title = [called.join('、') || '扫了门牌', service?.name].filter(Boolean).join(' · ')
      await keepWish({ id, kind: 'checkIn', body, title })
      await goInstead('/visit/current')
    },
    { keptAs: `begin.${code.slice(-31)}` },
  )
  return (
    <Page
      title="扫码结果"
      back={HOME}
      foot={
        <BigButton
          icon="check"
          busy={begin.busy}
          whyNot={door !== null && elderIds.length === 0 ? '请选一位老人' : null}
          onTap={() => begin.run(elderIds, serviceId)}
        >
          开始帮忙
        </BigButton>
      }
    >
      <Banner icon="offline" title="没有网络，照样能开始" note="已记在手机里，有网就上传。点这里再试" onTap={again} />
      <Card>
        {door === null ? (
          <Who name="还看不出是谁家" note="上传以后就知道了" />
        ) : (
          <Who name={namesOf(door)} note={door.regionName} />
        )}
        {door !== null &&
          door.elders.length > 1 &&
          door.elders.map((one) => (
            <CheckRow
              key={one.id}
              words={one.calledName}
              checked={elderIds.includes(one.id)}
              onTap={() =>
                setElderIds(elderIds.includes(one.id) ? elderIds.filter((id) => id !== one.id) : [...elderIds, one.id])
              }
            />
          ))}
      </Card>
      <ServiceChoice services={services} chosen={serviceId} asked={door?.serviceId} onChoose={setServiceId} />
      <View className="t3 cap">按「开始帮忙」时记一次位置，不给也能用</View>
      <FailureLine failure={begin.failure} />
    </Page>
  )
}
