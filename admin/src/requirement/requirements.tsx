import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Form, InputNumber } from 'antd'
import { useRef, useState } from 'react'
import type { RequirementView } from '../../../shared/requirement/view'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { ExportButton } from '../components/export-button'
import { FormDialog } from '../components/form'
import { Icon } from '../components/icon'
import { Page } from '../components/page'
import { RegionPicker } from '../components/region-picker'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { may } from '../core/powers'
import { REQUIRED, SOME } from '../core/rules'
import { useScope } from '../core/scope'
import { useMe } from '../core/session'
import { today } from '../core/today'
import { useTell } from '../core/use-action'
import { useOne } from '../core/use-list'
import { CATEGORY_WORDS, optionsOf, spanWords, wordOf } from '../core/words'
import { CHANNELS } from '../visit/words'

const INTERVALS = { week: '每周 1 次', month: '每月 1 次' }

interface Values {
  regionId: string
  category: string
  interval: string
  channels: string[]
  minMinutes: number
  validFrom: string
  validTo?: string
}

/** How often which category must be visited, by which channels, from when. Ended, never edited: the past keeps its rule. */
export default function RequirementsPage() {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const { regionId, home } = useScope()
  const list = useOne<RequirementView[]>('/requirements', { regionId })
  const [adding, setAdding] = useState(false)
  const [ending, setEnding] = useState<RequirementView | null>(null)
  const key = useRef(newId())
  const mayGovern = may(me, 'govern')
  const done = () => {
    key.current = newId()
    tell('已保存')
    cache.invalidateQueries()
  }

  const columns: Column<RequirementView>[] = [
    {
      key: 'category',
      title: '类别',
      fixed: true,
      render: (one) => <span className="strong">{one.categoryWord}</span>,
    },
    { key: 'interval', title: '频次', render: (one) => wordOf(INTERVALS, one.interval) },
    {
      key: 'channels',
      title: '方式',
      render: (one) => one.channels.map((channel) => wordOf(CHANNELS, channel)).join('、'),
    },
    { key: 'min', title: '至少', align: 'right', render: (one) => `${Math.floor(one.minSeconds / 60)} 分钟` },
    { key: 'region', title: '适用', render: (one) => one.regionName },
    { key: 'span', title: '日期', render: (one) => spanWords(one.validFrom, one.validTo) },
    {
      key: 'state',
      title: '状态',
      render: (one) =>
        one.validTo !== null && one.validTo < today() ? (
          <Status tone="none">已结束</Status>
        ) : (
          <Status tone="ok">有效</Status>
        ),
    },
    ...(mayGovern
      ? [
          {
            key: 'acts',
            title: '操作',
            fixed: true,
            render: (one: RequirementView) =>
              one.validTo === null && (
                <button
                  type="button"
                  className="txt"
                  onClick={() => setEnding(one)}
                  aria-label={`结束 ${one.categoryWord}的要求`}
                >
                  结束
                </button>
              ),
          },
        ]
      : []),
  ]

  return (
    <Page
      title="探访要求"
      note="一位老人有几个类别时，各自计算，列表里显示最严的"
      actions={
        mayGovern && (
          <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setAdding(true)}>
            加要求
          </Button>
        )
      }
    >
      <DataTable
        name="requirements"
        label="探访要求"
        exits={<ExportButton path="/exports/requirements" query={{ regionId }} name="探访要求" aggregate />}
        columns={columns}
        rows={list.data}
        rowKey={({ id }) => id}
        loading={list.isFetching}
        error={list.error}
        retry={() => list.refetch()}
        empty={
          <Empty icon="calendar" title="还没有探访要求">
            <p className="t3">没有要求，覆盖看板就没有应访老人。</p>
          </Empty>
        }
      />
      <FormDialog<Values, unknown>
        title="加要求"
        open={adding}
        onClose={() => setAdding(false)}
        done={done}
        initial={{
          regionId: home.regionId,
          interval: 'month',
          channels: ['inPerson'],
          minMinutes: 15,
          validFrom: today(),
        }}
        submit={({ minMinutes, validTo, ...values }) =>
          post('/requirements', { id: key.current, ...values, minSeconds: minMinutes * 60, validTo: validTo || null })
        }
      >
        <Form.Item name="regionId" label="适用的地方（含下级）" rules={REQUIRED}>
          <RegionPicker name={home.regionName} />
        </Form.Item>
        <Form.Item name="category" label="类别" rules={REQUIRED}>
          <Choice options={optionsOf(CATEGORY_WORDS)} />
        </Form.Item>
        <Form.Item name="interval" label="频次" rules={REQUIRED}>
          <Choice options={optionsOf(INTERVALS)} />
        </Form.Item>
        <Form.Item name="channels" label="哪些方式算数" rules={SOME}>
          <Checkbox.Group options={optionsOf(CHANNELS).filter(({ value }) => value !== 'group')} />
        </Form.Item>
        <Form.Item name="minMinutes" label="至少几分钟" rules={REQUIRED}>
          <InputNumber min={0} max={240} precision={0} />
        </Form.Item>
        <div className="pair">
          <Form.Item name="validFrom" label="从哪天" rules={REQUIRED}>
            <DayInput />
          </Form.Item>
          <Form.Item name="validTo" label="到哪天（可不填）">
            <DayInput />
          </Form.Item>
        </div>
      </FormDialog>
      <FormDialog<{ validTo: string }, unknown>
        title={`结束要求：${ending?.categoryWord ?? ''}`}
        open={ending !== null}
        onClose={() => setEnding(null)}
        done={done}
        initial={{ validTo: today() }}
        submit={(values) => post(`/requirements/${ending?.id ?? ''}/ending`, values)}
      >
        <Form.Item name="validTo" label="到哪天为止（含这一天）" rules={REQUIRED}>
          <DayInput />
        </Form.Item>
      </FormDialog>
    </Page>
  )
}
