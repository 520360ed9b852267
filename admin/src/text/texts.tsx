import { Segmented } from 'antd'
import type { TextView } from '../../../shared/text/view'
import { type Column, DataTable } from '../components/data-table'
import { Page } from '../components/page'
import { Empty, Refused } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { fullTime } from '../core/format'
import { useScope } from '../core/scope'
import { useAction, useTell } from '../core/use-action'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'

const STATES = [
  { value: 'open', label: '要看的' },
  { value: 'decided', label: '看过的' },
]
const TONES = { review: 'wait', hidden: 'bad', fine: 'ok' } as const
const OUTCOMES = [
  { outcome: 'show', word: '显示' },
  { outcome: 'hide', word: '隐藏' },
] as const

/** 文字审查: what WeChat hid, was not sure of or did not look at. Everything else is shown without anybody waiting. */
export default function TextsPage() {
  const [url, set] = useUrlState()
  const { regionId } = useScope()
  const state = url.state === 'decided' ? 'decided' : 'open'
  const list = useList<TextView>('/texts', { state, regionId, cursor: url.cursor, limit: 50 })
  const tell = useTell()
  const decide = useAction(
    ({ id, outcome }: { id: string; outcome: 'show' | 'hide' }) => post(`/texts/${id}/decision`, { outcome }),
    () => {
      tell('记下了')
      void list.refetch()
    },
  )
  const columns: Column<TextView>[] = [
    { key: 'at', title: '什么时候', fixed: true, render: (one) => <span className="nb">{fullTime(one.at)}</span> },
    { key: 'kind', title: '什么文字', fixed: true, render: (one) => <span className="strong">{one.kindWord}</span> },
    { key: 'text', title: '写了什么', render: (one) => one.text || '已经到期删掉' },
    { key: 'by', title: '谁写的', render: (one) => one.byName },
    { key: 'place', title: '哪里', render: (one) => one.regionName },
    { key: 'why', title: '为什么要看', render: (one) => one.reasonWord || '—' },
    { key: 'state', title: '状态', render: (one) => <Status tone={TONES[one.state]}>{one.stateWord}</Status> },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) =>
        one.mayDecide ? (
          <span className="row" style={{ gap: 8 }}>
            {OUTCOMES.map(({ outcome, word }) => (
              <button
                key={outcome}
                type="button"
                className="txt"
                disabled={decide.busy}
                aria-label={`${word} ${one.byName} 写的${one.kindWord}`}
                onClick={() => decide.run({ id: one.id, outcome })}
              >
                {word}
              </button>
            ))}
          </span>
        ) : (
          <span className="t3">{one.decidedByName ?? '自己写的由别人看'}</span>
        ),
    },
  ]
  return (
    <Page title="文字审查" note="微信觉得有问题的先隐藏；拿不准、看不了的照样显示，由您再看一眼">
      <Refused failure={decide.failure} />
      <DataTable
        name="texts"
        label="文字审查"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <Empty
            icon="check-circle"
            title={state === 'open' ? '没有要看的文字' : '还没有看过的文字'}
            next="居民写给别人看的话，微信拿不准的会出现在这里。"
          />
        }
        tools={
          <Segmented
            aria-label="要看的还是看过的"
            value={state}
            options={STATES}
            onChange={(value) => set({ state: value === 'open' ? null : value })}
          />
        }
      />
    </Page>
  )
}
