import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { dayOf } from '../../../shared/core/time'
import type { WaitingConfirmation } from '../../../shared/visit/view'
import { CALL_REASONS, type CallReason } from '../../../shared/visit/words'
import { Button } from '../components/button'
import { Card, Fact, List, ListRow, Section } from '../components/card'
import { Choices } from '../components/field'
import { Page } from '../components/page'
import { EmptyState, FailureLine, Loaded } from '../components/states'
import { Dotted, Heading, StatusLine } from '../components/words'
import { get, post } from '../core/call'
import { dial } from '../core/dial'
import { go, goFresh } from '../core/go'
import { Tabs } from '../core/tabs'
import { useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { useQuery } from '../core/use-query'
import { clockText, dayWords, lengthWords, spanText } from '../core/words'
import { readSealed } from '../elder/reveal'
import { ForStaff } from '../session/for-staff'
import { isDesk, keepsRegisters } from '../session/powers'
import type { Confirmations } from './confirmations'

type Reply = 'yes' | 'no' | 'unsure'
const PURPOSE = '电话回访'
const SCORES = ['1', '2', '3', '4', '5'].map((value) => ({ value, words: value }))
const REPLIES: Record<Reply, string> = { yes: '说来过了', no: '说没来过', unsure: '说记不清' }

/** 电话回访: visits that nobody has confirmed yet; staff telephone the elder and write down the answer. */
export default function CallsPage() {
  return (
    <ForStaff title="电话回访" may={isDesk}>
      {(me) => (keepsRegisters(me) ? <Calls /> : <OnlyReaders />)}
    </ForStaff>
  )
}

/** Auditors have the tab too; what they decide on, they decide at the desk. */
function OnlyReaders() {
  return (
    <Page title="核实" tabBar={<Tabs current="/visit/calls" />}>
      <EmptyState title="您不用打电话" note="审核请到电脑上办，这里由村和镇街来打">
        <Button kind="line" className="btn-wide" onTap={() => goFresh('/person/me')}>
          要一个电脑登录码
        </Button>
      </EmptyState>
    </Page>
  )
}

function Calls() {
  const { visitId, elderId } = useRouter().params
  const calls = useQuery('calls', () => get<Confirmations>('/confirmations/desk'), { keptAs: 'calls' })
  const [redone, setRedone] = useState<WaitingConfirmation | null>(null)
  const answered = async () => {
    setRedone(null)
    await calls.again()
  }
  return (
    <Page title="电话回访" tabBar={<Tabs current="/visit/calls" />}>
      <Loaded query={calls} failed="没能打开要打的电话" rows={4}>
        {({ waiting, recent }) => {
          const chosen = waiting.find((one) => one.visitId === visitId && one.elderId === elderId)
          const others = waiting.filter((one) => one !== chosen)
          return (
            <>
              {redone !== null && (
                <Section title="改一下刚才的回答">
                  <Call item={redone} again={answered} />
                </Section>
              )}
              {waiting.length === 0 ? (
                <EmptyState title="现在没有要打的电话" note="老人没回应的服务，会出现在这里">
                  <Button kind="line" className="btn-wide" onTap={() => goFresh('/report/field')}>
                    看今天要办的事
                  </Button>
                </EmptyState>
              ) : (
                <View className="stack">
                  <View className="h1">要问 {waiting.length} 位老人</View>
                  {[...(chosen === undefined ? [] : [chosen]), ...others].map((one) => (
                    <Call key={`${one.visitId}${one.elderId}`} item={one} again={answered} />
                  ))}
                </View>
              )}
              {recent.length > 0 && <Answered items={recent} onRedo={setRedone} />}
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}

/** One visit, one telephone call, one answer. */
function Call({ item, again }: { item: WaitingConfirmation; again: () => Promise<void> }) {
  const now = useNow(60)
  const [phone, setPhone] = useState<string | null>(null)
  const call = useAction(async () => {
    const opened = phone ?? (await readSealed(item.elderId, 'phone', PURPOSE)).value
    setPhone(opened)
    await dial(opened)
  })
  const answer = useAction(
    async (id, reply: Reply, satisfaction: string | null) => {
      await post(`/visits/${item.visitId}/calls`, {
        id,
        elderId: item.elderId,
        reached: true,
        answer: reply,
        ...(satisfaction === null ? {} : { satisfaction: Number(satisfaction) }),
      })
      await again()
    },
    { keptAs: `phoned.${item.visitId}.${item.elderId}` },
  )
  const missed = useAction(
    async (id) => {
      await post(`/visits/${item.visitId}/calls`, { id, elderId: item.elderId, reached: false })
      setPhone(null)
      await again()
    },
    { keptAs: `missed.${item.visitId}.${item.elderId}` },
  )
  return (
    <Card className="stack">
      <View>
        <View className="row between">
          <Heading>
            <Dotted words={[item.elderName, item.regionName]} />
          </Heading>
          <Button
            kind="text"
            label={`看记录，${item.elderName}这一次`}
            onTap={() => go('/visit/detail', { id: item.visitId })}
          >
            看记录
          </Button>
        </View>
        {item.missedCallAt !== null && (
          <StatusLine kind="none">
            {dayWords(dayOf(new Date(item.missedCallAt)), dayOf(now))} {clockText(new Date(item.missedCallAt))} 没打通
            {item.missedCalls > 1 && `，一共 ${item.missedCalls} 次`}
          </StatusLine>
        )}
        {item.callReason !== null && <Fact label="为什么打">{CALL_REASONS[item.callReason as CallReason]}</Fact>}
        <Fact label="谁来过">{item.memberName}</Fact>
        <Fact label="什么时候">{spanText(new Date(item.checkInAt), new Date(item.checkOutAt), now)}</Fact>
        <Fact label="做什么">
          {item.serviceName}，{lengthWords(item.servedSeconds)}
        </Fact>
      </View>
      <FailureLine failure={call.failure ?? missed.failure ?? answer.failure} />
      {phone === null && item.hasPhone ? (
        <Button
          icon="phone"
          className="btn-wide"
          busy={call.busy}
          label={`给${item.elderName}打电话`}
          onTap={() => call.run()}
        >
          打电话
        </Button>
      ) : (
        <Answers
          item={item}
          phone={phone}
          busy={answer.busy || missed.busy}
          onCall={() => call.run()}
          onMissed={() => missed.run()}
          onAnswer={answer.run}
        />
      )}
    </Card>
  )
}

interface AnswersProps {
  item: WaitingConfirmation
  /** Null where there is no number: then one asks at the door. */
  phone: string | null
  busy: boolean
  onCall: () => unknown
  onMissed: () => unknown
  onAnswer: (reply: Reply, satisfaction: string | null) => unknown
}

function Answers({ item, phone, busy, onCall, onMissed, onAnswer }: AnswersProps) {
  const [content, setContent] = useState<string | null>(null)
  return (
    <>
      {phone === null ? (
        <StatusLine kind="warn">没有电话，请当面问</StatusLine>
      ) : (
        <Button kind="text" icon="phone" label={`${phone}，再给${item.elderName}打一次`} onTap={onCall}>
          {phone}
        </Button>
      )}
      <View className="h3">问一句：{item.memberName}来帮过您吗？</View>
      <View className="t2">满意吗？1 到 5 分，不说就不选</View>
      <Choices label="满意几分" layout="even" options={SCORES} value={content} onChange={setContent} />
      <View className="two">
        <Button kind="line" busy={busy} label={`${item.elderName}说是，来过了`} onTap={() => onAnswer('yes', content)}>
          是，来过了
        </Button>
        <Button kind="line" busy={busy} label={`${item.elderName}说没来过`} onTap={() => onAnswer('no', content)}>
          没来过
        </Button>
        <Button kind="quiet" busy={busy} label={`${item.elderName}说记不清`} onTap={() => onAnswer('unsure', content)}>
          记不清
        </Button>
        {phone !== null && (
          <Button kind="quiet" busy={busy} label={`${item.elderName}的电话没打通`} onTap={onMissed}>
            没打通
          </Button>
        )}
      </View>
    </>
  )
}

interface AnsweredProps {
  items: WaitingConfirmation[]
  onRedo: (item: WaitingConfirmation) => void
}

/** What was answered lately: within a day it is put right by asking again, later it can only be looked up. */
function Answered({ items, onRedo }: AnsweredProps) {
  const now = useNow(60)
  return (
    <Section title="刚问过的">
      <List>
        {items.map((one) => (
          <AnsweredRow key={`${one.visitId}${one.elderId}`} item={one} now={now} onRedo={() => onRedo(one)} />
        ))}
      </List>
    </Section>
  )
}

function AnsweredRow({ item, now, onRedo }: { item: WaitingConfirmation; now: Date; onRedo: () => void }) {
  const { elderName, memberName, answer, answeredAt, canCorrectUntil } = item
  const at = answeredAt === null ? null : new Date(answeredAt)
  const row = {
    head:
      answer === null ? undefined : <StatusLine kind={answer === 'yes' ? 'ok' : 'warn'}>{REPLIES[answer]}</StatusLine>,
    title: <Dotted words={[elderName, memberName]} />,
    note: at === null ? undefined : `${dayWords(dayOf(at), dayOf(now))} ${clockText(at)}`,
  }
  if (canCorrectUntil !== null && now < new Date(canCorrectUntil))
    return (
      <ListRow
        {...row}
        action={
          <Button kind="quiet" label={`改一下${elderName}的回答`} onTap={onRedo}>
            改一下
          </Button>
        }
      />
    )
  return <ListRow {...row} onTap={() => go('/visit/detail', { id: item.visitId })} />
}
