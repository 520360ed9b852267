import { View } from '@tarojs/components'
import { useState } from 'react'
import { pointsText } from '../../../../shared/core/amounts'
import { dayOf } from '../../../../shared/core/time'
import type { GiftView, GivingView, KinView } from '../../../../shared/member/view'
import { Answer, BigButton, Button } from '../../components/button'
import { Card, Fact, List, ListRow, Section } from '../../components/card'
import { Choices, errorOf, TextInput } from '../../components/field'
import { Page } from '../../components/page'
import { Sheet } from '../../components/sheet'
import { FailureLine, Loaded } from '../../components/states'
import { Heading, PointsFigure, StatusLine } from '../../components/words'
import { post } from '../../core/call'
import { go } from '../../core/go'
import { useSession } from '../../core/session'
import { useAction } from '../../core/use-action'
import { useNow } from '../../core/use-now'
import { dateWords } from '../../core/words'
import { Expiring } from '../expiring'
import { useGiving } from '../giving'

/** To whom points go: a relative, an elder, the pool, an organisation. */
type To = { to: 'kin' | 'elder' | 'pool' | 'organisation'; whom?: string; title: string; words: string }

/** 送出去: to relatives, to an elder, to the pool, to an organisation; and what others give to oneself. */
export default function GivePage() {
  const word = useSession()?.me?.pointsWord ?? '积分'
  const giving = useGiving()
  const [to, setTo] = useState<To | null>(null)
  return (
    <Page title={`送${word}`} back="/ledger/points">
      <Loaded query={giving} failed="没能打开这一页">
        {(mine) => (
          <>
            <Card className="stack">
              <PointsFigure points={pointsText(mine.availableMilliPoints)} notes={limitsOf(mine)} />
            </Card>
            <Expiring giving={mine} />
            <Waiting giving={mine} again={giving.again} />
            <ToKin giving={mine} onChoose={setTo} again={giving.again} />
            <ToOthers giving={mine} onChoose={setTo} />
            <Given gifts={mine.gifts} again={giving.again} />
            {to !== null && (
              <Giving key={to.whom ?? to.to} giving={mine} to={to} onClose={() => setTo(null)} again={giving.again} />
            )}
          </>
        )}
      </Loaded>
    </Page>
  )
}

function limitsOf({ yearLeftMilliPoints }: GivingView): { label: string; value: string }[] {
  return yearLeftMilliPoints === null ? [] : [{ label: '今年还能送', value: pointsText(yearLeftMilliPoints) }]
}

/** What others ask of oneself: is he a relative, does one want the points. Two taps from the home page. */
function Waiting({ giving, again }: { giving: GivingView; again: () => Promise<void> }) {
  const kin = giving.kin.filter((one) => one.mayAnswer)
  const gifts = giving.gifts.filter((one) => one.mayAnswer)
  return (
    <>
      {kin.map((one) => (
        <Question
          key={one.id}
          path={`/kin/${one.id}/answer`}
          title={`${one.name}是您的${one.relationWord}吗？`}
          note="说是，你们就能互相送"
          yes="是"
          no="不是"
          again={again}
        />
      ))}
      {gifts.map((one) => (
        <Question
          key={one.id}
          path={`/gifts/${one.id}/answer`}
          title={`${one.fromName}送您 ${pointsText(one.milliPoints)} 分`}
          note={one.note === '' ? '收下就归您了' : one.note}
          yes="收下"
          no="不要"
          again={again}
        />
      ))}
    </>
  )
}

interface QuestionProps {
  path: string
  title: string
  note: string
  yes: string
  no: string
  again: () => Promise<void>
}

function Question({ path, title, note, yes, no, again }: QuestionProps) {
  const say = useAction(async (_id, answer: 'yes' | 'no') => {
    await post(path, { answer })
    await again()
  })
  return (
    <Card className="stack">
      <View>
        <Heading>{title}</Heading>
        <View className="t2">{note}</View>
      </View>
      <FailureLine failure={say.failure} />
      <View className="two">
        <Answer answer="yes" busy={say.busy} onTap={() => say.run('yes')}>
          {yes}
        </Answer>
        <Answer answer="no" busy={say.busy} onTap={() => say.run('no')}>
          {no}
        </Answer>
      </View>
    </Card>
  )
}

function ToKin({
  giving,
  onChoose,
  again,
}: {
  giving: GivingView
  onChoose: (to: To) => void
  again: () => Promise<void>
}) {
  const [ending, setEnding] = useState<KinView | null>(null)
  const kin = giving.kin.filter((one) => !one.mayAnswer)
  return (
    <Section title="送给家人">
      <View className="stack">
        {giving.giftWhyNotSentence !== null && <View className="t2">{giving.giftWhyNotSentence}</View>}
        {kin.length > 0 && (
          <List>
            {kin.map((one) => (
              <ListRow
                key={one.id}
                title={one.name}
                note={one.whyNot === null ? one.relationWord : `${one.relationWord}，${reasonOf(one)}`}
                action={
                  giving.giftWhyNotSentence === null && one.whyNot === null ? (
                    <Button
                      label={`送出去，给${one.name}`}
                      onTap={() =>
                        onChoose({ to: 'kin', whom: one.id, title: `送给${one.name}`, words: agreementOf(giving) })
                      }
                    >
                      送出去
                    </Button>
                  ) : (
                    <Button kind="text" label={`删掉${one.name}`} onTap={() => setEnding(one)}>
                      删掉
                    </Button>
                  )
                }
              />
            ))}
          </List>
        )}
        <Button kind="line" icon="plus" className="btn-wide" onTap={() => go('/ledger/apart/kin')}>
          登记一位家人
        </Button>
      </View>
      {ending !== null && <Ending kin={ending} onClose={() => setEnding(null)} again={again} />}
    </Section>
  )
}

function reasonOf({ state, whyNotSentence }: KinView): string {
  return state === 'declared' ? '等对方或社区确认' : (whyNotSentence ?? '')
}

function agreementOf({ approval }: GivingView): string {
  if (approval === 'recipient') return '对方收下才算送到'
  return approval === 'staff' ? '社区同意后才算送到' : '点了就送到，不能收回'
}

function Ending({ kin, onClose, again }: { kin: KinView; onClose: () => void; again: () => Promise<void> }) {
  const end = useAction(async () => {
    await post(`/kin/${kin.id}/end`)
    await again()
    onClose()
  })
  return (
    <Sheet title={`删掉${kin.name}？`} onClose={onClose}>
      <View className="stack">
        <View>删掉以后，你们不能再互相送</View>
        <FailureLine failure={end.failure} />
        <Button kind="danger" className="btn-wide" busy={end.busy} onTap={() => end.run()}>
          删掉
        </Button>
      </View>
    </Sheet>
  )
}

function ToOthers({ giving, onChoose }: { giving: GivingView; onChoose: (to: To) => void }) {
  const [all, setAll] = useState(false)
  if (giving.donateTo.length === 0) return null
  const shown = all ? giving.organisations : giving.organisations.slice(0, ORGANISATIONS_FIRST)
  const hidden = giving.organisations.length - shown.length
  const least = pointsText(giving.donateLeastMilliPoints)
  const words = least === '0' ? '捐了就不能收回' : `至少 ${least} 分，不能收回`
  return (
    <Section title="捐出去">
      <List>
        {giving.donateTo.includes('pool') && (
          <ListRow
            title="公益池"
            note="留给最需要的老人"
            action={
              <Button label="捐出去，给公益池" onTap={() => onChoose({ to: 'pool', title: '捐给公益池', words })}>
                捐出去
              </Button>
            }
          />
        )}
        {giving.elders.map(({ id, name }) => (
          <ListRow
            key={id}
            title={name}
            note="您帮过的老人"
            action={
              <Button
                label={`捐出去，给${name}`}
                onTap={() => onChoose({ to: 'elder', whom: id, title: `捐给${name}`, words })}
              >
                捐出去
              </Button>
            }
          />
        ))}
        {shown.map(({ id, name, kindWord }) => (
          <ListRow
            key={id}
            title={name}
            note={kindWord}
            action={
              <Button
                label={`捐出去，给${name}`}
                onTap={() => onChoose({ to: 'organisation', whom: id, title: `捐给${name}`, words })}
              >
                捐出去
              </Button>
            }
          />
        ))}
      </List>
      {hidden > 0 && (
        <Button kind="text" className="btn-wide" onTap={() => setAll(true)}>
          {`还有 ${hidden} 个组织`}
        </Button>
      )}
    </Section>
  )
}

/** The nearest; who wants another asks for the rest. */
const ORGANISATIONS_FIRST = 3

const USUAL = ['1', '5', '10', '20'] as const
const MILLI = 1000n

/** "2.5" → "2500"; null for what is no amount of points. */
function milliPointsOf(text: string): string | null {
  const [, whole = '', rest = ''] = /^(\d{1,9})(?:\.(\d{1,3}))?$/.exec(text.trim()) ?? []
  const milli = whole === '' ? 0n : BigInt(whole) * MILLI + BigInt(rest.padEnd(3, '0'))
  return milli > 0n ? String(milli) : null
}

function Giving({
  giving,
  to,
  onClose,
  again,
}: {
  giving: GivingView
  to: To
  onClose: () => void
  again: () => Promise<void>
}) {
  const [amount, setAmount] = useState('')
  const [done, setDone] = useState(false)
  const milliPoints = milliPointsOf(amount)
  const available = BigInt(giving.availableMilliPoints)
  const chips = USUAL.filter((one) => BigInt(one) * MILLI <= available)
  const give = useAction(
    async (id, sent: string) => {
      const { to: kind, whom } = to
      await post('/gifts', { id, to: kind, ...(whom === undefined ? {} : { whom }), milliPoints: sent })
      setDone(true)
      await again()
    },
    { keptAs: `give.${to.whom ?? to.to}` },
  )
  const whyNot = milliPoints === null ? '先写多少分' : BigInt(milliPoints) > available ? 'POINTS_NOT_ENOUGH' : null
  if (done)
    return (
      <Sheet title={to.title} onClose={onClose}>
        <View className="stack">
          <Heading>好了，谢谢您</Heading>
          <View className="t2">{to.to === 'kin' && giving.approval !== 'none' ? agreementOf(giving) : '已经送到'}</View>
          <BigButton onTap={onClose}>知道了</BigButton>
        </View>
      </Sheet>
    )
  return (
    <Sheet title={to.title} onClose={onClose}>
      <View className="stack">
        <Fact label="能用的">{pointsText(giving.availableMilliPoints)} 分</Fact>
        {chips.length > 0 && (
          <Choices
            label="多少分"
            options={chips.map((one) => ({ value: one, words: `${one} 分` }))}
            value={chips.find((one) => one === amount) ?? null}
            onChange={setAmount}
          />
        )}
        <TextInput
          name="milliPoints"
          label="多少分"
          value={amount}
          onChange={setAmount}
          maxLength={12}
          error={errorOf(give.failure, 'milliPoints')}
        />
        <View className="t2">{to.words}</View>
        {give.failure?.field !== 'milliPoints' && <FailureLine failure={give.failure} />}
        <BigButton icon="gift" busy={give.busy} whyNot={whyNot} onTap={() => give.run(milliPoints ?? '')}>
          {to.to === 'kin' ? '送' : '捐'} {milliPoints === null ? '' : `${pointsText(milliPoints)} 分`}
        </BigButton>
      </View>
    </Sheet>
  )
}

const STATES: Record<GiftView['state'], { kind: 'wait' | 'ok' | 'none'; words: string }> = {
  waiting: { kind: 'wait', words: '等同意' },
  done: { kind: 'ok', words: '送到了' },
  refused: { kind: 'none', words: '没有收' },
  withdrawn: { kind: 'none', words: '收回了' },
}

function Given({ gifts, again }: { gifts: GiftView[]; again: () => Promise<void> }) {
  const today = dayOf(useNow(60))
  const back = useAction(async (_id, giftId: string) => {
    await post(`/gifts/${giftId}/withdrawal`)
    await again()
  })
  const shown = gifts.filter((one) => !one.mayAnswer)
  if (shown.length === 0) return null
  return (
    <Section title="送出和收到的">
      <FailureLine failure={back.failure} />
      <List>
        {shown.map((one) => {
          const { kind, words } = STATES[one.state]
          return (
            <ListRow
              key={one.id}
              title={one.isMine ? `给${one.toName}` : `${one.fromName}给的`}
              note={dateWords(dayOf(new Date(one.askedAt)), today)}
              amount={`${one.isMine ? '−' : '+'}${pointsText(one.milliPoints)}`}
              status={<StatusLine kind={kind}>{words}</StatusLine>}
              {...(one.mayWithdraw && {
                action: (
                  <Button
                    kind="text"
                    busy={back.busy}
                    label={`不送了，给${one.toName}的`}
                    onTap={() => back.run(one.id)}
                  >
                    不送了
                  </Button>
                ),
              })}
            />
          )
        })}
      </List>
    </Section>
  )
}
