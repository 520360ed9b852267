import { Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import type { QueueEvent } from '../../../shared/queue/input'
import type { VisitDetail, WaitingConfirmation } from '../../../shared/visit/view'
import { Answer, BigButton, Button } from '../components/button'
import { Mark, Who } from '../components/card'
import { FailureBanner } from '../components/failure-banner'
import { Page } from '../components/page'
import { ReadAloud } from '../components/read-aloud'
import { EmptyState, FailureLine, Loaded } from '../components/states'
import { PhoneNumber } from '../components/words'
import { post } from '../core/call'
import { dial } from '../core/dial'
import { useFace } from '../core/face'
import { go, goBack } from '../core/go'
import { useHotline } from '../core/hotline'
import { type Action, useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import type { Query } from '../core/use-query'
import { lengthWords, spanWords } from '../core/words'
import { addressed, type Cared } from '../elder/cared'
import { ELDER_HOME, ForElder } from '../elder/for-elder'
import { KEPT_WORDS } from '../queue/kept-note'
import { doOrKeep, useItems } from '../queue/queue'
import { useConfirmations, waitingFor } from './confirmations'
import { Smiles } from './smiles'

type Reply = 'yes' | 'no' | 'unsure'
/** An answer that was given: it stays on the screen until it is tapped away. */
interface Given {
  item: WaitingConfirmation
  answer: Reply
  canCorrectUntil: string | null
  /** on the phone only, so far */
  isKept?: boolean
}

/** 请确认: one question, two answers. Opened by a message it is about one visit, else about what waits longest. */
export default function ConfirmPage() {
  return (
    <ForElder title="请确认" scope="confirm">
      {(cared) => <Confirm cared={cared} />}
    </ForElder>
  )
}

function Confirm({ cared }: { cared: Cared }) {
  const { visitId } = useRouter().params
  const confirmations = useConfirmations()
  const [given, setGiven] = useState<Given | null>(null)
  const [correcting, setCorrecting] = useState<WaitingConfirmation | null>(null)
  const answer = useAction(async (id, item: WaitingConfirmation, reply: Reply) => {
    const how = cared.isSelf ? 'app' : 'proxy'
    const said = { elderId: item.elderId, answer: reply, how }
    const wish = {
      ...{ id, kind: 'confirm' as const, body: { visitId: item.visitId, ...said } },
      title: `${item.memberName} · ${item.serviceName}：${REPLIES[reply].words}`,
    }
    const visit = await doOrKeep(wish, () => post<VisitDetail>(`/visits/${item.visitId}/confirmation`, { id, ...said }))
    const canCorrectUntil = visit?.confirmation?.canCorrectUntil ?? null
    setGiven({ item, answer: reply, canCorrectUntil, isKept: visit === null })
    setCorrecting(null)
    await confirmations.again()
  })

  const { data } = confirmations
  const answered = new Set(
    useItems().flatMap(({ event, answer: told }) => (isAnswer(event) && told === null ? event.body.visitId : [])),
  )
  const waiting = data === null ? [] : waitingFor(cared, data).filter(({ visitId: id }) => !answered.has(id))
  const asked = visitId === undefined ? waiting[0] : waiting.find((one) => one.visitId === visitId)
  const item = correcting ?? asked ?? null
  const rest = waiting.filter((one) => one.visitId !== given?.item.visitId)
  if (given !== null)
    return (
      <Thanks
        given={given}
        rest={rest.length}
        onNext={() => setGiven(null)}
        onCorrect={() => {
          setCorrecting(given.item)
          setGiven(null)
        }}
      />
    )
  if (item !== null)
    return <Question key={item.visitId} cared={cared} item={item} answer={answer} query={confirmations} />
  const before = data?.recent.find((one) => one.visitId === visitId && one.elderId === cared.elderId) ?? null
  if (before !== null && before.answer !== null)
    return (
      <Thanks
        already
        given={{ item: before, answer: before.answer, canCorrectUntil: before.canCorrectUntil }}
        rest={0}
        onNext={() => goBack(ELDER_HOME)}
        onCorrect={() => setCorrecting(before)}
      />
    )
  return (
    <Page title="请确认" back={ELDER_HOME}>
      <Loaded query={confirmations} failed="没能打开要确认的事">
        {() => (
          <EmptyState title="现在没有要确认的" note="有人来帮过忙，会来问您">
            <BigButton onTap={() => goBack(ELDER_HOME)}>回首页</BigButton>
          </EmptyState>
        )}
      </Loaded>
    </Page>
  )
}

interface QuestionProps {
  cared: Cared
  item: WaitingConfirmation
  answer: Action<[WaitingConfirmation, Reply]>
  query: Query<unknown>
}

function Question({ cared, item, answer, query }: QuestionProps) {
  const now = useNow(60)
  const { scale } = useFace()
  const hotline = useHotline()
  const question = questionOf(cared, item)
  const facts = factsOf(item, now)
  const reply = (chosen: Reply) => answer.run(item, chosen)
  return (
    <Page
      title="请确认"
      back={ELDER_HOME}
      footSticks={scale === 1.5}
      foot={
        <View className="stack">
          <FailureLine failure={answer.failure} />
          <Answer answer="yes" busy={answer.busy} onTap={() => reply('yes')}>
            是，来过了
          </Answer>
          <Answer answer="no" busy={answer.busy} onTap={() => reply('no')}>
            没来过
          </Answer>
          <Button kind="text" busy={answer.busy} onTap={() => reply('unsure')}>
            记不清，请社区来问
          </Button>
        </View>
      }
    >
      <FailureBanner query={query} />
      <View className="row">
        <ReadAloud className="grow" text={`${item.memberName}。${question}${facts.flat().join('，')}。`} />
        <Button kind="card" icon="phone" className="grow" onTap={() => dial(hotline)}>
          打电话
        </Button>
      </View>
      <View className="section">
        <Who name={item.memberName} note={`${item.regionName}志愿者`} />
        <View className="question">{question}</View>
        <View className="facts">
          {facts.map((phrases) => (
            <View key={phrases.join()}>
              {phrases.map((phrase, index) => (
                <Text key={phrase} className="phrase">
                  {index + 1 < phrases.length ? `${phrase}，` : phrase}
                </Text>
              ))}
            </View>
          ))}
        </View>
      </View>
    </Page>
  )
}

/** "她来帮您了吗？"; to a proxy "她去帮王秀英了吗？" */
function questionOf(cared: Cared, item: WaitingConfirmation): string {
  return `${pronounOf(item)}${cared.isSelf ? '来' : '去'}帮${addressed(cared)}了吗？`
}

function pronounOf({ memberSex }: WaitingConfirmation): string {
  return memberSex === 'female' ? '她' : memberSex === 'male' ? '他' : '这位'
}

/** Begin, end and what, length: each a line that can be read in one breath, made of phrases that don't break. */
function factsOf(item: WaitingConfirmation, now: Date): string[][] {
  const [begin = '', end = ''] = spanWords(new Date(item.checkInAt), new Date(item.checkOutAt), now).split('到')
  return [[begin], [`到${end}`, item.serviceName], [`一共 ${lengthWords(item.servedSeconds)}`]]
}

const isAnswer = (event: QueueEvent): boolean => event.kind === 'confirm'

const REPLIES: Record<Reply, { words: string; next?: string }> = {
  yes: { words: '是，来过了' },
  no: { words: '没来过', next: '社区会去核实' },
  unsure: { words: '记不清', next: '社区会打电话问' },
}

interface ThanksProps {
  given: Given
  /** It was answered before, here or on another phone. */
  already?: boolean
  /** How many more wait. */
  rest: number
  onNext: () => unknown
  onCorrect: () => void
}

/** What was answered. It stays until it is tapped away, and may be corrected for a day. */
function Thanks({ given, already = false, rest, onNext, onCorrect }: ThanksProps) {
  const now = useNow(60)
  const hotline = useHotline()
  const correctable = given.canCorrectUntil !== null && now < new Date(given.canCorrectUntil)
  const { words, next } = REPLIES[given.answer]
  return (
    <Page
      title="请确认"
      back={ELDER_HOME}
      foot={
        <View className="stack">
          <BigButton onTap={rest > 0 ? onNext : () => goBack(ELDER_HOME)}>
            {rest > 0 ? `好，还有 ${rest} 件` : '好的'}
          </BigButton>
          {correctable ? (
            <Button kind="text" onTap={onCorrect}>
              点错了，改一下
            </Button>
          ) : (
            <Button kind="text" icon="phone" onTap={() => dial(hotline)}>
              要改，打电话 <PhoneNumber number={hotline} />
            </Button>
          )}
        </View>
      }
    >
      <View className="push" />
      <Mark
        icon="check-circle"
        title={already ? '这件事您说过了' : '谢谢您，记下了'}
        note={given.isKept === true ? KEPT_WORDS : next}
      />
      <View className="facts center">
        <View>{given.item.memberName}</View>
        <View>{given.item.serviceName}</View>
        <View className="strong">您说：{words}</View>
      </View>
      {given.answer === 'yes' && !already && given.isKept !== true && (
        <Smiles
          visitId={given.item.visitId}
          elderId={given.item.elderId}
          question={`${pronounOf(given.item)}帮得好不好？`}
        />
      )}
      <Button kind="line" className="btn-wide" onTap={() => go('/complaint/open', { visitId: given.item.visitId })}>
        哪里不对，告诉社区
      </Button>
      <View className="push" />
    </Page>
  )
}
