import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useEffect, useState } from 'react'
import { dayOf } from '../../../shared/core/time'
import { readCode } from '../../../shared/plate/rules'
import type { PublicPlate, ScanView } from '../../../shared/plate/view'
import type { CurrentVisit } from '../../../shared/visit/view'
import { BigButton, Button } from '../components/button'
import { Card, Fact, Mark, Who } from '../components/card'
import { CodeEntry } from '../components/code-entry'
import { CheckRow } from '../components/field'
import { Page } from '../components/page'
import { FailureLine, Loaded, Loading } from '../components/states'
import { StatusLine } from '../components/words'
import { get, isOffline, post } from '../core/call'
import { now } from '../core/clock'
import { dial } from '../core/dial'
import { goFresh, goInstead, goLogin } from '../core/go'
import { findPlace } from '../core/location'
import { useSession } from '../core/session'
import { scanPlate } from '../core/tabs'
import { useAction } from '../core/use-action'
import { useQuery } from '../core/use-query'
import { dateWords } from '../core/words'
import { doOrKeep } from '../queue/queue'
import { isDesk } from '../session/powers'
import { OfflineDoor } from './offline-door'
import { ServiceChoice } from './service-choice'

type Door = Extract<ScanView, { kind: 'door' }>
const HOME = '/order/today'
/** What a visit may serve at once, as the server has it. */
const MOST_HELPED = 4

/** What a code is: for everybody who runs it; for a helper, whose door, and one tap to begin. */
export default function CodePage() {
  const { q = '' } = useRouter().params
  const code = decoded(q)
  const session = useSession()
  if (code === '') return <NothingScanned />
  if (readCode(code)?.kind === 'invitation') return <Invited code={code} />
  return session === null ? <PublicCode code={code} /> : <ScannedCode code={code} />
}

/** An elder's invitation, scanned where plates are scanned: it has a page of its own. */
function Invited({ code }: { code: string }) {
  useEffect(() => void goInstead('/elder/apart/accept', { q: code }), [code])
  return (
    <Page title="扫码结果" back={HOME}>
      <Loading />
    </Page>
  )
}

function NothingScanned() {
  return (
    <Page title="扫牌子" back={HOME}>
      <View className="stack">
        <View className="h1">还没有扫到牌子</View>
        <BigButton icon="scan" onTap={scanPlate}>
          扫门口的牌子
        </BigButton>
        <CodeEntry onCode={(code) => goInstead('/plate/code', { q: code })} />
      </View>
    </Page>
  )
}

/** WeChat hands the address over encoded once more than the browser does. */
function decoded(q: string): string {
  try {
    return decodeURIComponent(q)
  } catch {
    return q
  }
}

/** Any camera: who runs this plate and the hotline, and nothing about the elder. */
function PublicCode({ code }: { code: string }) {
  const token = /[0-9A-Za-z]{31}/.exec(code)?.[0] ?? 'unknown'
  const plate = useQuery(`plate.${token}`, () => get<PublicPlate>(`/public/plates/${token}`))
  return (
    <Page title="睦邻">
      <Loaded query={plate} failed="没能看出这是什么码">
        {({ state, agencyName, hotline, programmeName }) => (
          <>
            <Mark
              icon={state === 'inForce' ? 'heart' : 'alert'}
              tone={state === 'inForce' ? 'ok' : 'warn'}
              title={
                state === 'inForce' ? programmeName : state === 'revoked' ? '这个牌子已经换过了' : '这不是我们的门牌'
              }
              note={agencyName}
            />
            <Card>
              <Fact label="谁在管">{agencyName}</Fact>
              <Fact label="服务热线" strong>
                {hotline}
              </Fact>
            </Card>
            {state === 'inForce' && <View className="t2">志愿者登录以后，扫这个牌子就能开始帮忙</View>}
            <View className="stack">
              <Button kind="line" icon="phone" className="btn-wide" onTap={() => dial(hotline)}>
                打电话
              </Button>
              <BigButton onTap={goLogin}>我是志愿者，去登录</BigButton>
            </View>
          </>
        )}
      </Loaded>
    </Page>
  )
}

function ScannedCode({ code }: { code: string }) {
  const scan = useQuery(`scan.${code}`, () => post<ScanView>('/scans', { code }))
  const failure = scan.data === null ? scan.failure : null
  const session = useSession()
  if (failure?.code === 'NOT_ALLOWED') return <PublicCode code={code} />
  if (failure !== null && isOffline(failure) && session?.me?.member)
    return <OfflineDoor code={code} again={scan.again} />
  return <ScanAnswer query={scan} code={code} />
}

function ScanAnswer({ query, code }: { query: ReturnType<typeof useQuery<ScanView>>; code: string }) {
  const { data } = query
  if (data?.kind === 'door') return <DoorPage door={data} code={code} />
  if (data?.kind === 'redemption') return <RedemptionHandOver code={code} />
  return (
    <Page title="扫码结果" back={HOME}>
      <Loaded query={query} failed="没能看出这是谁家的牌子">
        {(answer) => ('sentence' in answer ? <NotOurs answer={answer} /> : null)}
      </Loaded>
    </Page>
  )
}

function RedemptionHandOver({ code }: { code: string }) {
  return (
    <Page
      title="扫码结果"
      back={HOME}
      foot={<BigButton onTap={() => goInstead('/redemption/fulfil', { q: code })}>去看这个兑换码</BigButton>}
    >
      <Mark icon="gift" title="这是兑换码" note="请在兑换点打开" />
    </Page>
  )
}

function NotOurs({ answer }: { answer: Extract<ScanView, { sentence: string }> }) {
  const words = {
    unknown: '这不是我们的门牌',
    revoked: '这个牌子已经换过了',
    foreign: '这个牌子是别的地方的',
    stale: '这个动态码现在不能用',
  }
  return (
    <>
      <Mark
        icon="alert"
        tone="warn"
        title={words[answer.kind]}
        note={answer.sentence === words[answer.kind] ? undefined : answer.sentence}
      />
      <Card>
        <Fact label="可以问">{answer.agencyName}</Fact>
        <Fact label="电话" strong>
          {answer.hotline}
        </Fact>
      </Card>
      <View className="stack">
        <BigButton icon="scan" onTap={scanPlate}>
          再扫一次
        </BigButton>
        <Button kind="line" icon="phone" className="btn-wide" onTap={() => dial(answer.hotline)}>
          打电话
        </Button>
        <CodeEntry onCode={(code) => goInstead('/plate/code', { q: code })} />
      </View>
    </>
  )
}

/** Whose door it is, whether I may help, and one tap to begin. */
function DoorPage({ door, code }: { door: Door; code: string }) {
  const me = useSession()?.me ?? null
  const isStaff = me !== null && isDesk(me)
  const able = door.elders.filter((one) => one.whyNot === null)
  // where many meet one says whom one helps; at a home it is who lives there
  const [elderIds, setElderIds] = useState(() => (able.length > MOST_HELPED ? [] : able.map((one) => one.id)))
  const [serviceId, setServiceId] = useState(door.orderServiceId ?? door.services[0]?.id ?? '')
  const service = door.services.find((one) => one.id === serviceId)
  const chosen = door.activity === null ? door.elders : door.elders.filter((one) => elderIds.includes(one.id))
  const names = chosen.map((one) => one.calledName).join('、') || (door.site?.name ?? '')
  const begin = useAction(
    async (id, elders: string[], wanted: string) => {
      const place = await findPlace()
      const order: Record<string, string> =
        door.orderServiceId === wanted && door.orderId !== null ? { orderId: door.orderId } : {}
      const written = {
        ...{ code, elderIds: JSON.stringify(elders), serviceId: wanted, ...order },
        ...(place === null ? {} : { place: JSON.stringify(place) }),
      }
      const title = [names, service?.name].filter(Boolean).join(' · ')
      await doOrKeep({ id, kind: 'checkIn', body: written, title }, () =>
        post<CurrentVisit>('/visits', {
          id,
          code,
          elderIds: elders,
          serviceId: wanted,
          ...order,
          ...(place === null ? {} : { place }),
          deviceAt: now().toISOString(),
        }),
      )
      await goInstead('/visit/current')
    },
    { keptAs: `begin.${door.plateId}` },
  )
  const whyNot =
    door.whyNotSentence ??
    (able.length === 0 && door.site === null
      ? (door.elders[0]?.whyNotSentence ?? '不能在这里服务')
      : elderIds.length === 0 && door.site === null
        ? '请选一位老人'
        : elderIds.length > MOST_HELPED
          ? `一次最多选 ${MOST_HELPED} 位老人`
          : service === undefined
            ? '这里没有您能做的项目'
            : null)
  if (isStaff && door.whyNot !== null) return <StaffAtDoor door={door} code={code} />
  if (door.current !== null) return <AlreadyBusy door={door} code={code} current={door.current} />
  return (
    <Page
      title="扫码结果"
      back={HOME}
      foot={
        <BigButton icon="check" busy={begin.busy} whyNot={whyNot} onTap={() => begin.run(elderIds, serviceId)}>
          开始帮忙
        </BigButton>
      }
    >
      <Card>
        <Who
          name={door.activity ?? names}
          note={[door.regionName, door.site?.label, door.serial === '' ? '动态码' : `牌子 ${door.serial}`]
            .filter(Boolean)
            .join(' · ')}
        />
        {door.site !== null && <SiteFacts site={door.site} hasElders={able.length > 0} />}
        {(door.elders.length > 1 || door.site !== null) &&
          door.elders.map((one) => (
            <CheckRow
              key={one.id}
              words={one.whyNotSentence === null ? one.calledName : `${one.calledName}：${one.whyNotSentence}`}
              checked={elderIds.includes(one.id)}
              disabled={one.whyNot !== null}
              onTap={() =>
                setElderIds(elderIds.includes(one.id) ? elderIds.filter((id) => id !== one.id) : [...elderIds, one.id])
              }
            />
          ))}
        {door.site === null && (
          <Fact label="上次">
            {door.lastVisitDay === null ? '还没有人来过' : dateWords(door.lastVisitDay, dayOf(now()))}
          </Fact>
        )}
        {door.owedSentence !== null && <StatusLine kind="warn">{door.owedSentence}</StatusLine>}
      </Card>
      <ServiceChoice services={door.services} chosen={serviceId} asked={door.orderServiceId} onChoose={setServiceId} />
      <View className="t3 cap">按「开始帮忙」时记一次位置，不给也能用</View>
      <FailureLine failure={begin.failure} />
    </Page>
  )
}

/** A place where people come together: one helps there, whoever comes; the staff of the place say who was there. */
function SiteFacts({ site, hasElders }: { site: NonNullable<Door['site']>; hasElders: boolean }) {
  return (
    <>
      {site.address !== '' && <Fact label="地址">{site.address}</Fact>}
      {site.openingHours !== '' && <Fact label="时间">{site.openingHours}</Fact>}
      <Fact label="谁确认">现场的工作人员</Fact>
      <View className="t3">{hasElders ? '专门帮哪位老人，就选哪位' : '在这里专门帮一位老人，请扫老人的卡'}</View>
    </>
  )
}

/** The same plate in service is kept as evidence for the exit and opens 服务中; another one asks to end there first. */
function AlreadyBusy({ door, code, current }: { door: Door; code: string; current: NonNullable<Door['current']> }) {
  const seen = useAction(
    async (id) => {
      const place = await findPlace()
      await post(`/visits/${current.visitId}/scans`, {
        id,
        code,
        ...(place === null ? {} : { place }),
        deviceAt: now().toISOString(),
      })
      await goInstead('/visit/current')
    },
    { keptAs: `seen.${current.visitId}` },
  )
  return (
    <Page
      title="扫码结果"
      back={HOME}
      foot={
        current.here ? (
          <BigButton busy={seen.busy} onTap={() => seen.run()}>
            去结束这次帮忙
          </BigButton>
        ) : (
          <BigButton onTap={() => goInstead('/visit/current')}>先结束那边</BigButton>
        )
      }
    >
      <Mark
        icon="clock"
        tone="wait"
        title={`您${current.here ? '正在' : '还在'}${current.calledName}${current.atHome ? '家' : ''}帮忙`}
        note={
          current.here ? '这次扫码会记作结束的凭证' : `结束以后，再来扫${door.elders[0]?.calledName ?? '这里'}的牌子`
        }
      />
      <FailureLine failure={seen.failure} />
      <Button kind="text" onTap={() => goFresh(HOME)}>
        回首页
      </Button>
    </Page>
  )
}

/** Staff who aren't helpers come to a door to check it, not to serve. */
function StaffAtDoor({ door, code }: { door: Door; code: string }) {
  return (
    <Page
      title="扫码结果"
      back="/report/field"
      foot={<BigButton onTap={() => goInstead('/elder/door', { q: code })}>到户核对</BigButton>}
    >
      <Card>
        <Who
          name={door.site?.name ?? door.elders.map((one) => one.calledName).join('、')}
          note={`${door.regionName} · 牌子 ${door.serial}`}
        />
      </Card>
    </Page>
  )
}
