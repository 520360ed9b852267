import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Form, InputNumber } from 'antd'
import { useRef, useState } from 'react'
import { addDays } from '../../../shared/core/time'
import type { RequirementView } from '../../../shared/requirement/view'
import { may } from '../../../shared/session/permissions'
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
import { REQUIRED, SOME } from '../core/rules'
import { useScope } from '../core/scope'
import { useMe } from '../core/session'
import { today } from '../core/today'
import { useTell } from '../core/use-action'
import { useOne } from '../core/use-list'
import { CATEGORY_WORDS, optionsOf, spanWords, wordOf } from '../core/words'
import { CHANNELS } from '../visit/words'

const INTERVALS = {
  event: '有情况后几小时内',
  days: '每几天 1 次',
  week: '每周 1 次',
  month: '每月 1 次',
  quarter: '每季度 1 次',
}
const NATURES = { volunteer: '志愿服务', mutualAid: '邻里互助', dutyPaid: '专职服务' }
const needsLength = (interval: string | undefined) => interval === 'days' || interval === 'event'

interface Rule {
  interval: string
  intervalLength?: number
  channels: string[]
  natures: string[]
  minMinutes: number
  validFrom: string
}
interface Values extends Rule {
  regionId: string
  category: string
  validTo?: string
}

/** What the form says, as the server takes it. */
function ruleFrom({ interval, intervalLength, channels, natures, minMinutes, validFrom }: Rule) {
  return {
    ...{ interval, channels, natures, validFrom },
    intervalLength: needsLength(interval) ? (intervalLength ?? null) : null,
    minSeconds: minMinutes * 60,
  }
}

/** How often, how, by whom, how long: the same for a new rule and a changed one. */
function RuleFields() {
  return (
    <>
      <Form.Item name="interval" label="频次" rules={REQUIRED}>
        <Choice options={optionsOf(INTERVALS)} />
      </Form.Item>
      <Form.Item noStyle shouldUpdate={(a: Rule, b: Rule) => a.interval !== b.interval}>
        {({ getFieldValue }) =>
          needsLength(getFieldValue('interval')) && (
            <Form.Item
              name="intervalLength"
              label={getFieldValue('interval') === 'days' ? '几天' : '几小时'}
              rules={REQUIRED}
            >
              <InputNumber min={1} max={180} precision={0} />
            </Form.Item>
          )
        }
      </Form.Item>
      <Form.Item name="channels" label="哪些方式算数" rules={SOME}>
        <Checkbox.Group options={optionsOf(CHANNELS).filter(({ value }) => value !== 'group')} />
      </Form.Item>
      <Form.Item name="natures" label="谁去算数" rules={SOME}>
        <Checkbox.Group options={optionsOf(NATURES)} />
      </Form.Item>
      <Form.Item name="minMinutes" label="至少几分钟" rules={REQUIRED}>
        <InputNumber min={0} max={240} precision={0} />
      </Form.Item>
    </>
  )
}

/** How often which category must be visited, how and by whom, from when. Changed by another version: the past keeps its rule. */
export default function RequirementsPage() {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const { regionId, home } = useScope()
  const list = useOne<RequirementView[]>('/requirements', { regionId })
  const [adding, setAdding] = useState(false)
  const [ending, setEnding] = useState<RequirementView | null>(null)
  const [changing, setChanging] = useState<RequirementView | null>(null)
  const key = useRef(newId())
  const mayGovern = may(me, 'requirement.rule')
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
    { key: 'sentence', title: '要求', render: (one) => one.sentence },
    {
      key: 'natures',
      title: '谁去算数',
      render: (one) =>
        one.natures.length === 3 ? '都算' : one.natures.map((each) => wordOf(NATURES, each)).join('、'),
    },
    { key: 'region', title: '适用', render: (one) => one.regionName },
    { key: 'span', title: '日期', render: (one) => spanWords(one.validFrom, one.validTo) },
    {
      key: 'state',
      title: '状态',
      render: (one) =>
        one.validTo !== null && one.validTo < today() ? (
          <Status tone="none">已结束</Status>
        ) : one.validFrom > today() ? (
          <Status tone="warn">还没到</Status>
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
                <span className="row" style={{ gap: 0, flexWrap: 'nowrap' }}>
                  <button
                    type="button"
                    className="txt"
                    onClick={() => setChanging(one)}
                    aria-label={`修改：${one.categoryWord}的要求`}
                  >
                    修改
                  </button>
                  <button
                    type="button"
                    className="txt"
                    onClick={() => setEnding(one)}
                    aria-label={`结束：${one.categoryWord}的要求`}
                  >
                    结束
                  </button>
                </span>
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
        list={list}
        rowKey={({ id }) => id}
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
          natures: Object.keys(NATURES),
          minMinutes: 15,
          validFrom: today(),
        }}
        submit={({ regionId: place, category, validTo, ...rule }) =>
          post('/requirements', {
            ...{ id: key.current, regionId: place, category, validTo: validTo || null },
            ...ruleFrom(rule),
          })
        }
      >
        <Form.Item name="regionId" label="适用的地方（含下级）" rules={REQUIRED}>
          <RegionPicker name={home.regionName} />
        </Form.Item>
        <Form.Item name="category" label="类别" rules={REQUIRED}>
          <Choice options={optionsOf(CATEGORY_WORDS)} />
        </Form.Item>
        <RuleFields />
        <div className="pair">
          <Form.Item name="validFrom" label="从哪天" rules={REQUIRED}>
            <DayInput />
          </Form.Item>
          <Form.Item name="validTo" label="到哪天（可不填）">
            <DayInput />
          </Form.Item>
        </div>
      </FormDialog>
      <FormDialog<Rule, unknown>
        key={changing?.id ?? ''}
        title={`改要求：${changing?.categoryWord ?? ''}`}
        open={changing !== null}
        onClose={() => setChanging(null)}
        done={done}
        note={
          <p className="note" style={{ marginBottom: 14 }}>
            从新的一天起按新要求；这之前照旧，已经算过的不变。
          </p>
        }
        initial={
          changing === null
            ? {}
            : {
                ...{ interval: changing.interval, channels: changing.channels, natures: changing.natures },
                ...(changing.intervalLength === null ? {} : { intervalLength: changing.intervalLength }),
                minMinutes: Math.floor(changing.minSeconds / 60),
                validFrom: addDays(today(), 1),
              }
        }
        submit={(rule) => post(`/requirements/${changing?.id ?? ''}/versions`, { id: key.current, ...ruleFrom(rule) })}
      >
        <RuleFields />
        <Form.Item name="validFrom" label="从哪天起" rules={REQUIRED}>
          <DayInput />
        </Form.Item>
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
