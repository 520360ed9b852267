import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Modal } from 'antd'
import { useRef, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import type { DraftView, PresetView, SchemeView } from '../../../shared/scheme/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { FormDialog } from '../components/form'
import { Icon } from '../components/icon'
import { Page, Section } from '../components/page'
import { RegionPicker } from '../components/region-picker'
import { Empty, Failed, Loading } from '../components/states'
import { Status, type Tone } from '../components/status'
import { post } from '../core/call'
import { fullTime } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope } from '../core/scope'
import { useMe } from '../core/session'
import { daysFromNow } from '../core/today'
import { useOne } from '../core/use-list'
import { Differences } from './differences'
import type { Schema } from './schema'
import { Sentences } from './sentences'
import { DRAFT_STATE_WORDS } from './words'

interface Schemes {
  versions: SchemeView[]
  drafts: DraftView[]
}
interface Values {
  from: string
  regionId: string
  validFrom: string
  title: string
}

const TONES: Record<DraftView['state'], Tone> = { draft: 'none', submitted: 'wait', published: 'ok', withdrawn: 'none' }
const BLANK = { sample: false, pointsWord: '积分', earn: { milliPoints: 1000, seconds: 3600 } }

/** The rules in force, those being written, and all that ever held. */
export default function SchemesPage() {
  const me = useMe()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const { regionId, home } = useScope()
  const list = useOne<Schemes>('/schemes', { regionId })
  const presets = useOne<PresetView[]>('/scheme-presets')
  const [writing, setWriting] = useState(false)
  const [shown, setShown] = useState<SchemeView | null>(null)
  const key = useRef(newId())
  const versions = list.data?.versions ?? []
  const inForce = versions.filter((one) => one.inForce)
  const starts = [
    ...versions.map((one) => ({ value: one.id, label: `第 ${one.version} 版：${one.title}`, document: one.document })),
    ...(presets.data ?? []).map((one) => ({
      value: one.code,
      label: `${one.title}${one.sample ? '（示例）' : ''}`,
      document: one.document,
    })),
  ]

  const look: Column<SchemeView> = {
    key: 'look',
    title: '操作',
    fixed: true,
    render: (one) => (
      <button type="button" className="txt" onClick={() => setShown(one)}>
        看第 {one.version} 版
      </button>
    ),
  }

  return (
    <Page
      title="积分规则"
      note="规则是数据：写好、试算、第二个人发布，从那天起生效；发布了的永远不改"
      actions={
        may(me, 'scheme.write') && (
          <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setWriting(true)}>
            写新规则
          </Button>
        )
      }
    >
      {list.isPending && <div className="card">{<Loading />}</div>}
      {list.isError && <div className="card">{<Failed error={list.error} retry={() => list.refetch()} />}</div>}
      {list.data && inForce.length === 0 && (
        <div className="card">
          <Empty icon="points" title="这里还没有积分规则">
            <p className="t3">没有规则时，帮忙只记时长，不记分。</p>
          </Empty>
        </div>
      )}
      {inForce.map((one) => (
        <Section
          key={one.id}
          title={one.title}
          note={`${one.regionName} 第 ${one.version} 版，${one.validFrom} 起${one.sample ? '，示例' : ''}`}
          actions={<Status tone="ok">现行</Status>}
        >
          <Sentences sentences={one.sentences} />
        </Section>
      ))}
      {(list.data?.drafts.length ?? 0) > 0 && (
        <DataTable
          name="schemeDrafts"
          heading="草稿"
          label="规则草稿"
          columns={DRAFT_COLUMNS}
          list={list}
          rows={list.data?.drafts}
          rowKey={({ id }) => id}
          empty={null}
        />
      )}
      {versions.length > 0 && (
        <DataTable
          name="schemeVersions"
          heading="历史"
          label="发布过的规则"
          columns={[...VERSION_COLUMNS, look]}
          list={list}
          rows={versions}
          rowKey={({ id }) => id}
          empty={null}
        />
      )}
      <VersionDialog version={shown} before={beforeOf(versions, shown)} onClose={() => setShown(null)} />
      <FormDialog<Values, DraftView>
        title="写新规则"
        okText="开始写"
        open={writing}
        onClose={() => setWriting(false)}
        initial={{ regionId: home.regionId, validFrom: daysFromNow(30), from: inForce[0]?.id }}
        submit={({ from, title, ...values }) => {
          const start = starts.find(({ value }) => value === from)?.document ?? BLANK
          return post<DraftView>('/scheme-drafts', { id: key.current, ...values, document: { ...start, title } })
        }}
        done={({ id }) => {
          key.current = newId()
          cache.invalidateQueries()
          navigate(`/schemes/${id}`)
        }}
      >
        <Form.Item name="from" label="从哪一份开始">
          <Choice all="空白：每小时 1 分" options={starts} width="100%" />
        </Form.Item>
        <Form.Item name="title" label="叫什么" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="regionId" label="适用的地方（含下级）" rules={REQUIRED}>
          <RegionPicker name={home.regionName} />
        </Form.Item>
        <Form.Item name="validFrom" label="从哪天起生效" rules={REQUIRED}>
          <DayInput min={daysFromNow(0)} />
        </Form.Item>
      </FormDialog>
    </Page>
  )
}

/** The version that held before, in the same place. */
function beforeOf(versions: readonly SchemeView[], shown: SchemeView | null): SchemeView | undefined {
  if (shown === null) return undefined
  return versions
    .filter((one) => one.regionId === shown.regionId && one.version < shown.version)
    .sort((a, b) => b.version - a.version)[0]
}

/** A published version as it reads, and what it changed. */
function VersionDialog({
  version,
  before,
  onClose,
}: {
  version: SchemeView | null
  before: SchemeView | undefined
  onClose: () => void
}) {
  const schema = useOne<Schema>(version === null ? null : '/scheme-schema')
  return (
    <Modal
      title={version === null ? '' : `${version.title}：${version.regionName} 第 ${version.version} 版`}
      open={version !== null}
      onCancel={onClose}
      footer={null}
      width={960}
      destroyOnHidden
    >
      {version !== null && (
        <div className="stack">
          <p className="t2">
            {version.validFrom} 起，{version.publishedByName ?? '系统'} {fullTime(version.publishedAt)} 发布
          </p>
          <Sentences sentences={version.sentences} />
          {before !== undefined && schema.data && (
            <section aria-label="和前一版比">
              <h3>和前一版比</h3>
              <Differences
                schema={schema.data}
                base={before}
                document={version.document}
                name={`第 ${version.version} 版`}
              />
            </section>
          )}
        </div>
      )}
    </Modal>
  )
}

const DRAFT_COLUMNS: Column<DraftView>[] = [
  {
    key: 'title',
    title: '规则',
    fixed: true,
    render: (one) => (
      <Link className="txt" to={`/schemes/${one.id}`}>
        {one.title}
      </Link>
    ),
  },
  { key: 'region', title: '适用', render: (one) => one.regionName },
  { key: 'from', title: '从哪天', render: (one) => one.validFrom },
  {
    key: 'state',
    title: '状态',
    render: (one) => <Status tone={TONES[one.state]}>{DRAFT_STATE_WORDS[one.state]}</Status>,
  },
  { key: 'changed', title: '最后修改', render: (one) => `${one.changedByName} ${fullTime(one.changedAt)}` },
]

const VERSION_COLUMNS: Column<SchemeView>[] = [
  { key: 'version', title: '版本', align: 'right', fixed: true, render: (one) => one.version },
  { key: 'title', title: '规则', fixed: true, render: (one) => one.title },
  { key: 'region', title: '适用', render: (one) => one.regionName },
  { key: 'from', title: '从哪天', render: (one) => one.validFrom },
  {
    key: 'state',
    title: '状态',
    render: (one) => (one.inForce ? <Status tone="ok">现行</Status> : <Status tone="none">不是现行</Status>),
  },
  { key: 'published', title: '发布', render: (one) => `${one.publishedByName ?? '系统'} ${fullTime(one.publishedAt)}` },
]
