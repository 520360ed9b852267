import { useMemo } from 'react'
import type { Dashboard } from '../../../shared/report/view'
import { LineChart } from '../components/chart'
import type { FigureColumn } from '../components/figures'
import { count, hours, monthWords } from '../core/format'

const COLUMNS: FigureColumn<Dashboard['days'][number]>[] = [
  { title: '日期', render: ({ day }) => day },
  { title: '次数', right: true, render: ({ visits }) => count(visits) },
  { title: '小时', right: true, render: ({ seconds }) => hours(seconds) },
]

/** How many visits each day of the month began and count, on 工作台 and on the big screen. */
export function DaysChart({ board }: { board: Dashboard }) {
  const { days, month } = board
  const drawing = useMemo(
    () => ({
      ticks: days.map(({ day }) => String(Number(day.slice(8)))),
      lines: [{ name: '次数', values: days.map(({ visits }) => visits) }],
    }),
    [days],
  )
  const total = days.reduce((sum, { visits }) => sum + visits, 0)
  const seconds = days.reduce((sum, day) => sum + day.seconds, 0)
  return (
    <LineChart
      title="每天的服务"
      definition="当天开始并计入的次数"
      words={`${monthWords(month)}共 ${total} 次，${hours(seconds)} 小时`}
      ticks={drawing.ticks}
      lines={drawing.lines}
      unit="次"
      columns={COLUMNS}
      rows={days}
    />
  )
}
