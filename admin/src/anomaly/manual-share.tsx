import { Link } from 'react-router'
import type { ManualShare } from '../../../shared/anomaly/view'
import { firstDayOf, lastDayOf } from '../../../shared/core/time'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { Page, Section } from '../components/page'
import { Empty } from '../components/states'
import { useScope, useScoped } from '../core/scope'
import { recentMonths, thisMonth } from '../core/today'
import { useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'

type Place = ManualShare['villages'][number]
type Clerk = ManualShare['clerks'][number]

/** 手工占比: of the visits of a month how many were typed in instead of scanned, by village, by house and by who typed. */
export default function ManualSharePage() {
  const scoped = useScoped()
  const { regionId } = useScope()
  const [state, set] = useUrlState()
  const month = state.month ?? thisMonth()
  const share = useOne<ManualShare>('/manual-share', { regionId, month })
  const { all, villages, sites, clerks } = share.data ?? {}
  const span = `from=${firstDayOf(month)}&to=${lastDayOf(month)}`
  const numbers = (typedOf: (place: Place) => string | null): Column<Place>[] => [
    { key: 'visits', title: '服务', align: 'right', render: ({ visits }) => visits },
    {
      key: 'manual',
      title: '补录',
      align: 'right',
      render: (place) => {
        const to = typedOf(place)
        return to === null || place.manual === 0 ? (
          place.manual
        ) : (
          <Link className="txt" to={to} aria-label={`看${place.name}补录的 ${place.manual} 次`}>
            {place.manual}
          </Link>
        )
      },
    },
    { key: 'percent', title: '占比', align: 'right', render: ({ percent }) => `${percent}%` },
  ]
  const clerkColumns: Column<Clerk>[] = [
    { key: 'name', title: '录入人', fixed: true, render: ({ name }) => name },
    { key: 'lines', title: '行数', align: 'right', render: ({ lines }) => lines },
    { key: 'percent', title: '占补录', align: 'right', render: ({ percent }) => `${percent}%` },
  ]
  return (
    <Page
      title="手工占比"
      note={
        all === undefined
          ? '补录的服务占全部服务的百分之几'
          : `${all.name} ${month}：${all.visits} 次里补录 ${all.manual} 次，${all.percent}%`
      }
      actions={<Choice label="月份" value={month} options={recentMonths()} onChange={(next) => set({ month: next })} />}
      back={{ to: scoped('/'), label: '工作台' }}
    >
      <div className="stack">
        <Section title="按村">
          <DataTable
            name="share-villages"
            label="按村"
            columns={[
              { key: 'name', title: '村', fixed: true, render: ({ name }) => name },
              ...numbers(({ id }) => `/visits?regionId=${id}&level=0&${span}`),
            ]}
            rows={villages}
            rowKey={({ id }) => id}
            list={share}
            empty={<Empty icon="table" title="这个月还没有服务" next="换一个月份再看。" />}
          />
        </Section>
        <div className="two">
          <Section title="按站点" note="按老人住的床位归到哪一处">
            <DataTable
              name="share-sites"
              label="按站点"
              columns={[
                { key: 'name', title: '哪一处', fixed: true, render: ({ name }) => name },
                ...numbers(() => null),
              ]}
              rows={sites}
              rowKey={({ id }) => id}
              list={share}
              empty={<Empty icon="place" title="这里没有登记床位" next="在“互助点和组织”里给机构的床位制牌。" />}
            />
          </Section>
          <Section title="按录入人">
            <DataTable
              name="share-clerks"
              label="按录入人"
              columns={clerkColumns}
              rows={clerks}
              rowKey={({ id }) => id}
              list={share}
              empty={<Empty icon="table" title="这个月没有补录" next="都是扫码记的，没有人手工录入。" />}
            />
          </Section>
        </div>
        <p className="t2">
          定稿的月份在{' '}
          <a href={`/open/${regionId}`} style={{ textDecoration: 'underline' }}>
            公示页
          </a>{' '}
          上给所有人看，不到规定人数的村不公布，没有个人信息。
        </p>
      </div>
    </Page>
  )
}
