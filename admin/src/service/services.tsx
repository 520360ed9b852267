import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Form, Input, InputNumber, Radio } from 'antd'
import { useRef, useState } from 'react'
import type { ServiceView } from '../../../shared/service/view'
import { may } from '../../../shared/session/permissions'
import { type Column, DataTable } from '../components/data-table'
import { ExportButton } from '../components/export-button'
import { FormDialog } from '../components/form'
import { Icon } from '../components/icon'
import { LinesInput } from '../components/lines-input'
import { Page } from '../components/page'
import { PicturePicker } from '../components/picture-picker'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { post, put } from '../core/call'
import { newId } from '../core/new-id'
import { REQUIRED, SOME } from '../core/rules'
import { useScope } from '../core/scope'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'
import { useOne } from '../core/use-list'
import { NATURE_WORDS, optionsOf, wordOf } from '../core/words'

interface Values {
  code: string
  name: string
  icon: string
  plannedMinutes: number
  natures: string[]
  trainingNeeded?: string
  tier: string
  difficulty?: number
  traits: string[]
  tasks: string[]
  sortNo: number
  active: boolean
}

/** What a scheme's rules may ask of an item. */
const TRAITS = [
  { value: 'group', label: '集体活动' },
  { value: 'atSite', label: '在机构里做' },
  { value: 'organiser', label: '做的人是组织者' },
]

interface Tier {
  words: string
  from: number | null
  below: number | null
}

/** 三龄菜单: which ages see an item first. */
const TIERS: readonly Tier[] = [
  { words: '所有年龄', from: null, below: null },
  { words: '60 到 69 岁', from: 60, below: 70 },
  { words: '70 到 79 岁', from: 70, below: 80 },
  { words: '80 岁以上', from: 80, below: null },
]

/** A service's own tier, one of the usual or one that a place made up. */
function tierOf({ tierFromAge: from, tierBelowAge: below }: Pick<ServiceView, 'tierFromAge' | 'tierBelowAge'>): Tier {
  const usual = TIERS.find((tier) => tier.from === from && tier.below === below)
  return usual ?? { words: `${from ?? 0} 岁起${below === null ? '' : `，${below} 岁以下`}`, from, below }
}

/** The tiers a form offers: the usual ones, and the odd one the service has. */
function tiersFor(service: ServiceView | null): Tier[] {
  const own = service && tierOf(service)
  return own && !TIERS.includes(own) ? [...TIERS, own] : [...TIERS]
}

/** The catalogue of what may be asked for and given. Old records keep the name they were made with. */
export default function ServicesPage() {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const { home } = useScope()
  const list = useOne<ServiceView[]>('/services', { all: '1' })
  const [editing, setEditing] = useState<ServiceView | 'new' | null>(null)
  const key = useRef(newId())
  const mayGovern = may(me, 'service.keep')
  const old = editing === 'new' ? null : editing

  const columns: Column<ServiceView>[] = [
    {
      key: 'name',
      title: '项目',
      fixed: true,
      render: (service) => (
        <span className="row nb" style={{ flexWrap: 'nowrap' }}>
          <Icon name={service.icon} />
          <span className="strong">{service.name}</span>
        </span>
      ),
    },
    {
      key: 'minutes',
      title: '大约',
      align: 'right',
      render: (service) => `${Math.floor(service.plannedSeconds / 60)} 分钟`,
    },
    {
      key: 'natures',
      title: '谁可以做',
      render: (service) => service.natures.map((nature) => wordOf(NATURE_WORDS, nature)).join('、'),
    },
    { key: 'tier', title: '优先给', render: (service) => tierOf(service).words },
    { key: 'training', title: '先要培训', render: (service) => service.trainingNeeded ?? '不用' },
    { key: 'tasks', title: '要做的事', render: (service) => service.tasks.join('、') || '—' },
    { key: 'code', title: '代码', spare: true, render: (service) => service.code },
    { key: 'sort', title: '次序', spare: true, align: 'right', render: (service) => service.sortNo },
    {
      key: 'state',
      title: '状态',
      render: (service) => (service.active ? <Status tone="ok">在用</Status> : <Status tone="none">停用</Status>),
    },
    ...(mayGovern
      ? [
          {
            key: 'acts',
            title: '操作',
            fixed: true,
            render: (service: ServiceView) => (
              <button
                type="button"
                className="txt"
                aria-label={`修改 ${service.name}`}
                onClick={() => setEditing(service)}
              >
                修改
              </button>
            ),
          },
        ]
      : []),
  ]

  return (
    <Page
      title="服务目录"
      note="志愿者和老人看到的就是这张单子"
      actions={
        mayGovern && (
          <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setEditing('new')}>
            加项目
          </Button>
        )
      }
    >
      <DataTable
        name="services"
        label="服务目录"
        exits={<ExportButton path="/exports/services" query={{}} name="服务目录" aggregate />}
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={<Empty icon="broom" title="目录还是空的" next="用“加项目”加上本地的服务项目。" />}
      />
      <FormDialog<Values, ServiceView>
        title={old ? `修改 ${old.name}` : '加项目'}
        open={editing !== null}
        width={640}
        onClose={() => setEditing(null)}
        initial={
          old
            ? {
                code: old.code,
                name: old.name,
                icon: old.icon,
                plannedMinutes: Math.floor(old.plannedSeconds / 60),
                natures: old.natures,
                trainingNeeded: old.trainingNeeded ?? undefined,
                tier: tierOf(old).words,
                difficulty: old.difficulty ?? undefined,
                traits: old.traits,
                tasks: old.tasks,
                sortNo: old.sortNo,
                active: old.active,
              }
            : {
                icon: 'chat',
                plannedMinutes: 60,
                natures: ['volunteer', 'mutualAid'],
                tier: '所有年龄',
                traits: [],
                tasks: [],
                sortNo: 500,
                active: true,
              }
        }
        submit={({ plannedMinutes, tier, trainingNeeded, difficulty, ...values }) => {
          const ages = tiersFor(old).find(({ words }) => words === tier)
          const body = {
            ...values,
            tierFromAge: ages?.from ?? null,
            tierBelowAge: ages?.below ?? null,
            plannedSeconds: plannedMinutes * 60,
            trainingNeeded: trainingNeeded?.trim() || null,
            difficulty: difficulty ?? null,
          }
          return old
            ? put<ServiceView>(`/services/${old.id}`, body)
            : post<ServiceView>('/services', { ...body, id: key.current, regionId: home.regionId })
        }}
        done={() => {
          key.current = newId()
          tell('已保存')
          cache.invalidateQueries({ queryKey: ['/services'] })
        }}
      >
        <div className="pair">
          <Form.Item name="name" label="名称" rules={REQUIRED}>
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="code" label="代码（英文字母，不再改）" rules={REQUIRED}>
            <Input maxLength={30} disabled={old !== null} />
          </Form.Item>
        </div>
        <Form.Item name="icon" label="图">
          <PicturePicker />
        </Form.Item>
        <div className="pair">
          <Form.Item name="plannedMinutes" label="大约几分钟" rules={REQUIRED}>
            <InputNumber min={5} max={480} precision={0} />
          </Form.Item>
          <Form.Item name="sortNo" label="次序（小的在前）" rules={REQUIRED}>
            <InputNumber min={0} max={9999} precision={0} />
          </Form.Item>
        </div>
        <Form.Item name="natures" label="谁可以做" rules={SOME}>
          <Checkbox.Group options={optionsOf(NATURE_WORDS)} />
        </Form.Item>
        <Form.Item name="tier" label="优先给">
          <Radio.Group options={tiersFor(old).map(({ words }) => ({ value: words, label: words }))} />
        </Form.Item>
        <div className="pair">
          <Form.Item name="difficulty" label="难度（积分规则要用才填）">
            <InputNumber min={1} max={9} precision={0} />
          </Form.Item>
          <Form.Item name="traits" label="积分规则怎么看它">
            <Checkbox.Group options={TRAITS} />
          </Form.Item>
        </div>
        <Form.Item name="trainingNeeded" label="先要参加的培训（不用就不填）">
          <Input maxLength={30} />
        </Form.Item>
        <Form.Item name="tasks" label="要做的事（一行一件，最多 12 件）">
          <LinesInput />
        </Form.Item>
        <Form.Item name="active" valuePropName="checked">
          <Checkbox>在用</Checkbox>
        </Form.Item>
      </FormDialog>
    </Page>
  )
}
