import { Link, useParams } from 'react-router'
import type { VolunteerRecord } from '../../../shared/member/view'
import { Choice } from '../components/choice'
import { type FigureColumn, Figures } from '../components/figures'
import { LinkButton } from '../components/link-button'
import { Fact, Facts, Page, Section } from '../components/page'
import { PrintButton, PrintHeader } from '../components/print'
import { Sheet } from '../components/sheet'
import { Failed, Loading } from '../components/states'
import { Status } from '../components/status'
import { clock, count, hours, isoDay } from '../core/format'
import { useScoped } from '../core/scope'
import { today } from '../core/today'
import { useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { SEX_WORDS, wordOf } from '../core/words'

/** 志愿服务记录: what 民政部令 67 号 asks to be kept of a volunteer, for a year. */
export default function VolunteerRecordPage() {
  const { id = '' } = useParams()
  const scoped = useScoped()
  const [state, setState] = useUrlState()
  const thisYear = Number(today().slice(0, 4))
  const year = state.year ?? String(thisYear)
  const found = useOne<VolunteerRecord>(`/members/${id}/volunteer-record`, { year })
  const record = found.data
  return (
    <Page
      title="志愿服务记录"
      note={`${year} 年，只计志愿服务`}
      back={{ to: scoped(`/members/${id}`), label: '志愿者' }}
      actions={
        <>
          <Choice
            label="年度"
            value={year}
            options={[0, 1, 2, 3].map((back) => ({ value: String(thisYear - back), label: `${thisYear - back} 年` }))}
            onChange={(value) => setState({ year: value })}
          />
          <LinkButton to={scoped(`/records?memberId=${id}`)}>培训、奖励、特长</LinkButton>
          <PrintButton />
        </>
      }
    >
      {found.isError && <div className="card">{<Failed error={found.error} retry={() => found.refetch()} />}</div>}
      {found.isPending && <div className="card">{<Loading rows={6} />}</div>}
      {record && <Shown id={id} record={record} />}
    </Page>
  )
}

function Shown({ id, record }: { id: string; record: VolunteerRecord }) {
  const scoped = useScoped()
  const { person, total } = record
  return (
    <div className="stack">
      <PrintHeader title="志愿服务记录" scope={`${record.year} 年 ${record.unit}`} />
      <Section title="本人">
        <Facts>
          <Fact label="姓名">{person.maskedName}</Fact>
          <Fact label="性别">{wordOf(SEX_WORDS, person.sex)}</Fact>
          <Fact label="出生日期">{person.birthDate}</Fact>
          <Fact label="证件号码">{person.maskedIdNumber}</Fact>
          <Fact label="居住区域">{person.area}</Fact>
          <Fact label="联系方式">{person.maskedPhone}</Fact>
          <Fact label="服务技能">{person.skills.join('、') || null}</Fact>
          <Fact label="服务类别">{person.services.join('、') || null}</Fact>
          <Fact label="组织单位">{record.unit}</Fact>
          <Fact label="合计">
            {count(total.visits)} 次，{hours(total.seconds)} 小时；培训 {hours(total.trainingSeconds)} 小时
          </Fact>
          <Fact label="超期记录">{total.late === 0 ? '没有' : <Status tone="bad">{count(total.late)} 次</Status>}</Fact>
        </Facts>
      </Section>
      <Section title="服务" note="写错的请到服务记录里更正，原来的留着">
        {record.services.length === 0 ? (
          <p className="t3">这一年还没有志愿服务。</p>
        ) : (
          <Sheet label="服务">
            <table className="plain num">
              <thead>
                <tr>
                  <th scope="col">日期</th>
                  <th scope="col">活动</th>
                  <th scope="col">地点</th>
                  <th scope="col">内容</th>
                  <th scope="col">起止</th>
                  <th scope="col" className="r">
                    小时
                  </th>
                  <th scope="col">负责人</th>
                  <th scope="col">记录</th>
                </tr>
              </thead>
              <tbody>
                {record.services.map((one) => (
                  <tr key={one.visitId}>
                    <td className="nb">{one.day}</td>
                    <td>{one.activity}</td>
                    <td className="nb">{one.place}</td>
                    <td>{one.content || '—'}</td>
                    <td className="nb">
                      {clock(one.from)}–{clock(one.to)}
                    </td>
                    <td className="r">{hours(one.seconds)}</td>
                    <td className="nb">{one.inCharge ?? '—'}</td>
                    <td className="nb">
                      {one.late ? (
                        <Status tone="bad">{one.due}</Status>
                      ) : (
                        (one.recordedDay ?? <Status tone="wait">等确认，{one.due}</Status>)
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Sheet>
        )}
      </Section>
      <Rows title="培训" rows={record.trainings} withHours />
      <Rows title="表扬奖励" rows={record.honours} />
      {record.covers.length > 0 && (
        <Section title="保险和协议" note="这一年里有效过的">
          <Sheet label="保险和协议">
            <Figures label="保险和协议" columns={COVER_COLUMNS} rows={record.covers} rowKey={({ id }) => id} />
          </Sheet>
        </Section>
      )}
      <Section
        title="评价"
        note="老人自己的、代办人的和电话回访的分开记"
        actions={
          <Link className="txt no-print" to={scoped(`/ratings?memberId=${id}`)}>
            看每一条
          </Link>
        }
      >
        <Facts>
          <Fact label="星级">{record.rating.stars === 0 ? '还没有' : `${record.rating.stars} 星`}</Fact>
          <Fact label="老人">{facesText(record.rating.elder)}</Fact>
          <Fact label="代办人">{facesText(record.rating.proxy)}</Fact>
          <Fact label="电话回访">
            {record.rating.calls.milliAverage === null
              ? '还没有'
              : `${record.rating.calls.times} 次，平均 ${(record.rating.calls.milliAverage / 1000).toFixed(1)} 分`}
          </Fact>
        </Facts>
      </Section>
      {record.corrections.length > 0 && (
        <Section title="更正" note="原来的记录留着">
          <ul className="stack">
            {record.corrections.map((one) => (
              <li key={one.id} className="row" style={{ flexWrap: 'wrap' }}>
                <span className="strong">{one.title}</span>
                <span>{one.text}</span>
                <Status tone={one.state === 'open' ? (one.late ? 'bad' : 'wait') : 'ok'}>
                  {one.state === 'open' ? one.due : `${isoDay(one.decidedAt ?? one.askedAt)} 答复：${one.answer}`}
                </Status>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  )
}

const facesText = ({ good, fair, bad }: VolunteerRecord['rating']['elder']): string =>
  good + fair + bad === 0 ? '还没有' : `很好 ${good}，一般 ${fair}，不太好 ${bad}`

function Rows({
  title,
  rows,
  withHours = false,
}: {
  title: string
  rows: VolunteerRecord['trainings']
  withHours?: boolean
}) {
  if (rows.length === 0) return null
  return (
    <Section title={title}>
      <Sheet label={title}>
        <Figures
          label={title}
          columns={withHours ? LESSON_COLUMNS : HONOUR_COLUMNS}
          rows={rows}
          rowKey={({ id }) => id}
        />
      </Sheet>
    </Section>
  )
}

type Row = VolunteerRecord['trainings'][number]
const ROW_COLUMNS: FigureColumn<Row>[] = [
  { title: '日期', render: ({ day }) => <span className="nb">{day}</span> },
  { title: '名称', render: ({ title }) => title },
  { title: '内容', render: ({ content }) => content || '—' },
]
const HONOUR_COLUMNS = [...ROW_COLUMNS, { title: '授予单位', render: ({ grantedBy }: Row) => grantedBy || '—' }]
const LESSON_COLUMNS = [
  ...ROW_COLUMNS,
  { title: '组织单位', render: ({ grantedBy }: Row) => grantedBy || '—' },
  { title: '学时', right: true, render: ({ seconds }: Row) => hours(seconds) },
]

const COVER_COLUMNS: FigureColumn<VolunteerRecord['covers'][number]>[] = [
  { title: '种类', render: ({ kindWords }) => kindWords },
  { title: '名称', render: ({ title }) => title },
  { title: '单位', render: ({ grantedBy }) => grantedBy || '—' },
  { title: '编号', render: ({ number }) => number || '—' },
  { title: '从', render: ({ day }) => <span className="nb">{day}</span> },
  { title: '到', render: ({ untilDay }) => <span className="nb">{untilDay ?? '没有期限'}</span> },
]
