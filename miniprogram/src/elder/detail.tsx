import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { dayOf } from '../../../shared/core/time'
import type { ElderDetail } from '../../../shared/elder/view'
import { EXIT_WORDS } from '../../../shared/elder/words'
import { BigButton, Button } from '../components/button'
import { Card, Fact, List, ListRow, Section, Who } from '../components/card'
import { Page } from '../components/page'
import { Loaded } from '../components/states'
import { StatusLine } from '../components/words'
import { get } from '../core/call'
import { go } from '../core/go'
import { useNow } from '../core/use-now'
import { useQuery } from '../core/use-query'
import { dateWords } from '../core/words'
import { ForStaff } from '../session/for-staff'
import { isDesk, keepsRegisters } from '../session/powers'
import { HomePoint } from './home-point'
import { Plates } from './plates'
import { Reveal } from './reveal'
import { Tags } from './tags'
import './detail.css'

const LIST = '/elder/list'

/** 老人档案, masked. Reached from a plate that was just scanned (`at=door`) the home point may be set. */
export default function ElderDetailPage() {
  const { id = '', at } = useRouter().params
  return (
    <ForStaff title="老人档案" may={isDesk}>
      {(me) => <Loading id={id} isAtDoor={at === 'door'} mayChange={keepsRegisters(me)} />}
    </ForStaff>
  )
}

function Loading({ id, isAtDoor, mayChange }: { id: string; isAtDoor: boolean; mayChange: boolean }) {
  const elder = useQuery(`elder.detail.${id}`, () => get<ElderDetail>(`/elders/${id}`))
  const { data } = elder
  if (data !== null)
    return (
      <Detail
        elder={data}
        isAtDoor={isAtDoor}
        mayChange={mayChange && !data.ended}
        mayClose={mayChange}
        again={elder.again}
      />
    )
  return (
    <Page title="老人档案" back={LIST}>
      <Loaded query={elder} failed="没能打开这份档案">
        {() => null}
      </Loaded>
    </Page>
  )
}

interface DetailProps {
  elder: ElderDetail
  isAtDoor: boolean
  mayChange: boolean
  /** also when the elder died or moved away: that is when it is needed */
  mayClose: boolean
  again: () => Promise<void>
}

function Detail({ elder, isAtDoor, mayChange, mayClose, again }: DetailProps) {
  const ask = () => go('/order/ask', { elderId: elder.id, name: elder.maskedName })
  return (
    <Page
      title="老人档案"
      back={LIST}
      foot={
        mayChange && !isAtDoor ? (
          <BigButton icon="visits" onTap={ask}>
            替老人请人帮忙
          </BigButton>
        ) : undefined
      }
    >
      <View className="stack">
        <Summary elder={elder} mayChange={mayChange} />
        {mayChange && isAtDoor && (
          <HomePoint path={`/elders/${elder.id}/home-point`} where="家门口" isSet={elder.hasHomePoint} again={again} />
        )}
        <Owed elder={elder} />
      </View>
      <Plates elder={elder} mayChange={mayChange} again={again} />
      <Tags elder={elder} mayChange={mayChange} again={again} />
      <Others elder={elder} />
      {mayChange && (
        <Section title="需求">
          <View className="stack">
            {isAtDoor && (
              <Button kind="line" className="btn-wide" onTap={ask}>
                替老人请人帮忙
              </Button>
            )}
            <Button kind="line" className="btn-wide" onTap={() => go('/plate/screen', { elderId: elder.id })}>
              打开动态码，给志愿者扫
            </Button>
            <Button kind="line" className="btn-wide" onTap={() => go('/order/asked', { elderId: elder.id })}>
              看要过的帮忙
            </Button>
          </View>
        </Section>
      )}
      {mayClose && (
        <Section title="积分">
          <Button kind="line" className="btn-wide" onTap={() => go('/ledger/apart/closing', { elderId: elder.id })}>
            去世或迁走：积分怎么办
          </Button>
        </Section>
      )}
    </Page>
  )
}

const SEX: Record<string, string> = { male: '男', female: '女' }

function Summary({ elder, mayChange }: { elder: ElderDetail; mayChange: boolean }) {
  const about = [elder.age === null ? null : `${elder.age} 岁`, SEX[elder.sex], elder.regionName]
  return (
    <Card className="stack">
      <Who name={elder.maskedName} note={about.filter(Boolean).join('，')} />
      {elder.ended && (
        <StatusLine kind="none" pill>
          已经不在服务名单里
        </StatusLine>
      )}
      <View className="sealed">
        <Fact
          label="电话"
          side={
            mayChange && elder.maskedPhone !== null ? (
              <Reveal elderId={elder.id} field="phone" name={elder.maskedName} />
            ) : undefined
          }
        >
          {elder.maskedPhone ?? '没有电话，请当面问'}
        </Fact>
        {elder.maskedPhone !== null && !elder.ownPhone && <View className="t2">这是家人的电话</View>}
        <Fact
          label="住址"
          side={mayChange ? <Reveal elderId={elder.id} field="address" name={elder.maskedName} /> : undefined}
        >
          {elder.maskedAddress}
        </Fact>
      </View>
    </Card>
  )
}

/** How often somebody has to come, whether somebody did, and why not just now. */
function Owed({ elder }: { elder: ElderDetail }) {
  const today = dayOf(useNow(60))
  const away = elder.exits.find(
    ({ validFrom, validTo }) => validFrom <= today && (validTo === null || validTo >= today),
  )
  return (
    <Card>
      <Fact label="要求" strong>
        {elder.requirements.length === 0 ? '没有探访要求' : elder.requirements.map((one) => one.sentence).join('；')}
      </Fact>
      <Fact
        label="上次"
        side={
          elder.visitedThisMonth === null ? undefined : elder.visitedThisMonth ? (
            <StatusLine kind="ok">本月去过</StatusLine>
          ) : (
            <StatusLine kind="warn">本月没去</StatusLine>
          )
        }
      >
        {elder.lastVisitDay === null ? '还没有人去过' : dateWords(elder.lastVisitDay, today)}
      </Fact>
      {away !== undefined && (
        <Fact label="暂停">
          {exitWord(away.kind)}，{dateWords(away.validFrom, today)}起
          {away.validTo === null ? '' : `，到 ${dateWords(away.validTo, today)}`}
        </Fact>
      )}
    </Card>
  )
}

function exitWord(kind: string): string {
  return Object.entries(EXIT_WORDS).find(([code]) => code === kind)?.[1] ?? kind
}

/** Who lives behind the same door, whom to ask, who may act. */
function Others({ elder }: { elder: ElderDetail }) {
  const proxies = elder.proxies.filter(({ revokedAt }) => revokedAt === null)
  return (
    <>
      {elder.household.length > 0 && (
        <Section title="住在一起">
          <List>
            {elder.household.map((one) => (
              <ListRow key={one.id} title={one.maskedName} onTap={() => go('/elder/detail', { id: one.id })} />
            ))}
          </List>
        </Section>
      )}
      {elder.contacts.length + proxies.length > 0 && (
        <Section title="家人">
          <List>
            {elder.contacts.map((one) => (
              <ListRow key={one.id} title={one.maskedName} note={`${one.relation}，${one.maskedPhone}`} />
            ))}
            {proxies.map((one) => (
              <ListRow key={one.id} title={one.maskedName} note={`${one.relation}，替老人办事`} />
            ))}
          </List>
        </Section>
      )}
    </>
  )
}
