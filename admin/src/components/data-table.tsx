import { Button, Checkbox, Popover, Segmented, Table } from 'antd'
import type { ColumnsType } from 'antd/es/table'
import { type ReactNode, useRef } from 'react'
import { usePreference } from '../core/preferences'
import { useMedia } from '../core/use-media'
import { useRowKeys } from '../core/use-row-keys'
import { Icon } from './icon'
import { Paging } from './paging'
import { Sheet } from './sheet'
import { Loading, Unread } from './states'

export interface Column<Row> {
  key: string
  title: string
  render: (row: Row) => ReactNode
  align?: 'left' | 'right' | 'center'
  width?: number
  /** Can't be switched off in 列设置. */
  fixed?: boolean
  /** Starts switched off. */
  spare?: boolean
}

interface DataTableProps<Row> {
  /** Names the table for 列设置 and for assistive technology. */
  name: string
  label: string
  columns: readonly Column<Row>[]
  /** What was asked of the API: its rows, its next page, that it is coming or failed. */
  list?: Listed<Row>
  /** Rows that are at hand, or that stand somewhere else in the answer than in `items`. */
  rows?: readonly Row[] | undefined
  rowKey: (row: Row) => string
  /** Something is being done with these rows. */
  loading?: boolean
  empty: ReactNode
  /** Where several tables stand on a page. */
  heading?: string
  /** J and K go from row to row, to the first thing that can be pressed in it. */
  byKeys?: boolean
  /** At the left of 列设置 and 密度. */
  tools?: ReactNode
  /** At the right: 导出, 打印. */
  exits?: ReactNode
  footer?: ReactNode
}

interface Listed<Row> {
  data?: readonly Row[] | { items?: readonly Row[]; next?: string | null } | object | undefined
  isFetching: boolean
  error: unknown
  refetch: () => unknown
}

/**
 * The one frame of all lists: tools, rows or why there are none, pages. Columns and density can be set; below 640 px the rows
 * are cards.
 */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { name, label, columns, list, rowKey, loading, empty, heading, byKeys, tools, exits, footer } = props
  const page = (list?.data ?? {}) as { items?: readonly Row[]; next?: string | null }
  const rows = props.rows ?? (Array.isArray(list?.data) ? (list.data as readonly Row[]) : page.items)
  const box = useRef<HTMLDivElement>(null)
  useRowKeys(box, byKeys === true)
  const [density, setDensity] = usePreference(`${name}.density`, 'middle')
  const spare = columns.filter((column) => column.spare).map((column) => column.key)
  const [hiddenText, setHidden] = usePreference(`${name}.hidden`, spare.join(','))
  const hidden = new Set(hiddenText.split(',').filter(Boolean))
  const shown = columns.filter((column) => column.fixed || !hidden.has(column.key))
  const narrow = useMedia('(max-width: 640px)')
  // a handful of rows without anything folded away needs no settings
  const isShort = spare.length === 0 && !page.next && (rows?.length ?? 0) <= FEW
  const hasSettings = !narrow && !isShort && rows !== undefined && rows.length > 0

  return (
    <div ref={box} className="list">
      <div className="tools">
        {heading && <h2>{heading}</h2>}
        {tools}
        <span className="grow" />
        {exits}
        {hasSettings && (
          <>
            <ColumnSettings columns={columns} hidden={hidden} onChange={(next) => setHidden(next.join(','))} />
            <Density value={density} onChange={setDensity} />
          </>
        )}
      </div>
      {body()}
      {rows && rows.length > 0 && page.next !== undefined && <Paging next={page.next} />}
    </div>
  )

  function body() {
    if (rows === undefined && list !== undefined) return <div className="card">{<Unread of={list} rows={8} />}</div>
    if (rows === undefined) return <div className="card">{<Loading rows={8} />}</div>
    if (rows.length === 0) return <div className="card">{empty}</div>
    if (narrow) return <Cards columns={shown} rows={rows} rowKey={rowKey} />
    return (
      <Sheet label={label} className="card">
        <Table<Row>
          aria-label={label}
          size={density === 'small' ? 'small' : 'middle'}
          columns={shown.map(asAntd) as ColumnsType<Row>}
          dataSource={rows as Row[]}
          rowKey={rowKey}
          pagination={false}
          className={loading || list?.isFetching ? 'ageing' : undefined}
          summary={footer ? () => footer : undefined}
        />
      </Sheet>
    )
  }
}

const FEW = 8

function asAntd<Row>(column: Column<Row>) {
  return {
    key: column.key,
    title: column.title,
    align: column.align,
    width: column.width,
    className: column.key === 'acts' ? 'num no-print' : 'num',
    render: (_: unknown, row: Row) => column.render(row),
  }
}

function Cards<Row>({
  columns,
  rows,
  rowKey,
}: {
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
}) {
  return (
    <ul className="cards">
      {rows.map((row) => (
        <li key={rowKey(row)} className="card">
          <dl className="num">
            {columns.map((column) => (
              <div key={column.key} style={{ display: 'contents' }}>
                <dt>{column.title}</dt>
                <dd>{column.render(row)}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  )
}

function ColumnSettings<Row>({
  columns,
  hidden,
  onChange,
}: {
  columns: readonly Column<Row>[]
  hidden: Set<string>
  onChange: (hidden: string[]) => void
}) {
  const list = (
    <div className="stack" style={{ gap: 6 }}>
      {columns
        .filter((column) => !column.fixed && column.title !== '')
        .map(({ key, title }) => (
          <Checkbox
            key={key}
            checked={!hidden.has(key)}
            onChange={(event) =>
              onChange(event.target.checked ? [...hidden].filter((one) => one !== key) : [...hidden, key])
            }
          >
            {title}
          </Checkbox>
        ))}
    </div>
  )
  return (
    <Popover trigger="click" placement="bottomRight" content={list} title="显示哪些列">
      <Button icon={<Icon name="table" size={18} />}>列设置</Button>
    </Popover>
  )
}

function Density({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <Segmented
      aria-label="密度"
      value={value}
      onChange={onChange}
      options={[
        { value: 'middle', label: '宽松' },
        { value: 'small', label: '紧凑' },
      ]}
    />
  )
}
