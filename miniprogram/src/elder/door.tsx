import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { dayOf } from '../../../shared/core/time'
import type { ScanView } from '../../../shared/plate/view'
import { Banner } from '../components/banner'
import { BigButton, Button } from '../components/button'
import { Card, List, ListRow, Mark, Who } from '../components/card'
import { CodeEntry } from '../components/code-entry'
import { Page } from '../components/page'
import { Loaded } from '../components/states'
import { PhoneNumber, StatusLine } from '../components/words'
import { isOffline, post } from '../core/call'
import { dial } from '../core/dial'
import { go, goInstead } from '../core/go'
import { scanCode } from '../core/scan-code'
import { useNow } from '../core/use-now'
import { useQuery } from '../core/use-query'
import { dateWords } from '../core/words'
import { ForStaff } from '../session/for-staff'
import { keepsRegisters } from '../session/powers'
import { FieldCheck } from './field-check'
import { HomePoint } from './home-point'

const HOME = '/report/field'
type Door = Extract<ScanView, { kind: 'door' }>

/** 到户核对: staff at a door have scanned its plate; everybody who lives behind it. */
export default function DoorPage() {
  const { q = '' } = useRouter().params
  return (
    <ForStaff title="到户核对" may={keepsRegisters}>
      {() => (q === '' ? <NothingScanned /> : <Scanned code={decoded(q)} />)}
    </ForStaff>
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

async function scanAgain(): Promise<void> {
  const code = await scanCode()
  if (code !== null) await goInstead('/elder/door', { q: code })
}

function NothingScanned() {
  return (
    <Page title="到户核对" back={HOME}>
      <View className="stack">
        <View className="h1">到谁家了？</View>
        <BigButton icon="scan" onTap={scanAgain}>
          扫门口的牌子
        </BigButton>
        <CodeEntry onCode={(code) => goInstead('/elder/door', { q: code })} />
      </View>
    </Page>
  )
}

function Scanned({ code }: { code: string }) {
  const scan = useQuery(`door.${code}`, () => post<ScanView>('/scans', { code }))
  const isAway = scan.data === null && scan.failure !== null && isOffline(scan.failure)
  if (isAway)
    return (
      <Page title="到户核对" back={HOME}>
        <Banner
          icon="offline"
          title="没有网络，照样能核查"
          note="已记在手机里，有网就上传。点这里再试"
          onTap={scan.again}
        />
        <FieldCheck code={code} title={namesBehind(code)} />
      </Page>
    )
  return (
    <Page title="到户核对" back={HOME}>
      <Loaded query={scan} failed="没能看出这是谁家的牌子">
        {(answer) =>
          answer.kind !== 'door' ? (
            <NotADoor answer={answer} />
          ) : answer.site === null ? (
            <Behind door={answer} code={code} />
          ) : (
            <AtSite site={answer.site} note={`${answer.regionName} · 牌子 ${answer.serial}`} />
          )
        }
      </Loaded>
    </Page>
  )
}

/** A site's plate: where it hangs is noted once, so that visits to it are compared with that. */
function AtSite({ site, note }: { site: NonNullable<Door['site']>; note: string }) {
  return (
    <View className="stack">
      <Card>
        <Who name={site.name} note={note} />
      </Card>
      <HomePoint path={`/organisations/${site.id}/point`} where="这里" isSet={site.hasPoint} />
      <Button kind="line" className="btn-wide" onTap={() => go('/visit/apart/sites')}>
        谁来过，现场确认
      </Button>
    </View>
  )
}

function Behind({ door, code }: { door: Door; code: string }) {
  const today = dayOf(useNow(60))
  return (
    <View className="stack">
      <View>
        <View className="h1">{door.regionName}</View>
        <View className="t2">牌子 {door.serial}</View>
      </View>
      {door.owedSentence !== null && (
        <StatusLine kind="warn" pill>
          {door.owedSentence}
        </StatusLine>
      )}
      <List>
        {door.elders.map((elder) => (
          <ListRow
            key={elder.id}
            title={elder.calledName}
            note={door.lastVisitDay === null ? '还没有人去过' : `上次 ${dateWords(door.lastVisitDay, today)}`}
            onTap={() => go('/elder/detail', { id: elder.id, at: 'door' })}
          />
        ))}
      </List>
      <View className="t2">点一位，核对档案、记位置、换牌子</View>
      <FieldCheck code={code} title={door.elders.map((one) => one.maskedName).join('、')} />
    </View>
  )
}

/** Staff take no doors along: without a network the number of the plate says which it was. */
function namesBehind(code: string): string {
  return `牌子 ${code.slice(-8)}`
}

function NotADoor({ answer }: { answer: Exclude<ScanView, { kind: 'door' }> }) {
  if (answer.kind === 'redemption')
    return <Mark icon="gift" tone="wait" title="这是兑换码" note="请到兑换点用，这里扫门牌" />
  return (
    <View className="stack">
      <Mark icon="alert" tone="warn" title="不是能用的门牌" note={answer.sentence} />
      <BigButton icon="scan" onTap={scanAgain}>
        再扫一次
      </BigButton>
      <Button kind="line" icon="phone" className="btn-wide" onTap={() => dial(answer.hotline)}>
        打电话 <PhoneNumber number={answer.hotline} />
      </Button>
      <CodeEntry onCode={(code) => goInstead('/elder/door', { q: code })} />
    </View>
  )
}
