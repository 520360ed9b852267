import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import type { ReportElder, ReportView } from '../../../shared/report/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { Icon } from '../components/icon'
import { Fact, Facts, Page, Section } from '../components/page'
import { PrintButton, PrintHeader } from '../components/print'
import { Sheet } from '../components/sheet'
import { Empty, Failed, Loading, Refused } from '../components/states'
import { download, post } from '../core/call'
import { fullTime } from '../core/format'
import { newId } from '../core/new-id'
import { useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useAction, useTell } from '../core/use-action'
import { useList, useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { ReportState } from './reports'

const LOOK_AGAIN_MS = 1500

/** One report: its figures with what they mean, place by place, what changed since, and who stands for it. */
export default function ReportPage() {
  const { id = '' } = useParams()
  const scoped = useScoped()
  const found = useOne<ReportView>(`/reports/${id}`)
  const isMaking = found.data?.state === 'waiting' || found.data?.state === 'running'
  const { refetch } = found
  useEffect(() => {
    if (!isMaking) return
    const again = setInterval(() => void refetch(), LOOK_AGAIN_MS)
    return () => clearInterval(again)
  }, [isMaking, refetch])
  const report = found.data
  return (
    <Page
      title={report === undefined ? '报表' : `${report.regionName} ${report.title}`}
      note={report && `第 ${report.version} 版`}
      back={{ to: scoped('/reports'), label: '报表' }}
      actions={report && <Acts report={report} />}
    >
      {found.isError && <div className="card">{<Failed error={found.error} retry={() => found.refetch()} />}</div>}
      {found.isPending && <div className="card">{<Loading rows={6} />}</div>}
      {report && (
        <div className="stack">
          <Standing report={report} />
          {report.content && <Content report={report} content={report.content} />}
        </div>
      )}
    </Page>
  )
}

function Acts({ report }: { report: ReportView }) {
  const me = useMe()
  const tell = useTell()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const scoped = useScoped()
  const [sure, setSure] = useState(false)
  const refresh = () => {
    cache.invalidateQueries({ queryKey: ['/reports'] })
    cache.invalidateQueries({ queryKey: [`/reports/${report.id}`] })
  }
  const sign = useAction(
    () => post<ReportView>(`/reports/${report.id}/signature`, {}),
    () => {
      tell('已定稿')
      refresh()
    },
  )
  const again = useAction(
    () =>
      post<ReportView>('/reports', {
        id: newId(),
        kind: report.kind,
        regionId: report.regionId,
        period: report.period,
      }),
    ({ id }) => {
      refresh()
      navigate(scoped(`/reports/${id}`))
    },
  )
  const file = useAction((format: string) =>
    download(`/reports/${report.id}/file`, { format }, `${report.title}.${format}`),
  )
  const isLatest = report.versions[0]?.id === report.id
  const isMaking = report.state === 'waiting' || report.state === 'running'
  return (
    <>
      {report.content && (
        <>
          <Button loading={file.busy} icon={<Icon name="export" size={18} />} onClick={() => file.run('xlsx')}>
            Excel
          </Button>
          <Button loading={file.busy} icon={<Icon name="export" size={18} />} onClick={() => file.run('pdf')}>
            PDF
          </Button>
          <PrintButton />
        </>
      )}
      {may(me, 'report.make') && isLatest && !isMaking && (
        <Button loading={again.busy} onClick={() => again.run()}>
          {report.state === 'signed' ? '核对，有变动出新版' : '重新生成'}
        </Button>
      )}
      {report.maySign && (
        <Button type="primary" danger={sure} loading={sign.busy} onClick={() => (sure ? sign.run() : setSure(true))}>
          {sure ? '定稿后不能再改，确认定稿' : '定稿'}
        </Button>
      )}
      <Refused failure={sign.failure ?? again.failure ?? file.failure} />
    </>
  )
}

function Standing({ report }: { report: ReportView }) {
  const scoped = useScoped()
  const { content } = report
  return (
    <Section title="这份报表" actions={<ReportState report={report} />}>
      <PrintHeader title={`${report.regionName}${report.title}`} scope={`第 ${report.version} 版`} />
      <Facts>
        {content && (
          <Fact label="起止">
            {content.from} 至 {content.to}
          </Fact>
        )}
        {content && <Fact label="单位">{content.agency}</Fact>}
        <Fact label="制表人">
          {report.askedByName} {fullTime(report.askedAt)}
        </Fact>
        <Fact label="审核人">
          {report.signedAt === null ? '等另一个人定稿' : `${report.signedByName} ${fullTime(report.signedAt)}`}
        </Fact>
        {report.versions.length > 1 && (
          <Fact label="各版">
            {report.versions.map((one) => (
              <Link
                key={one.id}
                className="txt"
                to={scoped(`/reports/${one.id}`)}
                aria-current={one.id === report.id ? 'page' : undefined}
              >
                第 {one.version} 版{one.state === 'signed' ? '' : '（草稿）'}
              </Link>
            ))}
          </Fact>
        )}
        {content?.sources.some((one) => one.report !== null) && (
          <Fact label="取自">
            {content.sources
              .filter((one) => one.report !== null)
              .map((one) => `${one.month} ${one.place}月报第 ${one.version} 版`)
              .join('、')}
          </Fact>
        )}
        {report.sealed.map(({ log, index, digest }) => (
          <Fact key={log} label="封存">
            {log} 第 {index} 条，SHA-256 <span style={{ overflowWrap: 'anywhere' }}>{digest}</span>
          </Fact>
        ))}
      </Facts>
    </Section>
  )
}

type Content = NonNullable<ReportView['content']>

function Content({ report, content }: { report: ReportView; content: Content }) {
  return (
    <>
      {content.changes && <Changes changes={content.changes} />}
      {content.sections.map(({ title, figures }) => (
        <Section key={title} title={title}>
          <Sheet label={title}>
            <table className="plain num figures">
              <thead>
                <tr>
                  <th scope="col">指标</th>
                  <th scope="col" className="r">
                    数值
                  </th>
                  <th scope="col">口径</th>
                </tr>
              </thead>
              <tbody>
                {figures.map((one) => (
                  <tr key={one.key}>
                    <td className="nb">{one.label}</td>
                    <td className="r nb strong">
                      {one.value} {one.unit}
                    </td>
                    <td className="t2">{one.definition}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Sheet>
        </Section>
      ))}
      <Table
        title="分地方"
        first="地方"
        columns={content.columns}
        rows={content.places.map((one) => ({
          key: one.id,
          name: <span style={{ paddingLeft: `${Number(one.depth)}em` }}>{one.name}</span>,
          values: one.values,
        }))}
      />
      {content.months.length > 0 && (
        <Table
          title="逐月"
          first="月份"
          columns={content.monthColumns}
          rows={content.months.map((one) => ({ key: one.month, name: one.month, values: one.values }))}
        />
      )}
      {content.elders && <Elders report={report} hasChanges={content.changes !== null} />}
    </>
  )
}

/** What is counted by its name needs no unit above eleven columns. */
const COUNTED = ['人', '次', '个', '件', '条']

interface TableProps {
  title: string
  first: string
  columns: Content['columns']
  rows: { key: string; name: React.ReactNode; values: string[] }[]
}

function Table({ title, first, columns, rows }: TableProps) {
  return (
    <Section title={title}>
      <Sheet label={title}>
        <table className="plain num tight">
          <thead>
            <tr>
              <th scope="col">{first}</th>
              {columns.map((one) => (
                <th key={one.key} scope="col" className="r" title={`${one.unit}：${one.definition}`}>
                  {COUNTED.includes(one.unit) ? one.label : `${one.label} ${one.unit}`}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                <td className="nb">{row.name}</td>
                {columns.map((one, place) => (
                  <td key={one.key} className="r">
                    {row.values[place]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Sheet>
    </Section>
  )
}

function Changes({ changes }: { changes: NonNullable<Content['changes']> }) {
  return (
    <Section
      title={`和第 ${changes.against} 版的不同`}
      note={`${changes.list.length} 个数字，${changes.elders} 位老人`}
    >
      {changes.list.length === 0 ? (
        <p className="t2">没有不同。</p>
      ) : (
        <Sheet label="和上一版的不同">
          <table className="plain num">
            <thead>
              <tr>
                <th scope="col">地方</th>
                <th scope="col">指标</th>
                <th scope="col" className="r">
                  上一版
                </th>
                <th scope="col" className="r">
                  这一版
                </th>
              </tr>
            </thead>
            <tbody>
              {changes.list.map((one) => (
                <tr key={`${one.place}${one.what}`}>
                  <td className="nb">{one.place}</td>
                  <td>{one.what}</td>
                  <td className="r">{one.before}</td>
                  <td className="r strong">{one.after}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Sheet>
      )}
    </Section>
  )
}

const STATES = [
  { value: 'missing', label: '没访到的' },
  { value: 'visited', label: '访过的' },
  { value: 'exited', label: '不算应访的' },
]

/** The elders behind the figures, as they were written down when it was made. */
function Elders({ report, hasChanges }: { report: ReportView; hasChanges: boolean }) {
  const scoped = useScoped()
  const [url, setUrl] = useUrlState()
  const state = url.state ?? 'missing'
  const list = useList<ReportElder>(`/reports/${report.id}/elders`, { state, cursor: url.cursor, limit: 50 })
  const columns: Column<ReportElder>[] = [
    {
      key: 'name',
      title: '老人',
      fixed: true,
      render: (one) => (
        <Link className="txt" to={scoped(`/elders/${one.elderId}`)}>
          {one.maskedName}
        </Link>
      ),
    },
    { key: 'place', title: '村（社区）', render: (one) => one.regionName },
    ...(state === 'changed'
      ? [{ key: 'before', title: '上一版', render: (one: ReportElder) => one.before ?? '—' }]
      : []),
    { key: 'result', title: '结果', render: (one) => one.result },
  ]
  return (
    <Section title="名单" note="生成报表时记下的">
      <DataTable
        name="report-elders"
        label="报表后面的老人"
        tools={
          <Choice
            label="看哪些老人"
            value={state}
            onChange={(value) => setUrl({ state: value, cursor: undefined })}
            options={hasChanges ? [...STATES, { value: 'changed', label: '和上一版不同的' }] : STATES}
          />
        }
        columns={columns}
        list={list}
        rowKey={({ elderId }) => elderId}
        empty={<Empty icon="check-circle" title="没有这样的老人" next="换一种情况再看。" />}
      />
    </Section>
  )
}
