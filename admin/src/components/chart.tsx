import { useEffect, useRef, useState } from 'react'
import type { Line } from './chart-engine'
import { type FigureColumn, Figures } from './figures'
import { Icon } from './icon'

interface ChartProps<Row> {
  title: string
  definition: string
  /** What the line says, in one sentence, for those who can't see it. */
  words: string
  ticks: readonly string[]
  lines: readonly Line[]
  unit: string
  /** 看表格: the same numbers, a row a tick. */
  columns: readonly FigureColumn<Row>[]
  rows: readonly Row[]
  max?: number
}

/** The one chart: lines over days or months. ECharts comes only when a chart is on the page, and 看表格 shows the same numbers. */
export function LineChart<Row>({ title, definition, words, ticks, lines, unit, columns, rows, max }: ChartProps<Row>) {
  const [asTable, setAsTable] = useState(false)
  const holder = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const element = holder.current
    if (asTable || element === null) return
    let gone = false
    let dispose = () => {}
    import('./chart-engine').then(({ drawLines }) => {
      if (!gone) dispose = drawLines(element, { ticks, lines, unit, max })
    })
    return () => {
      gone = true
      dispose()
    }
  }, [asTable, ticks, lines, unit, max])

  return (
    <section className="card pad">
      <div className="ct">
        <h2>{title}</h2>
        <span className="t3 small">{definition}</span>
        <span className="grow" />
        <button type="button" className="txt no-print" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          <Icon name={asTable ? 'chart' : 'table'} size={16} />
          {asTable ? '看图' : '看表格'}
        </button>
      </div>
      {asTable ? (
        <div className="sheet" style={{ maxHeight: 260, overflowY: 'auto' }}>
          <Figures label={title} columns={columns} rows={rows} rowKey={(row) => ticks[rows.indexOf(row)] ?? ''} />
        </div>
      ) : (
        <div ref={holder} role="img" aria-label={words} className="chart-box" />
      )}
    </section>
  )
}
