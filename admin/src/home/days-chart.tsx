import { useMemo } from 'react'
import type { Dashboard } from '../../../shared/report/view'
import { LineChart } from '../components/chart'
import { count, hours, monthWords } from '../core/format'

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
      table={
        <table className="plain num">
          <thead>
            <tr>
              <th scope="col">日期</th>
              <th scope="col" className="r">
                次数
              </th>
              <th scope="col" className="r">
                小时
              </th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ day, visits, seconds: served }) => (
              <tr key={day}>
                <td>{day}</td>
                <td className="r">{count(visits)}</td>
                <td className="r">{hours(served)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  )
}
