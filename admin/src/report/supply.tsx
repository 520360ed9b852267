import { Link } from 'react-router'
import type { Supply, SupplyRow } from '../../../shared/report/view'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { Page } from '../components/page'
import { PrintButton, PrintFooter, PrintHeader } from '../components/print'
import { RegionTree } from '../components/region-tree'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { count, hours, monthWords } from '../core/format'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { recentMonths, thisMonth } from '../core/today'
import { useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'

/** 需求与供给: what is asked for and owed in each place, who is there to help, and where to go. */
export default function SupplyPage() {
  const me = useMe()
  const scoped = useScoped()
  const { regionId, home } = useScope()
  const [state, setState] = useUrlState()
  const month = state.month ?? thisMonth()
  const supply = useOne<Supply>('/supply', { regionId, month })
  const columns: Column<SupplyRow>[] = [
    {
      key: 'place',
      title: '地方',
      fixed: true,
      render: (one) => (
        <Link className="txt" to={`/supply?regionId=${one.regionId}&month=${month}`}>
          {one.regionName}
        </Link>
      ),
    },
    { key: 'elders', title: '老人', align: 'right', render: (one) => count(one.elders) },
    { key: 'due', title: '应访', align: 'right', render: (one) => count(one.due) },
    {
      key: 'missing',
      title: '还没访',
      align: 'right',
      render: (one) => (one.missing === 0 ? '0' : <span className="strong">{count(one.missing)}</span>),
    },
    { key: 'orders', title: '需求单', align: 'right', render: (one) => count(one.orders) },
    { key: 'done', title: '办好', align: 'right', render: (one) => count(one.ordersDone) },
    { key: 'waiting', title: '等人接', align: 'right', render: (one) => count(one.waiting) },
    {
      key: 'members',
      title: '志愿者',
      align: 'right',
      render: (one) => (one.members === 0 && one.elders > 0 ? <Status tone="warn">没有</Status> : count(one.members)),
    },
    { key: 'hours', title: '服务小时', align: 'right', render: (one) => hours(one.seconds) },
    { key: 'sites', title: '互助点和服务点', render: (one) => <Sites sites={one.sites} /> },
  ]
  const rows = supply.data === undefined ? undefined : [supply.data.total, ...supply.data.rows]
  return (
    <Page
      title="需求与供给"
      note={`${supply.data?.total.regionName ?? ''} ${monthWords(month)}，第一行是合计`}
      actions={
        <>
          {supply.data?.isOpen && (
            <a className="txt no-print" href={`/open/${supply.data.total.regionId}`} target="_blank" rel="noreferrer">
              看公示页
            </a>
          )}
          <Link className="txt no-print" to={scoped('/organisations')}>
            登记互助点
          </Link>
          <PrintButton />
        </>
      }
    >
      <PrintHeader title="需求与供给" scope={`${supply.data?.total.regionName ?? ''} ${monthWords(month)}`} />
      <div className="with-tree">
        <div className="card tree-card">
          <RegionTree
            root={{ id: home.regionId, name: home.regionName }}
            current={regionId}
            linkTo={(id) => `/supply?regionId=${id}&month=${month}`}
          />
        </div>
        <div style={{ minWidth: 0 }}>
          <DataTable
            name="supply"
            label="需求与供给"
            tools={
              <Choice
                label="月份"
                value={month}
                options={recentMonths()}
                onChange={(next) => setState({ month: next })}
              />
            }
            columns={columns}
            list={supply}
            rows={rows}
            rowKey={({ regionId: id }) => id}
            empty={<Empty icon="place" title="这里还没有数字" next="登记了老人、志愿者或互助点以后才有。" />}
          />
        </div>
      </div>
      <PrintFooter by={me.name} />
    </Page>
  )
}

/** Of many the first; all of them stand in the register. */
function Sites({ sites }: { sites: SupplyRow['sites'] }) {
  if (sites.length === 0) return <span className="t3">没有</span>
  if (sites.length > 3) return <>{count(sites.length)} 处</>
  return (
    <ul>
      {sites.map((one) => (
        <li key={one.name}>
          {one.name}
          <span className="t3"> {[one.needs, one.openingHours].filter(Boolean).join('，') || one.kind}</span>
        </li>
      ))}
    </ul>
  )
}
