import { Button } from 'antd'
import { useState } from 'react'
import { useParams } from 'react-router'
import type { CreditDetail, GradeView } from '../../../shared/credit/view'
import { may } from '../../../shared/session/permissions'
import { type Column, DataTable } from '../components/data-table'
import { type FigureColumn, Figures } from '../components/figures'
import { Fact, Facts, Page, Section } from '../components/page'
import { Empty, Unread } from '../components/states'
import { Status } from '../components/status'
import { hours } from '../core/format'
import { useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useOne } from '../core/use-list'
import { Listings, ProposeDialog } from './listings'
import { Grade, ruleWords, scoreText, smileText } from './words'

/** One helper or body: every grade there was with its sum, the listings, and what elders said. */
export function CreditOf({ kind }: { kind: CreditDetail['kind'] }) {
  const { id = '' } = useParams()
  const me = useMe()
  const scoped = useScoped()
  const credit = useOne<CreditDetail>(`/credit/${kind}s/${id}`)
  const [listing, setListing] = useState(false)
  const back = { to: scoped(kind === 'helper' ? '/credit' : '/credit?kind=organisation'), label: '信用' }
  if (!credit.data)
    return (
      <Page title="信用" back={back}>
        <Unread of={credit} />
      </Page>
    )
  const { name, regionName, grades, listings, ratings } = credit.data
  const [latest] = grades
  return (
    <Page
      title={name}
      note={`${regionName}，信用`}
      back={back}
      actions={may(me, 'credit.list') && <Button onClick={() => setListing(true)}>列入名单</Button>}
    >
      <div className="stack">
        <Section title="最近一次" note={latest && `${latest.day} 起，${ruleWords(latest.ruleVersion)}`}>
          {latest === undefined ? <p className="t3">还没有评过，今晚会评</p> : <Sum grade={latest} />}
        </Section>
        {kind === 'helper' && (
          <Section title="老人怎么说" note="老人自己的和代办人的分开算；电话回访 1–5 分">
            <Facts>
              <Fact label="老人">{smileText(ratings.elder)}</Fact>
              <Fact label="代办人">{smileText(ratings.proxy)}</Fact>
              <Fact label="电话回访">
                {ratings.calls.milliAverage === null
                  ? '还没有'
                  : `${ratings.calls.times} 次，平均 ${(ratings.calls.milliAverage / 1000).toFixed(1)} 分`}
              </Fact>
            </Facts>
          </Section>
        )}
        <Section title="红黑名单">
          <Listings list={credit} rows={listings} />
        </Section>
        <Section title="历次评级" note="写下来的不改，按当时的数字随时可以重算">
          <History grades={grades} />
        </Section>
      </div>
      <ProposeDialog
        open={listing}
        kind={kind}
        subject={{ id, name }}
        onClose={() => setListing(false)}
        done={() => void credit.refetch()}
      />
    </Page>
  )
}

type SumLine = { what: string; count: number | null; milliPoints: number; isCut: boolean }
const lineOf = ({ words, count, milliPoints, isCut }: GradeView['parts'][number]): SumLine => ({
  ...{ what: words, count, milliPoints, isCut },
})
const SUM_COLUMNS: FigureColumn<SumLine>[] = [
  {
    title: '算什么',
    render: ({ what, isCut }) => (
      <>
        {what}
        {isCut && <span className="t3">（到上限）</span>}
      </>
    ),
  },
  { title: '次数', right: true, render: ({ count }) => count },
  { title: '分', right: true, render: ({ milliPoints }) => scoreText(milliPoints) },
]

function Sum({ grade }: { grade: GradeView }) {
  return (
    <>
      <Facts>
        <Fact label="等级">
          <Grade grade={grade.grade} words={grade.gradeWords} />
        </Fact>
        <Fact label="分数">{scoreText(grade.milliScore)}</Fact>
        <Fact label="算的日子">
          {grade.fromDay} 至 {grade.toDay}
        </Fact>
        <Fact label="服务">
          {grade.visits} 次，{hours(grade.seconds)} 小时{grade.size > 1 && `，${grade.size} 人`}
        </Fact>
      </Facts>
      <Figures
        label="怎么算的"
        columns={SUM_COLUMNS}
        rows={[
          { what: '起始', count: null, milliPoints: grade.start * 1000, isCut: false },
          ...grade.parts.map(lineOf),
        ]}
        rowKey={({ what }) => what}
      />
    </>
  )
}

function History({ grades }: { grades: GradeView[] }) {
  const columns: Column<GradeView>[] = [
    { key: 'day', title: '从哪天起', fixed: true, render: (one) => one.day },
    {
      key: 'grade',
      title: '等级',
      fixed: true,
      render: (one) => <Grade grade={one.grade} words={one.gradeWords} />,
    },
    { key: 'score', title: '分数', align: 'right', render: (one) => scoreText(one.milliScore) },
    {
      key: 'parts',
      title: '怎么来的',
      render: (one) =>
        [`起始 ${one.start}`, ...one.parts.map((part) => `${part.words} ${scoreText(part.milliPoints)}`)].join('，'),
    },
    { key: 'rule', title: '办法', render: (one) => ruleWords(one.ruleVersion) },
    {
      key: 'again',
      title: '重算',
      render: (one) => <Status tone={one.reproduced ? 'ok' : 'bad'}>{one.reproduced ? '一样' : '不一样，请查'}</Status>,
    },
  ]
  return (
    <DataTable
      name="credit-history"
      label="历次评级"
      columns={columns}
      rows={grades}
      rowKey={({ day, milliScore }) => `${day} ${milliScore}`}
      empty={<Empty icon="book" title="还没有评过" next="每晚评一次，服务次数够了就有等级。" />}
    />
  )
}
