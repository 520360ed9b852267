import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useRef, useState } from 'react'
import { useParams } from 'react-router'
import type { SpotCheckDetail } from '../../../shared/audit/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { FormDialog } from '../components/form'
import { KeyHints, ROW_KEYS } from '../components/key'
import { Fact, Facts, Page, Section } from '../components/page'
import { PrintButton, PrintFooter, PrintHeader } from '../components/print'
import { Empty, Unread } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { count, fullTime } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'
import { useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { optionsOf, wordOf } from '../core/words'
import { DeskFrame, VisitEvidence } from './desk-frame'
import { QueueTabs } from './queue-tabs'

const FINDINGS = { asRecorded: '和记录一致', problem: '有问题' }
type Item = SpotCheckDetail['items'][number]

/** One draw: the frozen list by its hash, the seed, what was drawn for whom, and what they found. */
export default function SpotCheckPage() {
  const { id = '' } = useParams()
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const scoped = useScoped()
  const [url, set] = useUrlState()
  const check = useOne<SpotCheckDetail>(`/spot-checks/${id}`)
  const [drawing, setDrawing] = useState(false)
  const [found, setFound] = useState<Item | null>(null)
  const key = useRef(newId())
  const back = { to: scoped('/spot-checks'), label: '双随机抽查' }
  const done = () => {
    key.current = newId()
    tell('已保存')
    cache.invalidateQueries()
  }
  if (!check.data)
    return (
      <Page title="抽查" back={back}>
        <Unread of={check} />
      </Page>
    )
  const { data } = check
  const columns: Column<Item>[] = [
    { key: 'no', title: '签号', align: 'right', render: (one) => one.position },
    { key: 'day', title: '日期', fixed: true, render: (one) => <span className="nb">{one.day}</span> },
    { key: 'region', title: '村', render: (one) => one.regionName },
    { key: 'member', title: '志愿者', render: (one) => one.memberName },
    { key: 'elders', title: '老人', render: (one) => one.elderNames },
    { key: 'inspector', title: '检查人', render: (one) => (one.isMine ? '我' : one.inspectorName) },
    {
      key: 'finding',
      title: '结果',
      render: (one) =>
        one.finding === null ? (
          <Status tone="warn">还没查</Status>
        ) : (
          <span>
            <Status tone={one.finding === 'asRecorded' ? 'ok' : 'bad'}>{wordOf(FINDINGS, one.finding)}</Status>{' '}
            <span className="t3">{one.note}</span>
          </span>
        ),
    },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) => (
        <span className="row no-print" style={{ gap: 0, flexWrap: 'nowrap' }}>
          {one.isMine && one.finding === null && (
            <button
              type="button"
              className="txt"
              onClick={() => setFound(one)}
              aria-label={`填结果：第 ${one.position} 签`}
            >
              填结果
            </button>
          )}
          <button
            type="button"
            className="txt"
            aria-current={one.visitId === url.open ? 'true' : undefined}
            aria-label={`第 ${one.position} 签的记录`}
            onClick={() => set({ open: one.visitId }, { replace: true })}
          >
            记录
          </button>
        </span>
      ),
    },
  ]
  const looked = data.items.find(({ visitId }) => visitId === url.open)
  return (
    <>
      <DeskFrame
        onClose={() => set({ open: null }, { replace: true })}
        evidence={
          looked && (
            <div className="panel-body">
              <VisitEvidence key={looked.visitId} visitId={looked.visitId} />
            </div>
          )
        }
      >
        <Page
          title={`抽查：${data.regionName}`}
          note={`${data.from} 至 ${data.to}`}
          back={back}
          actions={
            <>
              {data.seed !== null && <PrintButton>打印</PrintButton>}
              {data.seed === null && may(me, 'audit.decideRed') && (
                <Button type="primary" onClick={() => setDrawing(true)}>
                  抽签
                </Button>
              )}
            </>
          }
        >
          <QueueTabs here="spot" />
          <PrintHeader title="双随机抽查" scope={`${data.regionName} ${data.from} 至 ${data.to}`} />
          <div className="stack">
            <Section title="怎么抽的">
              <Facts>
                <Fact label="名单">
                  {count(data.listSize)} 条，{fullTime(data.createdAt)} 固定
                </Fact>
                <Fact label="抽取比例">{data.percent}%</Fact>
                <Fact label="随机数来源">{data.seedFrom}</Fact>
                <Fact label="随机数">{data.seed ?? '还没公布'}</Fact>
                <Fact label="名单校验码">
                  <span className="num" style={{ wordBreak: 'break-all' }}>
                    {data.listHash}
                  </span>
                </Fact>
                <Fact label="重算">
                  {data.reproduced === null ? (
                    '还没抽签'
                  ) : data.reproduced ? (
                    <Status tone="ok">按名单和随机数重算，结果一样</Status>
                  ) : (
                    <Status tone="bad">重算的结果不一样，请联系管理员</Status>
                  )}
                </Fact>
              </Facts>
            </Section>
            <DataTable
              name="spot-items"
              byKeys
              tools={<KeyHints keys={ROW_KEYS} />}
              label="抽到的服务"
              columns={columns}
              list={check}
              rows={data.items}
              rowKey={(one) => one.id}
              empty={<Empty icon="calendar" title="还没有抽签" next="等公布了随机数，再来抽签。" />}
            />
          </div>
          <PrintFooter by={me.name} />
        </Page>
      </DeskFrame>
      <FormDialog<{ seed: string }, unknown>
        title="抽签"
        open={drawing}
        onClose={() => setDrawing(false)}
        done={done}
        note={
          <p className="note" style={{ marginBottom: 14 }}>
            照公布的写：{data.seedFrom}。抽签只有一次，以后谁都可以用它重算。
          </p>
        }
        submit={({ seed }) => post(`/spot-checks/${id}/draw`, { id: key.current, seed })}
      >
        <Form.Item name="seed" label="随机数" rules={REQUIRED}>
          <Input maxLength={100} />
        </Form.Item>
      </FormDialog>
      <FormDialog<{ finding: string; note?: string }, unknown>
        title={`第 ${found?.position ?? ''} 签的结果`}
        open={found !== null}
        onClose={() => setFound(null)}
        done={done}
        initial={{ finding: 'asRecorded' }}
        submit={({ finding, note }) =>
          post(`/spot-items/${found?.id ?? ''}/finding`, { id: key.current, finding, note: note ?? '' })
        }
      >
        <Form.Item name="finding" label="查到什么" rules={REQUIRED}>
          <Choice options={optionsOf(FINDINGS)} />
        </Form.Item>
        <Form.Item name="note" label="说明（有问题的要写）">
          <Input.TextArea rows={3} maxLength={200} />
        </Form.Item>
      </FormDialog>
    </>
  )
}
