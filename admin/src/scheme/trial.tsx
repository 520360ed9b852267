import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Progress } from 'antd'
import { useMemo, useRef, useState } from 'react'
import { yuanText } from '../../../shared/core/amounts'
import type { DraftView, TrialResult, TrialView } from '../../../shared/scheme/view'
import { LineChart } from '../components/chart'
import { DayInput } from '../components/day-input'
import { type FigureColumn, Figures } from '../components/figures'
import { Field } from '../components/filter-bar'
import { Fact, Facts, Section } from '../components/page'
import { Empty, Failed, Refused } from '../components/states'
import { get, post } from '../core/call'
import { count, points, signedPoints } from '../core/format'
import { newId } from '../core/new-id'
import { daysFromNow, today } from '../core/today'
import { useAction } from '../core/use-action'

const POLL_MS = 1000
const BASIS_WORDS = { offset: '按规则的抵扣比例', catalogue: '按兑换目录的平均成本' } as const

/** What the draft would have made of past visits: who gains, who loses, what is issued, what must stand behind it. */
export function Trial({ draft, unsaved, mayRun }: { draft: DraftView; unsaved: boolean; mayRun: boolean }) {
  const cache = useQueryClient()
  const [from, setFrom] = useState(daysFromNow(-365))
  const [to, setTo] = useState(today())
  const [trialId, setTrialId] = useState(draft.trialId)
  const key = useRef(newId())
  const start = useAction(
    () => post<{ id: string }>('/scheme-trials', { id: key.current, draftId: draft.id, from, to }),
    ({ id }) => {
      key.current = newId()
      setTrialId(id)
      cache.invalidateQueries({ queryKey: ['/scheme-trials', id] })
    },
  )
  const trial = useQuery({
    queryKey: ['/scheme-trials', trialId],
    queryFn: () => get<TrialView>(`/scheme-trials/${trialId ?? ''}`),
    enabled: trialId !== null,
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? POLL_MS : false),
  })
  const running = trial.data?.state === 'running'

  return (
    <div className="stack">
      <Section title="用过去的服务试算" note="每位志愿者从 0 分算起；已经记的账不会变">
        <div className="filters">
          <Field label="从哪天">
            <DayInput value={from} max={today()} onChange={(day) => day !== undefined && setFrom(day)} />
          </Field>
          <Field label="到哪天">
            <DayInput value={to} max={today()} onChange={(day) => day !== undefined && setTo(day)} />
          </Field>
          {mayRun && (
            <Button type="primary" disabled={unsaved || running} loading={start.busy} onClick={() => start.run()}>
              {unsaved ? '先保存再试算' : '开始试算'}
            </Button>
          )}
        </div>
        <Refused failure={start.failure} />
        {running && trial.data && (
          <Progress
            percent={Math.floor((trial.data.doneDays * 100) / trial.data.days)}
            format={() => `${trial.data?.doneDays ?? 0} / ${trial.data?.days ?? 0} 天`}
          />
        )}
        {trial.data?.state === 'failed' && <p className="note bad">试算中断了，请再试一次</p>}
      </Section>
      {trial.isError && <div className="card">{<Failed error={trial.error} retry={() => trial.refetch()} />}</div>}
      {trial.data?.result && <Result trial={trial.data} result={trial.data.result} />}
      {trialId === null && (
        <div className="card">
          <Empty icon="chart" title="还没有试算过" next="用过去的服务算一遍，看看每个人会差多少。" />
        </div>
      )}
    </div>
  )
}

function Result({ trial, result }: { trial: TrialView; result: TrialResult }) {
  const drawing = useMemo(
    () => ({
      ticks: result.months.map(({ month }) => month),
      lines: [
        { name: '这份草稿', values: result.months.map(({ after }) => wholePoints(after)) },
        { name: '实际', values: result.months.map(({ before }) => wholePoints(before)), dashed: true },
      ],
    }),
    [result],
  )
  const change = (BigInt(result.after) - BigInt(result.before)).toString()
  return (
    <>
      <Section title="结果" note={`${trial.from} 至 ${trial.to}`}>
        <Facts>
          <Fact label="服务">
            {count(result.visits)} 次，{count(result.people)} 人
          </Fact>
          <Fact label="实际记分">{points(result.before)} 分</Fact>
          <Fact label="这份草稿">
            {points(result.after)} 分（{signedPoints(change)}）
          </Fact>
          <Fact label="进公益池">{points(result.pool)} 分</Fact>
          <Fact label="多得">{count(result.gainers)} 人</Fact>
          <Fact label="少得">{count(result.losers)} 人</Fact>
          <Fact label="一样">{count(result.same)} 人</Fact>
          <Fact label="需要资金">
            {result.fundFen === null || result.fundBasis === null
              ? null
              : `${yuanText(result.fundFen)} 元（${BASIS_WORDS[result.fundBasis]}）`}
          </Fact>
        </Facts>
      </Section>
      <LineChart
        title="每月记分"
        definition="整分，零头不画"
        words={`实际 ${points(result.before)} 分，这份草稿 ${points(result.after)} 分`}
        ticks={drawing.ticks}
        lines={drawing.lines}
        unit=" 分"
        columns={CHANGE_COLUMNS}
        rows={result.months.map((one) => ({ key: one.month, name: one.month, ...one }))}
      />
      <div className="scheme-columns">
        <Section title="各地">
          <Changes label="各地" rows={result.places.map((one) => ({ key: one.regionPath, ...one }))} />
        </Section>
        <Section title="为什么不记分">
          <table className="plain num" aria-label="不记分的原因">
            <tbody>
              {result.cuts.map(({ code, sentence, visits, milliPoints }) => (
                <tr key={code}>
                  <th scope="row">{sentence}</th>
                  <td className="num">{count(visits)} 次</td>
                  <td className="num">减 {points(milliPoints)} 分</td>
                </tr>
              ))}
              {result.zeros.map(({ reason, visits }) => (
                <tr key={reason}>
                  <th scope="row">{reason}</th>
                  <td className="num">{count(visits)} 次</td>
                  <td className="num">0 分</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
        <Section title="多得最多的">
          <Changes label="多得最多的" rows={result.gains.map((one) => ({ key: one.personId, ...one }))} />
        </Section>
        <Section title="少得最多的">
          <Changes label="少得最多的" rows={result.losses.map((one) => ({ key: one.personId, ...one }))} />
        </Section>
      </div>
    </>
  )
}

interface ChangeRow {
  key: string
  name: string
  visits: number
  before: string
  after: string
}

const CHANGE_COLUMNS: FigureColumn<ChangeRow>[] = [
  { title: '名称', render: ({ name }) => name },
  { title: '次数', right: true, render: ({ visits }) => count(visits) },
  { title: '实际', right: true, render: ({ before }) => points(before) },
  { title: '草稿', right: true, render: ({ after }) => points(after) },
  {
    title: '变化',
    right: true,
    render: ({ before, after }) => signedPoints((BigInt(after) - BigInt(before)).toString()),
  },
]

function Changes({ label, rows }: { label: string; rows: readonly ChangeRow[] }) {
  if (rows.length === 0) return <p className="t3">没有</p>
  return <Figures label={label} columns={CHANGE_COLUMNS} rows={rows} rowKey={({ key }) => key} />
}

/** Whole points, for drawing only. */
function wholePoints(milliPoints: string): number {
  return Number(BigInt(milliPoints) / 1000n)
}
