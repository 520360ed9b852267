import { Link, useParams } from 'react-router'
import type { AreaEventElder, AreaEventElders } from '../../../shared/elder/view'
import { CATEGORY_WORDS, EVENT_WORDS } from '../../../shared/elder/words'
import { whyWords } from '../../../shared/requirement/plan'
import { Page } from '../components/page'
import { Paging } from '../components/paging'
import { PrintButton, PrintFooter, PrintHeader } from '../components/print'
import { RegionTree } from '../components/region-tree'
import { Sheet } from '../components/sheet'
import { Empty, Failed, Loading } from '../components/states'
import { Status } from '../components/status'
import { count, fullTime } from '../core/format'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { wordOf } from '../core/words'
import { ByWhom } from './by-whom'

const NOBODY = '没有合适的人'

/** Whom a declared event is about, to be printed and taken along: by village, or by who is to go. */
export default function AreaEventPage() {
  const { id = '' } = useParams()
  const me = useMe()
  const [state] = useUrlState()
  const { regionId, home, chosen } = useScope()
  const byHelper = state.by === 'helper'
  const found = useOne<AreaEventElders>(`/area-events/${id}/elders`, {
    ...(chosen ? { regionId } : {}),
    cursor: state.cursor,
    limit: 200,
  })
  const event = found.data?.event
  const title = event === undefined ? '走访名单' : `${EVENT_WORDS[event.kind]}走访名单`
  const scope = event === undefined ? '' : `${event.regionName}，${fullTime(event.happenedAt)} 起`
  return (
    <Page title={title} note={scope} actions={<PrintButton>打印名单</PrintButton>}>
      <PrintHeader title={title} scope={scope} />
      <div className="with-tree">
        <div className="card tree-card">
          <RegionTree
            root={{ id: home.regionId, name: home.regionName }}
            current={regionId}
            linkTo={(to) => `/area-events/${id}?regionId=${to}${byHelper ? '&by=helper' : ''}`}
          />
        </div>
        <div className="stack" style={{ minWidth: 0 }}>
          <ByWhom otherwise="按村" />
          {found.isError && <Failed error={found.error} retry={() => found.refetch()} />}
          {found.isPending && <div className="card">{<Loading rows={10} />}</div>}
          {found.data &&
            (found.data.items.length === 0 ? (
              <div className="card">
                <Empty icon="check-circle" title="这里没有要走访的老人" />
              </div>
            ) : (
              <List rows={found.data.items} byHelper={byHelper} />
            ))}
          <Paging next={found.data?.next} />
        </div>
      </div>
      <PrintFooter by={me.name} />
    </Page>
  )
}

/** One part a village or a helper, each beginning with its name. */
function List({ rows, byHelper }: { rows: readonly AreaEventElder[]; byHelper: boolean }) {
  const keyOf = (one: AreaEventElder) =>
    byHelper ? (one.visitedBy ?? one.helper?.maskedName ?? NOBODY) : one.regionName
  const parts = grouped(rows, keyOf)
  return (
    <Sheet label="走访名单" className="card">
      <table className="plain num">
        <thead>
          <tr>
            <th scope="col">老人</th>
            <th scope="col">村</th>
            <th scope="col">类别</th>
            <th scope="col">派谁去</th>
            <th scope="col">去过没有</th>
            <th scope="col" className="print-only">
              情况与签名
            </th>
          </tr>
        </thead>
        {[...parts].map(([name, own]) => (
          <tbody key={name}>
            <tr>
              <td colSpan={6} className="strong">
                {name} <span className="t3">{count(own.length)} 位</span>
              </td>
            </tr>
            {own.map((one) => (
              <Line key={one.elderId} one={one} />
            ))}
          </tbody>
        ))}
      </table>
    </Sheet>
  )
}

function Line({ one }: { one: AreaEventElder }) {
  const scoped = useScoped()
  return (
    <tr>
      <td className="nb">
        <Link className="txt" to={scoped(`/elders/${one.elderId}`)}>
          {one.maskedName}
        </Link>
      </td>
      <td className="nb">{one.regionName}</td>
      <td>{one.categories.map((category) => wordOf(CATEGORY_WORDS, category)).join('、')}</td>
      <td className="nb">
        {one.visitedDay !== null ? (
          '—'
        ) : one.helper === null ? (
          <Status tone="warn">{NOBODY}</Status>
        ) : (
          <>
            {one.helper.maskedName} <span className="t3">{whyWords(one.helper)}</span>
          </>
        )}
      </td>
      <td className="nb">
        {one.visitedDay === null ? (
          <Status tone="warn">还没去</Status>
        ) : (
          <Status tone="ok">
            {one.visitedDay.slice(5)} {one.visitedBy}
          </Status>
        )}
      </td>
      <td className="print-only" style={{ minWidth: 160 }} />
    </tr>
  )
}

function grouped(rows: readonly AreaEventElder[], keyOf: (one: AreaEventElder) => string) {
  const parts = new Map<string, AreaEventElder[]>()
  for (const one of rows) parts.set(keyOf(one), [...(parts.get(keyOf(one)) ?? []), one])
  return parts
}
