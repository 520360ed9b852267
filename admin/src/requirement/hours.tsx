import { Link } from 'react-router'
import { firstDayOf, lastDayOf } from '../../../shared/core/time'
import type { Hours, HoursRow } from '../../../shared/requirement/view'
import { Choice } from '../components/choice'
import { ExportButton } from '../components/export-button'
import { Field } from '../components/filter-bar'
import { Page } from '../components/page'
import { PrintButton, PrintFooter, PrintHeader } from '../components/print'
import { RegionTree } from '../components/region-tree'
import { Empty, Failed, Loading } from '../components/states'
import { Status } from '../components/status'
import { count, hours, monthWords } from '../core/format'
import { may } from '../core/powers'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { recentMonths, thisMonth } from '../core/today'
import { useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { CATEGORY_WORDS, EXIT_WORDS, wordOf } from '../core/words'

/**
 * Hours against requirement: per village and month each elder with what was required, what counted, what is missing and
 * what was returned. The sheet a town prints, signs and keeps.
 */
export default function HoursPage() {
  const me = useMe()
  const scoped = useScoped()
  const [state, set] = useUrlState()
  const { regionId, home } = useScope()
  const month = state.month ?? thisMonth()
  const sheet = useOne<Hours>(regionId ? '/hours' : null, { month, regionId })
  const only = state.only === 'missing'
  const rows = sheet.data?.rows.filter(({ missingVisits }) => !only || missingVisits > 0)
  const linkTo = (id: string) =>
    `/hours?regionId=${id}${state.month ? `&month=${state.month}` : ''}${only ? '&only=missing' : ''}`
  const span = `from=${firstDayOf(month)}&to=${lastDayOf(month)}`

  return (
    <Page
      title="要求与时长"
      note={`${sheet.data?.regionName ?? ''} ${monthWords(month)}`}
      actions={
        <>
          <PrintButton>打印</PrintButton>
          <ExportButton
            path="/exports/hours"
            query={{ month, regionId }}
            name={`要求与时长-${sheet.data?.regionName ?? ''}-${month}`}
          />
        </>
      }
    >
      <PrintHeader
        title="探访要求与服务时长表"
        scope={`${sheet.data?.agencyName ?? ''} ${sheet.data?.regionName ?? ''} ${monthWords(month)}`}
      />
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
        <div style={{ minWidth: 0 }}>
          {sheet.isError && <div className="card">{<Failed error={sheet.error} retry={() => sheet.refetch()} />}</div>}
          {sheet.isPending && <div className="card">{<Loading rows={10} />}</div>}
          {sheet.data && rows && rows.length === 0 && (
            <div className="card">
              <Empty icon="check-circle" title={only ? '没有还差的老人' : '这里这个月没有要求探访的老人'}>
                <p className="t3">在左边换一个村，或换一个月份。</p>
              </Empty>
            </div>
          )}
          {sheet.data && rows && rows.length > 0 && (
            <div className="card sheet">
              <table className="plain num">
                <caption>
                  必需：这个月按要求该去的次数。有效：结束了、时间和方式够、没有被退回的。还差：必需减去按期完成的。时长只算有效的次数。
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
                      有效
                    </th>
                    <th scope="col">还差</th>
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
                        {may(me, 'lookAtPeople') ? (
                          <Link className="txt" to={scoped(`/visits?elderId=${row.elderId}&${span}`)}>
                            {row.maskedName}
                          </Link>
                        ) : (
                          row.maskedName
                        )}
                      </th>
                      <td>{row.categories.map((category) => wordOf(CATEGORY_WORDS, category)).join('、')}</td>
                      <td>
                        {row.requirement}
                        {row.exitKind && <span className="t3">（{wordOf(EXIT_WORDS, row.exitKind)}）</span>}
                      </td>
                      <Figures row={row} />
                    </tr>
                  ))}
                </tbody>
                {!only && (
                  <tfoot>
                    <tr style={{ height: 46, borderTop: '2px solid var(--line-strong)' }}>
                      <th scope="row" style={{ background: 'none', color: 'inherit' }} className="strong">
                        合计
                      </th>
                      <td colSpan={2}>{count(sheet.data.rows.length)} 位老人</td>
                      <Figures row={sheet.data.total} />
                    </tr>
                  </tfoot>
                )}
              </table>
            </div>
          )}
        </div>
      </div>
      <PrintFooter by={me.name} />
    </Page>
  )
}

function Figures({
  row,
}: {
  row: Omit<HoursRow, 'elderId' | 'maskedName' | 'categories' | 'requirement' | 'exitKind'>
}) {
  return (
    <>
      <td className="r">{count(row.requiredVisits)}</td>
      <td className="r">{count(row.validVisits)}</td>
      <td className="nb">
        {row.missingVisits > 0 ? (
          <Status tone="bad">差 {count(row.missingVisits)}</Status>
        ) : (
          <Status tone="ok">够了</Status>
        )}
      </td>
      <td className="r strong">{hours(row.validSeconds)}</td>
      <td className="r">{hours(row.byNature.volunteer)}</td>
      <td className="r">{hours(row.byNature.mutualAid)}</td>
      <td className="r">{hours(row.byNature.dutyPaid)}</td>
      <td className="r">{count(row.waitingVisits)}</td>
      <td className="r">{count(row.returnedVisits)}</td>
      <td className="r">{hours(row.returnedSeconds)}</td>
    </>
  )
}
