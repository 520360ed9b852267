import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import type { VisitDetail } from '../../../shared/visit/view'
import { NATURE_WORDS, servedWords } from '../../../shared/visit/words'
import { Button } from '../components/button'
import { Card, Fact, List, ListRow, Section } from '../components/card'
import { Page } from '../components/page'
import { Loaded } from '../components/states'
import { EvidenceBadge, Formula, Heading, StatusLine } from '../components/words'
import { get } from '../core/call'
import { dial } from '../core/dial'
import { useHotline } from '../core/hotline'
import { useNow } from '../core/use-now'
import { type Query, useQuery } from '../core/use-query'
import { lengthWords, spanText, timeWords } from '../core/words'
import { OddOnes } from './odd-ones'
import { visitStatus } from './words'

/** 记录详情: the whole course of one visit and why its points are what they are. */
export default function VisitDetailPage() {
  const { id = '' } = useRouter().params
  const visit = useQuery(`visit.${id}`, () => get<VisitDetail>(`/visits/${id}`))
  return (
    <Page title="记录详情" back="/visit/mine">
      <Loaded query={visit} failed="没能打开这条记录">
        {(one) => <Detail visit={one} query={visit} />}
      </Loaded>
    </Page>
  )
}

function Detail({ visit, query }: { visit: VisitDetail; query: Query<VisitDetail> }) {
  const now = useNow(60)
  const hotline = useHotline()
  const status = visitStatus(visit)
  return (
    <>
      <Card>
        <StatusLine kind={status.kind} pill>
          {status.words}
        </StatusLine>
        <Heading level={2}>{`${servedWords(visit)}　${visit.serviceName}`}</Heading>
        {visit.checkOutAt !== null && (
          <Fact label="时间">{spanText(new Date(visit.checkInAt), new Date(visit.checkOutAt), now)}</Fact>
        )}
        {visit.servedSeconds !== null && (
          <Fact label="时长" strong>
            {lengthWords(visit.servedSeconds)}
          </Fact>
        )}
        <Fact label="性质">{NATURE_WORDS[visit.nature]}</Fact>
        <Fact label="编号">{visit.number}</Fact>
        {visit.level !== null && (
          <Fact label="凭证" side={<EvidenceBadge level={visit.level as 0 | 1 | 2 | 3 | 4} />}>
            {visit.evidence.map((one) => one.words).join('，')}
          </Fact>
        )}
      </Card>
      <Section title="积分怎么来的">
        <Card>
          {visit.explanation !== null && <Formula text={visit.explanation.formula} />}
          {visit.explanation?.cuts.map((cut) => (
            <View key={cut.code} className="t2">
              {cut.sentence}
            </View>
          ))}
          <View>{visit.pointsSentence}</View>
          <View className="t2">{visit.why}</View>
        </Card>
      </Section>
      <OddOnes visit={visit} query={query} />
      <Section title="经过">
        <List>
          {visit.timeline.map((step) => (
            <ListRow
              key={`${step.at}${step.title}`}
              lead={<StatusLine kind={step.tone}>{timeWords(new Date(step.at))}</StatusLine>}
              title={step.title}
              note={step.note ?? undefined}
            />
          ))}
        </List>
      </Section>
      <Button kind="line" icon="phone" className="btn-wide" onTap={() => dial(hotline)}>
        觉得不对，打社区电话
      </Button>
    </>
  )
}
