import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { REPORT_KINDS, type ReportKind, TEMPLATES } from '../../../shared/report/templates'
import type { ReportLine, ReportView } from '../../../shared/report/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { Icon } from '../components/icon'
import { Page, Section } from '../components/page'
import { Empty, Refused } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { dayClock } from '../core/format'
import { newId } from '../core/new-id'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { today } from '../core/today'
import { useAction } from '../core/use-action'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { latestPeriod, periodsFor } from './periods'

const KINDS = REPORT_KINDS.map((value) => ({ value, label: TEMPLATES[value].title }))

/** Reports that were made, and the two clicks that make the next one. */
export default function ReportsPage() {
  const me = useMe()
  const scoped = useScoped()
  const { regionId } = useScope()
  const [state, setState] = useUrlState()
  const list = useList<ReportLine>('/reports', { regionId, kind: state.kind, cursor: state.cursor, limit: 50 })
  const columns: Column<ReportLine>[] = [
    {
      key: 'title',
      title: '报表',
      fixed: true,
      render: (one) => (
        <Link className="txt strong" to={scoped(`/reports/${one.id}`)}>
          {one.title}
        </Link>
      ),
    },
    { key: 'place', title: '地方', render: (one) => one.regionName },
    { key: 'version', title: '版本', align: 'right', render: (one) => `第 ${one.version} 版` },
    { key: 'state', title: '状态', render: (one) => <ReportState report={one} /> },
    { key: 'made', title: '制表', render: (one) => `${one.askedByName} ${dayClock(one.askedAt)}` },
    {
      key: 'signed',
      title: '定稿',
      render: (one) => (one.signedAt === null ? '—' : `${one.signedByName} ${dayClock(one.signedAt)}`),
    },
  ]
  return (
    <Page title="报表" note="定稿以后数字不再变动，有更正的另出一版">
      <div className="stack">
        {may(me, 'report.make') && <Make />}
        <DataTable
          name="reports"
          label="报表"
          tools={
            <Choice
              label="种类"
              all="全部种类"
              value={state.kind}
              onChange={(kind) => setState({ kind, cursor: undefined })}
              options={KINDS}
            />
          }
          columns={columns}
          list={list}
          rowKey={({ id }) => id}
          empty={<Empty icon="chart" title="这里还没有报表" next="在上面选种类和时间，生成一份。" />}
        />
      </div>
    </Page>
  )
}

function Make() {
  const cache = useQueryClient()
  const navigate = useNavigate()
  const scoped = useScoped()
  const { regionId } = useScope()
  const [kind, setKind] = useState<ReportKind>('month')
  const [period, setPeriod] = useState(latestPeriod('month', today()))
  const make = useAction(
    () => post<ReportView>('/reports', { id: newId(), kind, regionId, period }),
    ({ id }) => {
      cache.invalidateQueries({ queryKey: ['/reports'] })
      navigate(scoped(`/reports/${id}`))
    },
  )
  return (
    <Section title="生成一份" note="顶上选的地方，包括它下面的所有村">
      <div className="row">
        <Choice
          label="报表"
          value={kind}
          options={KINDS}
          onChange={(value) => {
            const next = (value ?? 'month') as ReportKind
            setKind(next)
            setPeriod(latestPeriod(next, today()))
          }}
        />
        <Choice
          label="时期"
          value={period}
          options={periodsFor(kind, today())}
          onChange={(value) => setPeriod(value ?? latestPeriod(kind, today()))}
        />
        <Button type="primary" loading={make.busy} icon={<Icon name="chart" size={18} />} onClick={() => make.run()}>
          生成
        </Button>
      </div>
      <Refused failure={make.failure} />
    </Section>
  )
}

export function ReportState({ report }: { report: Pick<ReportLine, 'state' | 'donePercent'> }) {
  if (report.state === 'signed') return <Status tone="ok">已定稿</Status>
  if (report.state === 'ready') return <Status tone="wait">草稿</Status>
  if (report.state === 'failed') return <Status tone="bad">没有生成出来，请再生成一次</Status>
  return <Status tone="none">正在生成 {report.donePercent}%</Status>
}
