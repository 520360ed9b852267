import { Link } from 'react-router'
import { firstDayOf, lastDayOf } from '../../../shared/core/time'
import type { RegionDetail } from '../../../shared/region/view'
import type { Coverage, HelperHours, Hours, HoursRow } from '../../../shared/requirement/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { ExportButton } from '../components/export-button'
import { Field } from '../components/filter-bar'
import { Page, Section } from '../components/page'
import { PrintButton, PrintFooter, PrintHeader } from '../components/print'
import { RegionTree } from '../components/region-tree'
import { Sheet } from '../components/sheet'
import { Empty, Failed, Loading } from '../components/states'
import { Status } from '../components/status'
import { search } from '../core/call'
import { count, hours, monthWords } from '../core/format'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { recentMonths, thisMonth } from '../core/today'
import { useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { CATEGORY_WORDS, EXIT_WORDS, wordOf } from '../core/words'
import { ByWhom } from './by-whom'
import { PlacesTable } from './places'

/**
 * Hours against requirement: per village and month each elder with what was required, what counted, what is missing and
 * what was returned. The sheet a town prints, signs and keeps. Above a village it shows the places, to walk down.
 */
export default function HoursPage() {
  const [state, set] = useUrlState()
  const { regionId, home } = useScope()
  const month = state.month ?? thisMonth()
  const region = useOne<RegionDetail>(regionId ? `/regions/${regionId}` : null)
  // A sheet is of a village, or of a town at most; a county has figures of its places.
  const hasSheet = region.data !== undefined && region.data.countyId !== null && region.data.countyId !== regionId
  const byHelper = state.by === 'helper'
  const together = state.all === '1' && hasSheet
  const kept = search({ month: state.month, only: state.only, by: state.by }).replace('?', '&')
  const linkTo = (id: string) => `/hours?regionId=${id}${kept}`

  return (
    <Page
      title="要求与时长"
      note={`${region.data?.name ?? ''} ${monthWords(month)}`}
      actions={
        <>
          <PrintButton>打印</PrintButton>
          {hasSheet ? (
            <ExportButton
              path={byHelper ? '/exports/helper-hours' : '/exports/hours'}
              query={{ month, regionId }}
              name={`${byHelper ? '志愿者时长' : '要求与时长'}-${region.data?.name ?? ''}-${month}`}
            />
          ) : (
            <ExportButton
              path="/exports/coverage"
              query={{ month, regionId }}
              name={`要求完成情况-${month}`}
              aggregate
            />
          )}
        </>
      }
    >
      <div className="filters">
        <Field label="月份">
          <Choice label="月份" value={month} options={recentMonths()} onChange={(value) => set({ month: value })} />
        </Field>
        <Field label="看哪些老人">
          <Choice
            label="看哪些老人"
            all="全部"
            value={state.only}
            options={[{ value: 'missing', label: '只看还差的' }]}
            onChange={(value) => set({ only: value })}
          />
        </Field>
      </div>
      <div className="with-tree">
        <div className="card tree-card">
          <RegionTree root={{ id: home.regionId, name: home.regionName }} current={regionId} linkTo={linkTo} />
        </div>
        <div className="stack" style={{ minWidth: 0 }}>
          {region.isError && <Failed error={region.error} retry={() => region.refetch()} />}
          {region.isPending && <div className="card">{<Loading rows={10} />}</div>}
          {region.data &&
            (region.data.childCount > 0 && !together ? (
              <Places
                region={region.data}
                month={month}
                hasSheet={hasSheet}
                linkTo={linkTo}
                onTogether={() => set({ all: '1' })}
              />
            ) : (
              <>
                <ByWhom otherwise="按老人" />
                {byHelper ? (
                  <HelperSheet regionId={regionId} month={month} />
                ) : (
                  <VillageSheet regionId={regionId} month={month} only={state.only === 'missing'} />
                )}
              </>
            ))}
        </div>
      </div>
    </Page>
  )
}

interface PlacesProps {
  region: RegionDetail
  month: string
  /** Whether all elders below fit one sheet. */
  hasSheet: boolean
  linkTo: (id: string) => string
  onTogether: () => void
}

/** Above a village: what each place owes, and the way down to the elders. */
function Places({ region, month, hasSheet, linkTo, onTogether }: PlacesProps) {
  const me = useMe()
  const coverage = useOne<Coverage>('/coverage', { month, regionId: region.id })
  if (coverage.isError) return <Failed error={coverage.error} retry={() => coverage.refetch()} />
  if (!coverage.data) return <div className="card">{<Loading rows={10} />}</div>
  return (
    <>
      <PrintHeader title="探访要求完成情况" scope={`${region.name} ${monthWords(month)}`} />
      <Section
        title={`${region.name}各地`}
        note="点地名往下看到每位老人"
        actions={
          hasSheet &&
          coverage.data.total.due <= SHEET_MAX && (
            <button type="button" className="txt no-print" onClick={onTogether}>
              合在一张表里看老人
            </button>
          )
        }
      >
        <PlacesTable rows={coverage.data.rows} linkTo={linkTo} />
      </Section>
      <PrintFooter by={me.name} />
    </>
  )
}

/** More rows than a person reads, or a browser prints, on one sheet. */
const SHEET_MAX = 1000

function VillageSheet({ regionId, month, only }: { regionId: string; month: string; only: boolean }) {
  const me = useMe()
  const scoped = useScoped()
  const sheet = useOne<Hours>('/hours', { month, regionId })
  const span = `from=${firstDayOf(month)}&to=${lastDayOf(month)}`
  if (sheet.isError) return <Failed error={sheet.error} retry={() => sheet.refetch()} />
  if (!sheet.data) return <div className="card">{<Loading rows={10} />}</div>
  const { regionName, agencyName, total } = sheet.data
  const rows = sheet.data.rows.filter(({ missingVisits }) => !only || missingVisits > 0)
  if (rows.length === 0)
    return (
      <div className="card">
        <Empty icon="check-circle" title={only ? '没有还差的老人' : '这里这个月没有要求探访的老人'}>
          <p className="t3">在左边换一个村，或换一个月份。</p>
        </Empty>
      </div>
    )
  return (
    <>
      <PrintHeader title="探访要求与服务时长表" scope={`${agencyName} ${regionName} ${monthWords(month)}`} />
      <Sheet label="要求与时长" className="card">
        <table className="plain num tight">
          <caption>
            必需：这个月按要求该去的次数。有效：结束了、时间和方式够、没有被退回的。还差：没有按期做到的次数。时长只算有效的次数。
          </caption>
          <thead>
            <tr>
              <th scope="col">老人</th>
              <th scope="col">类别</th>
              <th scope="col">要求</th>
              <th scope="col" className="r">
                必需
              </th>
              <th scope="col" className="r">
                做了
              </th>
              <th scope="col" className="r">
                有效
              </th>
              <th scope="col">还差</th>
              <th scope="col" className="r">
                超出
              </th>
              <th scope="col" className="r">
                有效小时
              </th>
              <th scope="col" className="r">
                志愿
              </th>
              <th scope="col" className="r">
                互助
              </th>
              <th scope="col" className="r">
                岗位
              </th>
              <th scope="col">凭证小时</th>
              <th scope="col">谁去的</th>
              <th scope="col" className="r">
                待审
              </th>
              <th scope="col" className="r">
                退回
              </th>
              <th scope="col" className="r">
                退回小时
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.elderId}>
                <th scope="row" className="nb" style={{ background: 'none', height: 'auto', fontSize: 14 }}>
                  {may(me, 'elder.read') ? (
                    <Link className="txt" to={scoped(`/visits?elderId=${row.elderId}&${span}`)}>
                      {row.maskedName}
                    </Link>
                  ) : (
                    row.maskedName
                  )}
                </th>
                <td style={{ minWidth: 52 }}>
                  {row.categories.map((category) => wordOf(CATEGORY_WORDS, category)).join('、') || '—'}
                </td>
                <td style={{ minWidth: 130 }}>
                  {row.requirement || '—'}
                  {row.exitKind && <span className="t3">（{wordOf(EXIT_WORDS, row.exitKind)}）</span>}
                </td>
                <Figures row={row} helpers={helperWords(row)} />
              </tr>
            ))}
          </tbody>
          {!only && (
            <tfoot>
              <tr style={{ height: 46, borderTop: '2px solid var(--line-strong)' }}>
                <th scope="row" style={{ background: 'none', color: 'inherit' }} className="strong">
                  合计
                </th>
                <td colSpan={2}>{count(rows.length)} 位老人</td>
                <Figures row={total} helpers="" />
              </tr>
            </tfoot>
          )}
        </table>
      </Sheet>
      <PrintFooter by={me.name} />
    </>
  )
}

/** "张* 2 小时、李* 1 小时": who gave the time. */
function helperWords({ helpers }: HoursRow): string {
  return helpers.map(({ maskedName, seconds }) => `${maskedName}\u00a0${hours(seconds)}`).join('、')
}

/** "L1 2 L3 0.5": hours by evidence, where there are any. */
function levelWords(byLevel: readonly number[]): string {
  return (
    byLevel.flatMap((seconds, level) => (seconds > 0 ? [`L${level}\u00a0${hours(seconds)}`] : [])).join('　') || '—'
  )
}

function HelperSheet({ regionId, month }: { regionId: string; month: string }) {
  const me = useMe()
  const scoped = useScoped()
  const sheet = useOne<HelperHours>('/hours/helpers', { month, regionId })
  if (sheet.isError) return <Failed error={sheet.error} retry={() => sheet.refetch()} />
  if (!sheet.data) return <div className="card">{<Loading rows={10} />}</div>
  const { rows, regionName } = sheet.data
  if (rows.length === 0)
    return (
      <div className="card">
        <Empty icon="calendar" title="这里这个月还没有服务">
          <p className="t3">在左边换一个村，或换一个月份。</p>
        </Empty>
      </div>
    )
  return (
    <>
      <PrintHeader title="志愿者服务时长表" scope={`${regionName} ${monthWords(month)}`} />
      <Sheet label="志愿者时长" className="card">
        <table className="plain num tight">
          <caption>
            手工：工作人员补录的时间占有效时间的比例。最多一位：去得最久的那位老人占的比例。比例向下取到 0.1。
          </caption>
          <thead>
            <tr>
              <th scope="col">志愿者</th>
              <th scope="col">村</th>
              <th scope="col" className="r">
                次数
              </th>
              <th scope="col" className="r">
                有效小时
              </th>
              <th scope="col" className="r">
                志愿
              </th>
              <th scope="col" className="r">
                互助
              </th>
              <th scope="col" className="r">
                岗位
              </th>
              <th scope="col">凭证小时</th>
              <th scope="col" className="r">
                异常
              </th>
              <th scope="col" className="r">
                退回
              </th>
              <th scope="col" className="r">
                手工
              </th>
              <th scope="col" className="r">
                老人
              </th>
              <th scope="col" className="r">
                最多一位
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.memberId}>
                <th scope="row" className="nb" style={{ background: 'none', height: 'auto', fontSize: 14 }}>
                  {may(me, 'elder.read') ? (
                    <Link className="txt" to={scoped(`/members/${row.memberId}`)}>
                      {row.maskedName}
                    </Link>
                  ) : (
                    row.maskedName
                  )}
                </th>
                <td className="nb">{row.regionName}</td>
                <td className="r">{count(row.visits)}</td>
                <td className="r strong">{hours(row.validSeconds)}</td>
                <td className="r">{hours(row.byNature.volunteer)}</td>
                <td className="r">{hours(row.byNature.mutualAid)}</td>
                <td className="r">{hours(row.byNature.dutyPaid)}</td>
                <td className="nb">{levelWords(row.byLevel)}</td>
                <td className="r">{count(row.exceptions)}</td>
                <td className="r">{count(row.returnedVisits)}</td>
                <td className="r">{row.manualPercent === null ? '—' : `${row.manualPercent}%`}</td>
                <td className="r">{count(row.elders)}</td>
                <td className="r">{row.topPairPercent === null ? '—' : `${row.topPairPercent}%`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Sheet>
      <PrintFooter by={me.name} />
    </>
  )
}

function Figures({
  row,
  helpers,
}: {
  row: Omit<HoursRow, 'elderId' | 'maskedName' | 'categories' | 'requirement' | 'helpers' | 'exitKind'>
  helpers: string
}) {
  return (
    <>
      <td className="r">{count(row.requiredVisits)}</td>
      <td className="r">{count(row.doneVisits)}</td>
      <td className="r">{count(row.validVisits)}</td>
      <td className="nb">
        {row.missingVisits > 0 ? (
          <Status tone="bad">差 {count(row.missingVisits)}</Status>
        ) : row.requiredVisits > 0 ? (
          <Status tone="ok">够了</Status>
        ) : (
          <span className="t3">不要求</span>
        )}
      </td>
      <td className="r">{count(row.overServed)}</td>
      <td className="r strong">{hours(row.validSeconds)}</td>
      <td className="r">{hours(row.byNature.volunteer)}</td>
      <td className="r">{hours(row.byNature.mutualAid)}</td>
      <td className="r">{hours(row.byNature.dutyPaid)}</td>
      <td>{levelWords(row.byLevel)}</td>
      <td style={{ minWidth: 76 }}>{helpers}</td>
      <td className="r">{count(row.waitingVisits)}</td>
      <td className="r">{count(row.returnedVisits)}</td>
      <td className="r">{hours(row.returnedSeconds)}</td>
    </>
  )
}
