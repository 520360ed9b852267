import { Link } from 'react-router'
import { may } from '../../../shared/session/permissions'
import { saidWords } from '../../../shared/visit/rating'
import { LOW_CALL, LOW_FACE, RATING_HOWS, RATING_WORDS, type RatingHow } from '../../../shared/visit/said'
import type { RatingSums, RatingView } from '../../../shared/visit/view'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { ExportButton } from '../components/export-button'
import { LinkButton } from '../components/link-button'
import { Page } from '../components/page'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { count } from '../core/format'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { today } from '../core/today'
import { useList, useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'

const HOWS = RATING_HOWS.map((value) => ({ value, label: RATING_WORDS[value] }))

/** What elders, those who act for them, and call-backs said of visits: by village and by helper, the discontent first at hand. */
export default function RatingsPage() {
  const me = useMe()
  const scoped = useScoped()
  const { regionId } = useScope()
  const [state, setState] = useUrlState()
  const filter = { regionId, memberId: state.memberId, how: state.how, low: state.low }
  const list = useList<RatingView>('/ratings', { ...filter, cursor: state.cursor, limit: 50 })
  const sums = useOne<RatingSums>('/ratings/sums', filter)
  const columns: Column<RatingView>[] = [
    {
      key: 'visit',
      title: '服务',
      fixed: true,
      render: (one) => (
        <Link className="txt nb" to={scoped(`/visits?open=${one.visitId}`)}>
          {one.visitNumber}
        </Link>
      ),
    },
    { key: 'place', title: '村（社区）', render: (one) => <span className="nb">{one.regionName}</span> },
    {
      key: 'member',
      title: '志愿者',
      render: (one) => (
        <button
          type="button"
          className="txt"
          aria-label={`${one.memberName}，只看这位志愿者的评价`}
          onClick={() => setState({ memberId: one.memberId, cursor: undefined })}
        >
          {one.memberName}
        </button>
      ),
    },
    { key: 'elder', title: '老人', render: (one) => one.elderName },
    { key: 'how', title: '谁说的', render: (one) => RATING_WORDS[one.how] },
    { key: 'score', title: '评价', render: (one) => <Said how={one.how} score={one.score} /> },
    { key: 'day', title: '服务日期', render: (one) => <span className="nb">{one.day}</span> },
  ]
  return (
    <Page
      title="服务评价"
      note="老人和代办人在手机上给笑脸，电话回访打分，三样分开算；给的人和分数不能改"
      actions={
        <>
          <ExportButton path="/exports/ratings" query={filter} name={`服务评价-${today()}`} />
          {may(me, 'import.keep') && <LinkButton to={scoped('/imports?kind=ratings')}>从表格导入回访评价</LinkButton>}
        </>
      }
    >
      {sums.data !== undefined && sums.data.length > 0 && (
        <ul className="row" style={{ flexWrap: 'wrap', gap: '6px 24px', marginBottom: 12 }} aria-label="各有多少">
          {RATING_HOWS.flatMap((how) => {
            const own = sums.data.filter((one) => one.how === how)
            return own.length === 0
              ? []
              : [
                  <li key={how}>
                    {RATING_WORDS[how]}：
                    {own.map(({ score, times }) => `${saidWords(how, score)} ${count(times)}`).join('，')}
                  </li>,
                ]
          })}
        </ul>
      )}
      <DataTable
        name="ratings"
        label="服务评价"
        tools={
          <>
            {state.memberId !== undefined && (
              <button type="button" className="txt" onClick={() => setState({ memberId: null, cursor: undefined })}>
                只看一位志愿者的，点这里看全部
              </button>
            )}
            <Choice
              label="谁说的"
              all="谁说的都看"
              value={state.how}
              options={HOWS}
              onChange={(how) => setState({ how, cursor: undefined })}
            />
            <Choice
              label="满意不满意"
              all="全部评价"
              value={state.low}
              options={[{ value: '1', label: '只看不满意的' }]}
              onChange={(low) => setState({ low, cursor: undefined })}
            />
          </>
        }
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <Empty icon="heart" title="还没有评价" next="老人确认服务后可以给笑脸；在“电话回访”里可以记满意几分。" />
        }
      />
    </Page>
  )
}

function Said({ how, score }: { how: RatingHow; score: number }) {
  const isLow = how === 'call' ? score <= LOW_CALL : score <= LOW_FACE
  const isHigh = how === 'call' ? score >= 4 : score === 3
  return <Status tone={isLow ? 'bad' : isHigh ? 'ok' : 'wait'}>{saidWords(how, score)}</Status>
}
