import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import type { VisitDetail } from '../../../shared/visit/view'
import { servedWords } from '../../../shared/visit/words'
import { BigButton, Button } from '../components/button'
import { Card, Fact, Mark } from '../components/card'
import { Page } from '../components/page'
import { Loaded } from '../components/states'
import { EvidenceBadge, Formula, StatusLine } from '../components/words'
import { get } from '../core/call'
import { go, goFresh } from '../core/go'
import { useNow } from '../core/use-now'
import { useQuery } from '../core/use-query'
import { lengthWords, spanText } from '../core/words'
import { visitStatus } from './words'

const HOME = '/order/today'

/** 服务小结: how long, what it is likely to be worth and why, and what happens next. */
export default function SummaryPage() {
  const { id = '' } = useRouter().params
  const visit = useQuery(`visit.${id}`, () => get<VisitDetail>(`/visits/${id}`))
  return (
    <Page title="服务小结" back={HOME} foot={<BigButton onTap={() => goFresh(HOME)}>好，知道了</BigButton>}>
      <Loaded query={visit} failed="没能打开这次的小结">
        {(one) => <Summary visit={one} />}
      </Loaded>
    </Page>
  )
}

function Summary({ visit }: { visit: VisitDetail }) {
  const now = useNow(60)
  const names = servedWords(visit)
  return (
    <>
      <Mark icon="heart" title="辛苦了" note={`${names} · ${visit.serviceName}`} />
      <Card>
        {visit.servedSeconds !== null && (
          <Fact label="时长" strong>
            {lengthWords(visit.servedSeconds)}
          </Fact>
        )}
        {visit.checkOutAt !== null && (
          <Fact label="时间">{spanText(new Date(visit.checkInAt), new Date(visit.checkOutAt), now)}</Fact>
        )}
        {visit.tasksDone.length > 0 && <Fact label="做了">{visit.tasksDone.join('、')}</Fact>}
        {visit.level !== null && (
          <Fact label="凭证" side={<EvidenceBadge level={visit.level as 0 | 1 | 2 | 3 | 4} />}>
            {visit.evidence.map((one) => one.words).join('，')}
          </Fact>
        )}
      </Card>
      <Card>
        <View className="t2">{visit.awardedMilliPoints === null ? '预计' : '积分'}</View>
        {visit.explanation !== null && <Formula text={visit.explanation.formula} />}
        {visit.explanation?.cuts.map((cut) => (
          <View key={cut.code} className="t2">
            {cut.sentence}
          </View>
        ))}
        <StatusLine kind={visitStatus(visit).kind}>{visit.pointsSentence}</StatusLine>
      </Card>
      {visit.exceptions
        .filter((one) => one.severity !== 'info')
        .map((one) => (
          <StatusLine key={one.code} kind="warn">
            {one.sentence}
          </StatusLine>
        ))}
      {visit.state === 'finished' && visit.siteName === null && (
        <Button kind="line" icon="check" className="btn-wide" onTap={() => go('/visit/pin', { id: visit.id })}>
          老人在身边，输密码确认
        </Button>
      )}
      <Button kind="text" onTap={() => go('/visit/detail', { id: visit.id })}>
        看全部经过
      </Button>
    </>
  )
}
