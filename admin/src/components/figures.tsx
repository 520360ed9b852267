import type { ReactNode } from 'react'

export interface FigureColumn<Row> {
  title: string
  render: (row: Row) => ReactNode
  /** figures stand at the right */
  right?: boolean
}

interface FiguresProps<Row> {
  label?: string
  columns: readonly FigureColumn<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
}

/** A short table of figures without settings: beside a chart, in a section, on paper. What a row is about heads it. */
export function Figures<Row>({ label, columns, rows, rowKey }: FiguresProps<Row>) {
  return (
    <table className="plain num" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ title, right }) => (
            <th key={title} scope="col" className={right ? 'r' : undefined}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map(({ title, render, right }, at) =>
              at === 0 ? (
                <th key={title} scope="row" className={right ? 'r' : undefined}>
                  {render(row)}
                </th>
              ) : (
                <td key={title} className={right ? 'r' : undefined}>
                  {render(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
