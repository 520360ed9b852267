import { Button } from 'antd'
import { useRef, useState } from 'react'
import type { WaitingConfirmation } from '../../../shared/visit/view'
import { CALL_REASONS, type CallReason } from '../../../shared/visit/words'
import { QueueTabs } from '../audit/queue-tabs'
import { type Column, DataTable } from '../components/data-table'
import { KeyHints, ROW_KEYS } from '../components/key'
import { Page, Section } from '../components/page'
import { Empty, Refused } from '../components/states'
import { EvidenceBadge } from '../components/status'
import { post } from '../core/call'
import { dayClock, minutes } from '../core/format'
import { newId } from '../core/new-id'
import { useScope } from '../core/scope'
import { useAction } from '../core/use-action'
import { useOne } from '../core/use-list'
import { wordOf } from '../core/words'
import { PhoneConfirmDialog } from './phone-confirm'
import { ANSWERS } from './words'

/** The elders who have no phone of their own, or didn't answer: staff ask, and write down who said what. */
export default function CallsPage() {
  const { regionId } = useScope()
  const list = useOne<{ waiting: WaitingConfirmation[]; recent: WaitingConfirmation[] }>('/confirmations/desk', {
    regionId,
  })
  const [asking, setAsking] = useState<WaitingConfirmation | null>(null)
  const key = useRef(newId())
  const miss = useAction(
    ({ visitId, elderId }: WaitingConfirmation) =>
      post(`/visits/${visitId}/calls`, { id: key.current, elderId, reached: false }),
    () => {
      key.current = newId()
      void list.refetch()
    },
  )
  const columns: Column<WaitingConfirmation>[] = [
    {
      key: 'time',
      title: '什么时候',
      fixed: true,
      render: (one) => <span className="nb">{dayClock(one.checkInAt)}</span>,
    },
    { key: 'elder', title: '老人', render: (one) => <span className="strong nb">{one.elderName}</span> },
    { key: 'place', title: '村', render: (one) => <span className="nb">{one.regionName}</span> },
    { key: 'member', title: '谁去的', render: (one) => one.memberName },
    { key: 'service', title: '做了什么', render: (one) => one.serviceName },
    {
      key: 'reason',
      title: '为什么打',
      render: (one) => <span className="nb">{CALL_REASONS[one.callReason as CallReason] ?? '—'}</span>,
    },
    { key: 'level', title: '凭证', render: (one) => (one.level === null ? '—' : <EvidenceBadge level={one.level} />) },
    { key: 'minutes', title: '分钟', align: 'right', render: (one) => minutes(one.servedSeconds) },
    {
      key: 'missed',
      title: '没打通',
      render: (one) =>
        one.missedCallAt === null
          ? '—'
          : `${dayClock(one.missedCallAt)}${one.missedCalls > 1 ? `，${one.missedCalls} 次` : ''}`,
    },
    {
      key: 'next',
      title: '下次再打',
      render: (one) => (one.nextCallAt === null ? '—' : <span className="nb">{dayClock(one.nextCallAt)}</span>),
    },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) => (
        <span className="row">
          <Button
            onClick={() => setAsking(one)}
            aria-label={`${one.hasPhone ? '打电话问' : '上门问'} ${one.elderName}`}
          >
            {one.hasPhone ? '打电话问' : '上门问'}
          </Button>
          {one.hasPhone && (
            <Button loading={miss.busy} onClick={() => miss.run(one)} aria-label={`没打通 ${one.elderName}`}>
              没打通
            </Button>
          )}
        </span>
      ),
    },
  ]
  return (
    <Page title="电话回访" note="没有手机、还没回答的老人，和随机抽查的">
      <QueueTabs here="calls" />
      <div className="stack">
        <DataTable
          name="calls"
          byKeys
          tools={<KeyHints keys={ROW_KEYS} />}
          label="要打电话的"
          columns={columns}
          list={list}
          rows={list.data?.waiting}
          rowKey={(one) => `${one.visitId}-${one.elderId}`}
          empty={
            <Empty
              icon="phone"
              title="没有要打电话的"
              next="抽到回访的，和没有手机、还没回答的老人，会自动出现在这里。"
            />
          }
        />
        <Refused failure={miss.failure} />
        {list.data && list.data.recent.length > 0 && (
          <Section title="刚问过的">
            <ul className="stack" style={{ gap: 6 }}>
              {list.data.recent.map((one) => (
                <li key={`${one.visitId}-${one.elderId}`} className="num">
                  {dayClock(one.answeredAt)} {one.elderName} 答“{wordOf(ANSWERS, one.answer)}”（{one.memberName}，
                  {one.serviceName}）
                </li>
              ))}
            </ul>
          </Section>
        )}
      </div>
      {asking && (
        <PhoneConfirmDialog
          visit={{
            id: asking.visitId,
            elders: [{ id: asking.elderId, name: asking.elderName }],
            memberName: asking.memberName,
            serviceName: asking.serviceName,
            checkInAt: asking.checkInAt,
            servedSeconds: asking.servedSeconds,
          }}
          open
          onClose={() => setAsking(null)}
        />
      )}
    </Page>
  )
}
