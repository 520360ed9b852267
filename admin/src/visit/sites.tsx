import { Button } from 'antd'
import { useRef, useState } from 'react'
import type { SiteConfirmed, VisitView } from '../../../shared/visit/view'
import { visitStateWords } from '../../../shared/visit/words'
import { type Column, DataTable } from '../components/data-table'
import { Page, Section } from '../components/page'
import { Empty, Refused } from '../components/states'
import { EvidenceBadge } from '../components/status'
import { post } from '../core/call'
import { dayClock, minutes } from '../core/format'
import { newId } from '../core/new-id'
import { useScope } from '../core/scope'
import { useAction, useTell } from '../core/use-action'
import { useOne } from '../core/use-list'

/** 现场确认: who helped at a mutual-aid point or an activity; staff of the place say who was there. */
export default function SiteVisitsPage() {
  const { regionId } = useScope()
  const tell = useTell()
  const list = useOne<{ waiting: VisitView[]; recent: VisitView[] }>('/confirmations/sites', { regionId })
  const [chosen, setChosen] = useState<readonly string[]>([])
  const key = useRef(newId())
  const say = useAction(
    (answer: 'yes' | 'no') =>
      post<SiteConfirmed>('/confirmations/sites', { id: key.current, visitIds: chosen, answer }),
    ({ confirmed, refused }) => {
      key.current = newId()
      setChosen([])
      tell(refused.length === 0 ? `记下了 ${confirmed} 条` : `记下了 ${confirmed} 条，${refused[0]?.sentence}`)
      void list.refetch()
    },
  )
  const waiting = list.data?.waiting ?? []
  const toggle = (id: string) => setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])
  const columns: Column<VisitView>[] = [
    {
      key: 'chosen',
      title: '来过',
      fixed: true,
      render: (one) => (
        <input
          type="checkbox"
          aria-label={`选中 ${one.memberName}`}
          checked={chosen.includes(one.id)}
          onChange={() => toggle(one.id)}
        />
      ),
    },
    { key: 'site', title: '地方', fixed: true, render: (one) => <span className="strong">{one.siteName}</span> },
    { key: 'member', title: '志愿者', render: (one) => <span className="nb">{one.memberName}</span> },
    { key: 'time', title: '什么时候', render: (one) => <span className="nb">{dayClock(one.checkInAt)}</span> },
    { key: 'service', title: '做了什么', render: (one) => one.serviceName },
    { key: 'minutes', title: '分钟', align: 'right', render: (one) => minutes(one.servedSeconds ?? 0) },
    { key: 'level', title: '凭证', render: (one) => (one.level === null ? '—' : <EvidenceBadge level={one.level} />) },
    { key: 'place', title: '村', render: (one) => <span className="nb">{one.regionName}</span> },
  ]
  return (
    <Page title="现场确认" note="志愿者在互助点和活动上的服务，由看见他的工作人员确认；自己的由别人确认">
      <div className="stack">
        <div className="row">
          <Button
            disabled={waiting.length === 0}
            onClick={() => setChosen(chosen.length === waiting.length ? [] : waiting.map(({ id }) => id))}
          >
            {chosen.length === waiting.length && waiting.length > 0 ? '一个都不选' : '全选'}
          </Button>
          <Button type="primary" loading={say.busy} disabled={chosen.length === 0} onClick={() => say.run('yes')}>
            这 {chosen.length} 位来过了
          </Button>
          <Button loading={say.busy} disabled={chosen.length === 0} onClick={() => say.run('no')}>
            没来过
          </Button>
        </div>
        <Refused failure={say.failure} />
        <DataTable
          name="siteVisits"
          label="等现场确认的"
          columns={columns}
          list={list}
          rows={list.data?.waiting}
          rowKey={(one) => one.id}
          empty={
            <Empty icon="place" title="现在没有等确认的">
              <p className="t3">志愿者扫站点的牌子或活动大屏帮完，会出现在这里。</p>
            </Empty>
          }
        />
        {list.data && list.data.recent.length > 0 && (
          <Section title="这几天确认过的">
            <ul className="stack" style={{ gap: 6 }}>
              {list.data.recent.map((one) => (
                <li key={one.id} className="num">
                  {dayClock(one.checkInAt)} {one.memberName} 在{one.siteName}，{one.serviceName}：{visitStateWords(one)}
                </li>
              ))}
            </ul>
          </Section>
        )}
      </div>
    </Page>
  )
}
