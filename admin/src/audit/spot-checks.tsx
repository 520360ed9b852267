import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber } from 'antd'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import type { SpotCheckView } from '../../../shared/audit/view'
import { may } from '../../../shared/session/permissions'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { FormDialog } from '../components/form'
import { Icon } from '../components/icon'
import { KeyHints, ROW_KEYS } from '../components/key'
import { Page } from '../components/page'
import { RegionPicker } from '../components/region-picker'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { count } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { today } from '../core/today'
import { useTell } from '../core/use-action'
import { useOne } from '../core/use-list'
import { QueueTabs } from './queue-tabs'

interface Values {
  regionId: string
  from: string
  to: string
  percent: number
  seedFrom: string
}

/** 双随机: a list is frozen first, the seed comes from outside, visits and inspectors are drawn from both. */
export default function SpotChecksPage() {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const { home } = useScope()
  const scoped = useScoped()
  const list = useOne<SpotCheckView[]>('/spot-checks', {})
  const [freezing, setFreezing] = useState(false)
  const key = useRef(newId())
  const columns: Column<SpotCheckView>[] = [
    {
      key: 'span',
      title: '服务日期',
      fixed: true,
      render: (one) => (
        <Link className="txt" to={scoped(`/spot-checks/${one.id}`)}>
          {one.from} 至 {one.to}
        </Link>
      ),
    },
    { key: 'region', title: '范围', render: (one) => one.regionName },
    { key: 'size', title: '名单', align: 'right', render: (one) => `${count(one.listSize)} 条` },
    { key: 'percent', title: '抽', align: 'right', render: (one) => `${one.percent}%` },
    { key: 'seed', title: '随机数', render: (one) => one.seed ?? `等：${one.seedFrom}` },
    {
      key: 'state',
      title: '进展',
      render: (one) =>
        one.seed === null ? (
          <Status tone="warn">等抽签</Status>
        ) : (
          <Status tone={one.found === one.drawn ? 'ok' : 'warn'}>
            查了 {one.found} / {one.drawn}，{one.problems} 条有问题
          </Status>
        ),
    },
  ]
  return (
    <Page
      title="双随机抽查"
      note="先固定名单，再用公开的随机数抽服务、抽检查人，谁都可以重算"
      actions={
        may(me, 'audit.decideRed') && (
          <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setFreezing(true)}>
            固定名单
          </Button>
        )
      }
    >
      <QueueTabs here="spot" />
      <DataTable
        name="spot-checks"
        byKeys
        tools={<KeyHints keys={ROW_KEYS} />}
        label="双随机抽查"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <Empty icon="check-circle" title="还没有抽查">
            <p className="t3">固定一份名单，说好用哪一天的什么号码抽签，就可以开始。</p>
          </Empty>
        }
      />
      <FormDialog<Values, unknown>
        title="固定名单"
        open={freezing}
        onClose={() => setFreezing(false)}
        done={() => {
          key.current = newId()
          tell('名单已固定')
          cache.invalidateQueries({ queryKey: ['/spot-checks'] })
        }}
        initial={{ regionId: home.regionId, from: `${today().slice(0, 8)}01`, to: today(), percent: 5 }}
        submit={(values) => post('/spot-checks', { id: key.current, ...values })}
      >
        <Form.Item name="regionId" label="范围（含下级）" rules={REQUIRED}>
          <RegionPicker name={home.regionName} />
        </Form.Item>
        <div className="pair">
          <Form.Item name="from" label="服务从哪天" rules={REQUIRED}>
            <DayInput />
          </Form.Item>
          <Form.Item name="to" label="到哪天" rules={REQUIRED}>
            <DayInput max={today()} />
          </Form.Item>
        </div>
        <Form.Item name="percent" label="抽百分之几" rules={REQUIRED}>
          <InputNumber min={1} max={100} precision={0} />
        </Form.Item>
        <Form.Item name="seedFrom" label="到时用什么随机数（还没公布的，例如某天的开奖号码）" rules={REQUIRED}>
          <Input maxLength={100} />
        </Form.Item>
      </FormDialog>
    </Page>
  )
}
