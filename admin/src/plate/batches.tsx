import { useQueryClient } from '@tanstack/react-query'
import { Form, Input, InputNumber } from 'antd'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import type { PlateBatch } from '../../../shared/plate/view'
import { may } from '../../../shared/session/permissions'
import { type Column, DataTable } from '../components/data-table'
import { FormDialog } from '../components/form'
import { Page } from '../components/page'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { dayClock, fullTime } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'
import { useFilters } from '../core/use-filters'
import { useList } from '../core/use-list'

type Asking = { act: 'count' | 'loss'; batch: PlateBatch } | null

/** What was made together: printed how often, counted by whom, short or lost. A lost batch is out of use at once. */
export default function BatchesPage() {
  const me = useMe()
  const scoped = useScoped()
  const cache = useQueryClient()
  const tell = useTell()
  const { regionId } = useScope()
  const { state } = useFilters([])
  const list = useList<PlateBatch>('/plate-batches', { regionId, cursor: state.cursor, limit: 50 })
  const [asking, setAsking] = useState<Asking>(null)
  const key = useRef(newId())
  const mayAct = may(me, 'plate.keep')
  const done = (words: string) => {
    key.current = newId()
    tell(words)
    cache.invalidateQueries()
  }
  const columns: Column<PlateBatch>[] = [
    {
      key: 'issued',
      title: '制牌',
      fixed: true,
      render: ({ issuedAt, issuedBy }) => `${dayClock(issuedAt)} ${issuedBy}`,
    },
    { key: 'place', title: '地方', render: ({ regionName }) => regionName },
    { key: 'plates', title: '张数', align: 'right', render: ({ plates }) => plates },
    {
      key: 'inForce',
      title: '在用',
      align: 'right',
      render: ({ id, inForce }) => (
        <Link className="txt" to={scoped(`/plates?batchId=${id}`)}>
          {inForce}
        </Link>
      ),
    },
    {
      key: 'prints',
      title: '打印',
      render: ({ prints, printedAt }) => (printedAt === null ? '还没有' : `${prints} 次，${dayClock(printedAt)}`),
    },
    { key: 'state', title: '清点', render: (batch) => <BatchState batch={batch} /> },
    ...(mayAct
      ? [
          {
            key: 'acts',
            title: '操作',
            fixed: true,
            render: (batch: PlateBatch) =>
              batch.state === 'lost' ? (
                '—'
              ) : (
                <span className="row" style={{ gap: 2 }}>
                  <button type="button" className="txt" onClick={() => setAsking({ act: 'count', batch })}>
                    清点
                  </button>
                  <button type="button" className="txt danger" onClick={() => setAsking({ act: 'loss', batch })}>
                    报丢失
                  </button>
                </span>
              ),
          },
        ]
      : []),
  ]
  const batch = asking?.batch
  return (
    <Page
      title="制牌批次"
      note="发出去以前由别人清点；整批丢了，马上全部作废"
      back={{ to: scoped('/plates'), label: '门牌与卡' }}
    >
      <DataTable
        name="plate-batches"
        label="制牌批次"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={<Empty icon="qr" title="这里还没有制过牌" next="在老人档案里，或在互助点和组织里制牌。" />}
      />
      <FormDialog<{ counted: number; note?: string }, unknown>
        title={`清点 ${batch?.plates ?? 0} 张`}
        open={asking?.act === 'count'}
        onClose={() => setAsking(null)}
        okText="记下"
        initial={{ counted: batch?.plates ?? 0 }}
        submit={({ counted, note }) =>
          post(`/plate-batches/${batch?.id}/count`, { id: key.current, counted, note: note ?? '' })
        }
        done={() => done('清点记下了')}
      >
        <Form.Item name="counted" label="完好的有几张" rules={REQUIRED}>
          <InputNumber min={0} max={200} precision={0} />
        </Form.Item>
        <Form.Item name="note" label="少了或坏了的，说明一下">
          <Input maxLength={100} />
        </Form.Item>
      </FormDialog>
      <FormDialog<{ reason: string }, unknown>
        title={`整批报丢失：${batch?.inForce ?? 0} 张在用`}
        open={asking?.act === 'loss'}
        onClose={() => setAsking(null)}
        okText="全部作废"
        danger
        note={<p className="note">这一批在用的马上全部作废，谁再扫都会提示牌子已经换过。</p>}
        submit={(values) => post(`/plate-batches/${batch?.id}/loss`, values)}
        done={() => done('整批作废了')}
      >
        <Form.Item name="reason" label="怎么丢的" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
      </FormDialog>
    </Page>
  )
}

function BatchState({ batch }: { batch: PlateBatch }) {
  const { state, plates, counted, countedAt, countedBy, countNote, lostAt, lostReason } = batch
  if (state === 'lost') return <Status tone="bad">{`${fullTime(lostAt ?? '')} 丢失：${lostReason ?? ''}`}</Status>
  if (counted === null) return <Status tone="wait">没有清点</Status>
  const words = `${dayClock(countedAt ?? '')} ${countedBy ?? ''} 点了 ${counted} 张`
  if (state === 'counted') return <Status tone="ok">{words}</Status>
  return (
    <Status tone="warn">{`${words}，少 ${plates - counted} 张${countNote === null ? '' : `：${countNote}`}`}</Status>
  )
}
