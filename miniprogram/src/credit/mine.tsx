import { View } from '@tarojs/components'
import { useState } from 'react'
import type { GradeView, ListingView, OwnCredit } from '../../../shared/credit/view'
import { NO_GRADE_WORDS } from '../../../shared/credit/words'
import { BigButton, Button } from '../components/button'
import { Card, List, ListRow, Section } from '../components/card'
import { errorOf, TextInput } from '../components/field'
import { Page } from '../components/page'
import { Sheet } from '../components/sheet'
import { FailureLine, Loaded } from '../components/states'
import { StatusLine } from '../components/words'
import { get, post } from '../core/call'
import { useAction } from '../core/use-action'
import { useQuery } from '../core/use-query'
import './mine.css'

/** 我的信用: the grade, what made it line by line, whether I am on a list and why, and where to say that it isn't so. */
export default function OwnCreditPage() {
  const credit = useQuery('credit.mine', () => get<OwnCredit>('/credit/mine'), { keptAs: 'credit.mine' })
  const [appealing, setAppealing] = useState<ListingView | null>(null)
  const [text, setText] = useState('')
  const appeal = useAction(async (id, listing: ListingView, said: string) => {
    await post(`/credit-listings/${listing.id}/appeals`, { id, text: said })
    setAppealing(null)
    setText('')
    await credit.again()
  })
  return (
    <Page title="我的信用" back="/person/me">
      <Loaded query={credit} failed="没能打开我的信用">
        {({ grade, listings }) => (
          <View className="stack">
            {listings.map((one) => (
              <Listed key={one.id} listing={one} onAppeal={() => setAppealing(one)} />
            ))}
            <Grade grade={grade} />
            <View className="t2">每天晚上算一次，第二天起算。哪一条不对，可以在那次服务里申诉，或打社区电话。</View>
          </View>
        )}
      </Loaded>
      {appealing !== null && (
        <Sheet title="说说为什么不对" onClose={() => setAppealing(null)}>
          <View className="stack">
            <TextInput
              name="text"
              label="您的话"
              kind="long"
              maxLength={200}
              value={text}
              error={errorOf(appeal.failure, 'text')}
              onChange={setText}
            />
            <FailureLine failure={appeal.failure} />
            <BigButton
              busy={appeal.busy}
              whyNot={text.trim() === '' ? '先写一句' : null}
              onTap={() => appeal.run(appealing, text.trim())}
            >
              申诉，请另一个人来看
            </BigButton>
          </View>
        </Sheet>
      )}
    </Page>
  )
}

function Grade({ grade }: { grade: GradeView | null }) {
  if (grade === null)
    return (
      <Card>
        <View className="strong">{NO_GRADE_WORDS}</View>
        <View className="t2">多帮几次就有了，没有评级不影响帮忙。</View>
      </Card>
    )
  return (
    <>
      <Card>
        <View className="credit-grade">{grade.grade === null ? '还没有评级' : grade.gradeWords}</View>
        <View className="t2">
          {grade.grade === null ? NO_GRADE_WORDS : `${scoreText(grade.milliScore)} 分，${grade.day} 起`}
        </View>
      </Card>
      <Section title="怎么来的">
        <List>
          <ListRow title="起始" amount={`+${grade.start}`} />
          {grade.parts.map((part) => (
            <ListRow
              key={part.what}
              title={part.words}
              note={`${part.count} 次${part.isCut ? '，到上限了' : ''}`}
              amount={`${part.milliPoints < 0 ? '−' : '+'}${scoreText(Math.abs(part.milliPoints))}`}
            />
          ))}
        </List>
        <View className="t2">
          算的是 {grade.fromDay} 到 {grade.toDay}，{grade.visits} 次服务
        </View>
      </Section>
    </>
  )
}

/** Points have at most three decimals, and mostly none. */
function scoreText(milliPoints: number): string {
  return String(milliPoints / 1000)
}

function Listed({ listing, onAppeal }: { listing: ListingView; onAppeal: () => void }) {
  const isBlack = listing.list === 'black'
  const last = listing.appeals.at(-1)
  return (
    <Card>
      <View className="stack">
        <StatusLine kind={listing.state === 'lifted' ? 'none' : isBlack ? 'warn' : 'ok'}>
          {listing.state === 'lifted' ? `移出了${listing.listWords}` : `在${listing.listWords}上`}
        </StatusLine>
        <View>
          {listing.fromDay} 到 {listing.untilDay}
        </View>
        <View>为什么：{listing.reason}</View>
        {listing.liftedReason !== '' && <View>后来：{listing.liftedReason}</View>}
        {last !== undefined && (
          <View>
            您的申诉：{last.stateWords}
            {last.decisionNote === '' ? '' : `，${last.decisionNote}`}
          </View>
        )}
        {isBlack && listing.state === 'inForce' && last?.state !== 'waiting' && (
          <Button kind="line" className="btn-wide" onTap={onAppeal}>
            不对，我要申诉
          </Button>
        )}
      </View>
    </Card>
  )
}
