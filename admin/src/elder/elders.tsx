import { useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useRef } from 'react'
import { Link, useNavigate } from 'react-router'
import type { ElderView, PlateView } from '../../../shared/elder/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { ExportButton } from '../components/export-button'
import { Field, FilterBar } from '../components/filter-bar'
import { Icon } from '../components/icon'
import { LinkButton } from '../components/link-button'
import { Page } from '../components/page'
import { Empty, Refused } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useAction } from '../core/use-action'
import { useFilters } from '../core/use-filters'
import { useList } from '../core/use-list'
import { CATEGORY_WORDS, optionsOf, SEX_WORDS, wordOf } from '../core/words'

const FILTERS = ['q', 'category', 'state'] as const
const STATES = [
  { value: 'active', label: '在册' },
  { value: 'notVisited', label: '本月还没访' },
  { value: 'noPlate', label: '没有门牌' },
  { value: 'assessmentDue', label: '该做能力评估了' },
  { value: 'ended', label: '已退出' },
]

export default function EldersPage() {
  const me = useMe()
  const scoped = useScoped()
  const { state, applied, draft, change, submit, reset } = useFilters(FILTERS)
  const { regionId } = useScope()
  const query = { ...applied, regionId }
  const list = useList<ElderView>('/elders', { ...query, cursor: state.cursor, limit: 50 })

  const columns: Column<ElderView>[] = [
    {
      key: 'name',
      title: '老人',
      fixed: true,
      render: (elder) => (
        <Link className="txt" to={scoped(`/elders/${elder.id}`)}>
          {elder.maskedName}
        </Link>
      ),
    },
    { key: 'sex', title: '性别', render: (elder) => wordOf(SEX_WORDS, elder.sex) },
    { key: 'age', title: '年龄', align: 'right', render: (elder) => elder.age ?? '—' },
    { key: 'place', title: '村', render: (elder) => <span className="nb">{elder.regionName}</span> },
    {
      key: 'categories',
      title: '类别',
      render: (elder) => elder.categories.map((category) => wordOf(CATEGORY_WORDS, category)).join('、') || '—',
    },
    { key: 'visited', title: '本月探访', render: (elder) => <Visited elder={elder} /> },
    { key: 'last', title: '上次', render: (elder) => <span className="nb">{elder.lastVisitDay ?? '还没有'}</span> },
    {
      key: 'plate',
      title: '门牌',
      render: (elder) => (elder.hasPlate ? <Status tone="ok">有</Status> : <Status tone="warn">没有</Status>),
    },
    { key: 'phone', title: '手机', spare: true, render: (elder) => (elder.ownPhone ? '自己用' : '没有') },
  ]

  return (
    <Page
      title="老人"
      actions={
        may(me, 'elder.keep') && (
          <>
            <LinkButton to={scoped('/imports')} icon={<Icon name="table" size={18} />}>
              从表格导入
            </LinkButton>
            <LinkButton primary to={scoped('/elders/new')} icon={<Icon name="plus" size={18} />}>
              登记老人
            </LinkButton>
          </>
        )
      }
    >
      <FilterBar onSubmit={submit} onReset={reset}>
        <Field label="拼音首字母、门牌号或电话">
          <Input
            style={{ width: 220 }}
            value={draft.q ?? ''}
            maxLength={30}
            onChange={(event) => change('q', event.target.value)}
          />
        </Field>
        <Field label="类别">
          <Choice
            label="类别"
            all="全部类别"
            value={draft.category}
            onChange={(value) => change('category', value)}
            options={optionsOf(CATEGORY_WORDS)}
          />
        </Field>
        <Field label="状态">
          <Choice
            label="状态"
            all="全部"
            value={draft.state}
            onChange={(value) => change('state', value)}
            options={STATES}
          />
        </Field>
      </FilterBar>
      <DataTable
        name="elders"
        label="老人"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <Empty
            icon="elder"
            title={applied.q || applied.category || applied.state ? '没有找到这样的老人' : '这里还没有登记老人'}
          >
            <p className="t3">
              {applied.q ? '名字请用拼音首字母找，例如王秀英是 WXY。' : '换一个条件再查，或者登记一位老人。'}
            </p>
          </Empty>
        }
        tools={applied.state === 'noPlate' && may(me, 'elder.keep') && <IssuePlates elders={list.data?.items ?? []} />}
        exits={<ExportButton path="/exports/elders" query={query} name="老人名单" />}
      />
    </Page>
  )
}

/** A plate for each elder of the page, as one batch that is printed together. */
function IssuePlates({ elders }: { elders: readonly ElderView[] }) {
  const navigate = useNavigate()
  const scoped = useScoped()
  const cache = useQueryClient()
  const batch = useRef(newId())
  const waiting = elders.filter(({ hasPlate, ended }) => !hasPlate && !ended)
  const { run, busy, failure } = useAction(
    () =>
      post<PlateView[]>('/plates', {
        batchId: batch.current,
        plates: waiting.map(({ id }) => ({ elderId: id, kind: 'door' })),
      }),
    () => {
      cache.invalidateQueries()
      navigate(scoped(`/plates?batchId=${batch.current}`))
    },
  )
  if (waiting.length === 0) return null
  return (
    <>
      <Button loading={busy} icon={<Icon name="qr" size={18} />} onClick={() => run()}>
        给本页 {waiting.length} 位制门牌
      </Button>
      <Refused failure={failure} />
    </>
  )
}

/** Whether what is owed this month was given; an elder without a requirement is owed nothing. */
export function Visited({ elder }: { elder: Pick<ElderView, 'visitedThisMonth' | 'ended'> }) {
  if (elder.ended) return <Status tone="none">已退出</Status>
  if (elder.visitedThisMonth === null) return <span className="t3">不要求</span>
  return elder.visitedThisMonth ? <Status tone="ok">已访</Status> : <Status tone="warn">还没访</Status>
}
