import { Button, Dropdown, Input } from 'antd'
import { Link } from 'react-router'
import type { MemberView } from '../../../shared/member/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { ExportButton } from '../components/export-button'
import { Field, FilterBar } from '../components/filter-bar'
import { Icon } from '../components/icon'
import { LinkButton } from '../components/link-button'
import { Page } from '../components/page'
import { Empty } from '../components/states'
import { Status, type Tone } from '../components/status'
import { download } from '../core/call'
import { count, hours } from '../core/format'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { today } from '../core/today'
import { useAction, useTell } from '../core/use-action'
import { useFilters } from '../core/use-filters'
import { useList } from '../core/use-list'
import { MEMBER_KIND_WORDS, MEMBER_STATE_WORDS, optionsOf, wordOf } from '../core/words'

const FILTERS = ['q', 'kind', 'state'] as const
const TONES: Record<string, Tone> = { active: 'ok', suspended: 'warn', ended: 'none' }

export function MemberState({ state }: { state: string }) {
  return <Status tone={TONES[state] ?? 'none'}>{wordOf(MEMBER_STATE_WORDS, state)}</Status>
}

export default function MembersPage() {
  const me = useMe()
  const scoped = useScoped()
  const { state, applied, draft, change, submit, reset } = useFilters(FILTERS)
  const { regionId } = useScope()
  const query = { ...applied, regionId }
  const list = useList<MemberView>('/members', { ...query, cursor: state.cursor, limit: 50 })

  const columns: Column<MemberView>[] = [
    {
      key: 'name',
      title: '姓名',
      fixed: true,
      render: (member) => (
        <Link className="txt" to={scoped(`/members/${member.id}`)}>
          {member.maskedName}
        </Link>
      ),
    },
    { key: 'kind', title: '身份', render: (member) => wordOf(MEMBER_KIND_WORDS, member.kind) },
    { key: 'place', title: '村', render: (member) => <span className="nb">{member.regionName}</span> },
    { key: 'phone', title: '电话', render: (member) => member.maskedPhone ?? '—' },
    { key: 'visits', title: '本月次数', align: 'right', render: (member) => count(member.monthVisits) },
    {
      key: 'hours',
      title: '本月小时',
      align: 'right',
      render: (member) => <span className="strong">{hours(member.monthSeconds)}</span>,
    },
    { key: 'trainings', title: '培训', render: (member) => member.trainings.join('、') || '—' },
    { key: 'joined', title: '登记', render: (member) => <span className="nb">{member.joinedDay}</span> },
    { key: 'state', title: '状态', render: (member) => <MemberState state={member.state} /> },
  ]

  return (
    <Page
      title="志愿者"
      actions={
        may(me, 'member.keep') && (
          <>
            <YearFile regionId={regionId} />
            <LinkButton to={scoped('/imports?kind=members')}>从表格导入</LinkButton>
            <LinkButton primary to={scoped('/members/new')} icon={<Icon name="plus" size={18} />}>
              登记志愿者
            </LinkButton>
          </>
        )
      }
    >
      <FilterBar onSubmit={submit} onReset={reset}>
        <Field label="拼音首字母或电话">
          <Input
            style={{ width: 200 }}
            value={draft.q ?? ''}
            maxLength={30}
            onChange={(event) => change('q', event.target.value)}
          />
        </Field>
        <Field label="身份">
          <Choice
            label="身份"
            all="全部"
            value={draft.kind}
            onChange={(value) => change('kind', value)}
            options={optionsOf(MEMBER_KIND_WORDS)}
          />
        </Field>
        <Field label="状态">
          <Choice
            label="状态"
            all="全部"
            value={draft.state}
            onChange={(value) => change('state', value)}
            options={optionsOf(MEMBER_STATE_WORDS)}
          />
        </Field>
      </FilterBar>
      <DataTable
        name="members"
        label="志愿者"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <Empty
            icon="me"
            title={applied.q || applied.kind || applied.state ? '没有找到这样的志愿者' : '这里还没有登记志愿者'}
          >
            <p className="t3">名字请用拼音首字母找，例如张兰是 ZL。</p>
          </Empty>
        }
        exits={<ExportButton path="/exports/members" query={query} name="志愿者名单" />}
      />
    </Page>
  )
}

/** The annual file of the volunteer records of a place: of last year, or of this one so far. */
function YearFile({ regionId }: { regionId: string | undefined }) {
  const tell = useTell()
  const thisYear = Number(today().slice(0, 4))
  const { run, busy, failure } = useAction(
    (year: string, format: string) =>
      download('/exports/volunteer-year', { regionId, year, format }, `${year}年志愿服务记录年度报告.${format}`),
    () => tell('导出好了，请看浏览器的下载'),
  )
  const items = [thisYear, thisYear - 1].flatMap((year) =>
    Object.entries({ pdf: 'PDF', xlsx: 'Excel 表' }).map(([format, word]) => ({
      key: `${year} ${format}`,
      label: `${year} 年，${word}`,
    })),
  )
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{ items, onClick: ({ key }) => run(...(key.split(' ') as [string, string])) }}
      >
        <Button loading={busy} icon={<Icon name="export" size={18} />}>
          年度报告
        </Button>
      </Dropdown>
      {failure && (
        <span role="alert" className="status bad">
          {failure.sentence}
        </span>
      )}
    </>
  )
}
