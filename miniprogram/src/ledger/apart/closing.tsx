import { View } from '@tarojs/components'
import { useState } from 'react'
import { pointsText } from '../../../../shared/core/amounts'
import { dayOf } from '../../../../shared/core/time'
import type { ClosingView } from '../../../../shared/member/view'
import { BigButton } from '../../components/button'
import { Card, Fact, List, Mark } from '../../components/card'
import { CheckRow, Choices } from '../../components/field'
import { Page } from '../../components/page'
import { FailureLine, Loaded } from '../../components/states'
import { Heading } from '../../components/words'
import { get, post } from '../../core/call'
import { goBack } from '../../core/go'
import { homeOf } from '../../core/home'
import { useParams } from '../../core/params'
import { useSession } from '../../core/session'
import { useAction } from '../../core/use-action'
import { useNow } from '../../core/use-now'
import { useQuery } from '../../core/use-query'
import { dateWords } from '../../core/words'

type Why = 'death' | 'moving'
type To = ClosingView['death'][number]
interface Choice {
  to: To
  /** an heir, or the programme of a county */
  whom?: string
}

const WHY: { value: Why; words: string }[] = [
  { value: 'death', words: '去世了' },
  { value: 'moving', words: '迁走了' },
]
const TITLE = '去世或迁走'

/** The family, or staff who are with them, says what becomes of the points of an elder who died or moved away. */
export default function ClosingPage() {
  const { elderId = '' } = useParams()
  const me = useSession()?.me ?? null
  const back = me === null ? '/person/me' : homeOf(me)
  const closing = useQuery(`closing.${elderId}`, () => get<ClosingView>(`/closings/${elderId}`))
  const [done, setDone] = useState(false)
  if (done)
    return (
      <Page title={TITLE} back={back} foot={<BigButton onTap={() => goBack(back)}>好的</BigButton>}>
        <Mark icon="check-circle" tone="ok" title="记下了" note="区县同意后才办" />
      </Page>
    )
  const { data } = closing
  if (data === null)
    return (
      <Page title={TITLE} back={back}>
        <Loaded query={closing} failed="没能打开这一页">
          {() => null}
        </Loaded>
      </Page>
    )
  return <Asking elderId={elderId} closing={data} back={back} onDone={() => setDone(true)} />
}

interface AskingProps {
  elderId: string
  closing: ClosingView
  back: string
  onDone: () => void
}

function Asking({ elderId, closing, back, onDone }: AskingProps) {
  const today = dayOf(useNow(60))
  const [why, setWhy] = useState<Why | null>(null)
  const [chosen, setChosen] = useState<Choice | null>(null)
  const ask = useAction(async (id, reason: Why, { to, whom }: Choice) => {
    const heir = to === 'heir' && whom !== undefined ? { heirKinId: whom } : {}
    const county = to === 'county' && whom !== undefined ? { toProgrammeId: whom } : {}
    await post('/closings', { id, elderId, closing: reason, to, ...heir, ...county })
    onDone()
  })
  const { waitsSince, whyNotSentence } = closing
  const options = why === null ? [] : optionsOf(closing, why)
  const isStuck = waitsSince !== null || whyNotSentence !== null
  const whyNot = why === null ? '先选是哪一样' : chosen === null ? '先选积分给谁' : null
  return (
    <Page
      title={TITLE}
      back={back}
      foot={
        isStuck ? undefined : (
          <BigButton
            busy={ask.busy}
            whyNot={whyNot}
            onTap={() => why !== null && chosen !== null && ask.run(why, chosen)}
          >
            告诉社区
          </BigButton>
        )
      }
    >
      <View className="stack">
        <Card>
          <Fact label="老人">{closing.name}</Fact>
          <Fact label="还有" strong>
            {pointsText(closing.milliPoints)} 分
          </Fact>
          {waitsSince !== null && (
            <Fact label="已经提过">{dateWords(dayOf(new Date(waitsSince)), today)}，等区县同意</Fact>
          )}
          {waitsSince === null && whyNotSentence !== null && <Fact label="说明">{whyNotSentence}</Fact>}
        </Card>
        {!isStuck && (
          <>
            <Heading>老人怎么了？</Heading>
            <Choices
              label="老人怎么了"
              layout="even"
              options={WHY}
              value={why}
              onChange={(next) => {
                setWhy(next)
                setChosen(null)
              }}
            />
            {why !== null && <Heading>积分给谁？</Heading>}
            {why !== null && options.length === 0 && <View className="t2">{NOBODY[why]}</View>}
            {options.length > 0 && (
              <List>
                {options.map(({ choice, words }) => (
                  <CheckRow
                    key={`${choice.to}${choice.whom ?? ''}`}
                    role="radio"
                    words={words}
                    checked={chosen?.to === choice.to && chosen.whom === choice.whom}
                    onTap={() => setChosen(choice)}
                  />
                ))}
              </List>
            )}
            {why !== null && <View className="t2">区县同意后，积分照这样办，账户不能再用</View>}
          </>
        )}
        <FailureLine failure={ask.failure} />
      </View>
    </Page>
  )
}

const NOBODY: Record<Why, string> = {
  death: '还没有确认过的家人，请先到社区登记亲属',
  moving: '迁去的地方还没有睦邻，请到社区问',
}

/** What the rules of the place allow, one row each. */
function optionsOf(closing: ClosingView, why: Why): { choice: Choice; words: string }[] {
  return closing[why].flatMap((to): { choice: Choice; words: string }[] => {
    if (to === 'heir')
      return closing.heirs.map(({ id, name, relationWord }) => ({
        choice: { to, whom: id },
        words: `给${name}（老人的${relationWord}）`,
      }))
    if (to === 'county')
      return closing.counties.map(({ id, name }) => ({ choice: { to, whom: id }, words: `转到${name}` }))
    return [{ choice: { to }, words: to === 'pool' ? '进公益池，留给别的老人' : '作废' }]
  })
}
