import { View } from '@tarojs/components'
import { BigButton } from '../components/button'
import { Card, Fact, Section } from '../components/card'
import { Page } from '../components/page'
import { PhoneNumber } from '../components/words'
import { dial } from '../core/dial'
import { useHotline } from '../core/hotline'
import { useSession } from '../core/session'

const ANSWERS = [
  ['怎么开始', '到了老人家，扫门口的牌子，按「开始帮忙」。'],
  ['怎么结束', '按「帮完了」，或者再扫一次牌子。扫牌子凭证更足。'],
  ['牌子扫不出来', '在扫码页下面填牌子上的编号，一样能开始。'],
  ['为什么没有分', '每条记录里都写着为什么，点开就能看到。'],
  ['没有网络', '页面上有上次看到的内容，有网以后再试一次。'],
  ['忘了按帮完了', '到时间会自动结束，社区核实以后再算分。'],
] as const

/** 帮助与电话: short answers, and somebody who picks up. */
export default function HelpPage() {
  const me = useSession()?.me ?? null
  const hotline = useHotline()
  return (
    <Page
      title="帮助与电话"
      back="/person/me"
      foot={
        <BigButton icon="phone" onTap={() => dial(hotline)}>
          打电话 <PhoneNumber number={hotline} />
        </BigButton>
      }
    >
      {me !== null && (
        <Card>
          <Fact label="谁在管">{me.agencyName}</Fact>
          <Fact label="项目">{me.programmeName}</Fact>
        </Card>
      )}
      {ANSWERS.map(([question, answer]) => (
        <Section key={question} title={question}>
          <View>{answer}</View>
        </Section>
      ))}
    </Page>
  )
}
