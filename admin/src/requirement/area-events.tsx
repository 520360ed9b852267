import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Form, Input, Segmented } from 'antd'
import { useDeferredValue, useState } from 'react'
import { Link } from 'react-router'
import type { AreaEventReach, AreaEventView } from '../../../shared/elder/view'
import { AREA_EVENT_KINDS, CATEGORIES, CATEGORY_WORDS, type Category, EVENT_WORDS } from '../../../shared/elder/words'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { FormDialog } from '../components/form'
import { Icon } from '../components/icon'
import { Page } from '../components/page'
import { RegionPicker } from '../components/region-picker'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { count, fullTime } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope } from '../core/scope'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'
import { useList, useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { wordOf } from '../core/words'

const KINDS = AREA_EVENT_KINDS.map((value) => ({ value, label: EVENT_WORDS[value] }))
const ALL = CATEGORIES.map((value) => ({ value, label: CATEGORY_WORDS[value] }))
type Named = { id: string; maskedName: string; regionName: string }
type Values = {
  regionId: string
  kind: AreaEventView['kind']
  by: 'category' | 'name'
  categories?: Category[]
  named?: Named[]
  note?: string
}
/** As many as the server takes by name. */
const NAMED_MOST = 500

/** Heat, cold, a festival: one press and everybody it is about is owed a visit within the hours of the rules. */
export default function AreaEventsPage() {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const { regionId, home } = useScope()
  const [state] = useUrlState()
  const [adding, setAdding] = useState(false)
  const list = useList<AreaEventView>('/area-events', { regionId, cursor: state.cursor, limit: 50 })
  const columns: Column<AreaEventView>[] = [
    {
      key: 'kind',
      title: '情况',
      fixed: true,
      render: (one) => <span className="strong">{EVENT_WORDS[one.kind]}</span>,
    },
    { key: 'place', title: '范围', render: (one) => one.regionName },
    {
      key: 'who',
      title: '哪些老人',
      render: (one) =>
        one.categories.length === 0 ? '点名' : one.categories.map((each) => wordOf(CATEGORY_WORDS, each)).join('、'),
    },
    { key: 'at', title: '从什么时候', render: (one) => <span className="nb">{fullTime(one.happenedAt)}</span> },
    {
      key: 'visited',
      title: '去看过',
      render: (one) => (
        <Status tone={one.visited < one.elders ? 'warn' : 'ok'}>
          {count(one.visited)} / {count(one.elders)} 位
        </Status>
      ),
    },
    { key: 'note', title: '说明', spare: true, render: (one) => one.note || '—' },
    { key: 'by', title: '发起人', render: (one) => one.byName },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) => (
        <span className="row" style={{ gap: 0, flexWrap: 'nowrap' }}>
          <Link className="txt" to={`/area-events/${one.id}`} aria-label={`${one.regionName}的走访名单`}>
            名单
          </Link>
          <Link className="txt" to={`/plan?regionId=${one.regionId}`} aria-label={`去安排${one.regionName}的探访`}>
            去安排
          </Link>
        </span>
      ),
    },
  ]
  return (
    <Page
      title="高温、寒潮、节日走访"
      note="发起后，这些老人都要在规则写的几小时内去看，排进探访安排"
      actions={
        may(me, 'elder.keep') && (
          <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setAdding(true)}>
            发起
          </Button>
        )
      }
    >
      <DataTable
        name="area-events"
        label="高温、寒潮、节日走访"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <Empty
            icon="flame"
            title="这里还没有发起过"
            next="高温、寒潮、过节前发起，每位老人都要在规定的时间里去看。"
          />
        }
      />
      <FormDialog<Values, { id: string }>
        title="发起走访"
        open={adding}
        onClose={() => setAdding(false)}
        okText="发起"
        width={560}
        done={() => {
          cache.invalidateQueries()
          tell('发起了，各村已经知道')
        }}
        initial={{ kind: 'heat', by: 'category', categories: ['livingAlone', 'disabled'], regionId: home.regionId }}
        submit={({ by, categories = [], named = [], ...values }) =>
          post('/area-events', {
            ...{ id: newId(), ...values },
            ...(by === 'name' ? { elderIds: named.map((one) => one.id) } : { categories }),
          })
        }
      >
        <Form.Item name="kind" label="什么情况" rules={REQUIRED}>
          <Choice options={KINDS} />
        </Form.Item>
        <Form.Item name="regionId" label="哪一片" rules={REQUIRED}>
          <RegionPicker name={home.regionName} />
        </Form.Item>
        <Form.Item name="by" label="哪些老人">
          <Segmented
            options={[
              { value: 'category', label: '按类别' },
              { value: 'name', label: '点名' },
            ]}
          />
        </Form.Item>
        <Form.Item noStyle shouldUpdate>
          {({ getFieldValue }) =>
            getFieldValue('by') === 'name' ? (
              <Form.Item name="named" label="名单" rules={[{ required: true, message: '请点至少一位' }]}>
                <Names regionId={getFieldValue('regionId')} />
              </Form.Item>
            ) : (
              <Form.Item name="categories" label="类别" rules={[{ required: true, message: '请选至少一类' }]}>
                <Checkbox.Group options={ALL} />
              </Form.Item>
            )
          }
        </Form.Item>
        <Form.Item name="note" label="说明">
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item noStyle shouldUpdate>
          {({ getFieldValue }) =>
            getFieldValue('by') === 'category' && (
              <Reach regionId={getFieldValue('regionId')} categories={getFieldValue('categories') ?? []} />
            )
          }
        </Form.Item>
      </FormDialog>
    </Page>
  )
}

interface NamesProps {
  value?: Named[]
  onChange?: (named: Named[]) => void
  regionId: string | undefined
}

/** Elders one by one: those found, and above them those on the list already. */
function Names({ value = [], onChange, regionId }: NamesProps) {
  const [text, setText] = useState('')
  const q = useDeferredValue(text.trim())
  const found = useList<Named>('/elders', { regionId, state: 'active', q, limit: 8 }, regionId !== undefined)
  const isOn = ({ id }: Named) => value.some((one) => one.id === id)
  const turn = (one: Named) => onChange?.(isOn(one) ? value.filter(({ id }) => id !== one.id) : [...value, one])
  const others = (found.data?.items ?? []).filter((one) => !isOn(one))
  return (
    <div className="stack" style={{ gap: 6 }}>
      <Input
        maxLength={30}
        value={text}
        aria-label="找老人"
        placeholder="拼音首字母或电话，例如 WXY"
        onChange={(event) => setText(event.target.value)}
      />
      <fieldset className="why pick">
        <legend className="t3">点了 {count(value.length)} 位</legend>
        {[...value, ...others].map((one) => (
          <label key={one.id} className={isOn(one) ? 'on' : ''}>
            <input
              type="checkbox"
              checked={isOn(one)}
              disabled={!isOn(one) && value.length >= NAMED_MOST}
              onChange={() => turn(one)}
            />
            <span>{one.maskedName}</span>
            <span className="t2">{one.regionName}</span>
          </label>
        ))}
      </fieldset>
    </div>
  )
}

/** How many it is about, before anybody presses. */
function Reach({ regionId, categories }: { regionId: string | undefined; categories: readonly string[] }) {
  const asks = Boolean(regionId) && categories.length > 0
  const reach = useOne<AreaEventReach>(asks ? '/area-events/reach' : null, {
    regionId,
    categories: categories.join(','),
  })
  if (!asks || reach.data === undefined) return null
  const { elders, owed, most } = reach.data
  const without = elders - owed
  return (
    <p className={elders > most || owed === 0 ? 'bad' : 't2'} role="status">
      {elders > most
        ? `超过 ${count(most)} 位，请按镇或类别分开发起`
        : elders === 0
          ? '没有符合条件的老人'
          : `一共 ${count(elders)} 位${without > 0 ? `，其中 ${count(without)} 位没有“几小时内去看”的要求` : ''}`}
    </p>
  )
}
