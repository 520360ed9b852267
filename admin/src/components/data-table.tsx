import { Button, Checkbox, Popover, Segmented, Table } from 'antd'
import type { ColumnsType } from 'antd/es/table'
import type { ReactNode } from 'react'
import { usePreference } from '../core/preferences'
import { useMedia } from '../core/use-media'
import { Icon } from './icon'
import { Sheet } from './sheet'
import { Failed, Loading } from './states'

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
  rows: readonly Row[] | undefined
  rowKey: (row: Row) => string
  loading: boolean
  error: unknown
  retry: () => void
  empty: ReactNode
  /** At the left of 列设置 and 密度. */
  tools?: ReactNode
  /** At the right: 导出, 打印. */
  exits?: ReactNode
  paging?: ReactNode
  footer?: ReactNode
}

/** A table with column settings and density; below 640 px the rows are cards. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { name, label, columns, rows, rowKey, loading, error, retry, empty, tools, exits, paging, footer } = props
  const [density, setDensity] = usePreference(`${name}.density`, 'middle')
  const spare = columns.filter((column) => column.spare).map((column) => column.key)
  const [hiddenText, setHidden] = usePreference(`${name}.hidden`, spare.join(','))
  const hidden = new Set(hiddenText.split(',').filter(Boolean))
  const shown = columns.filter((column) => column.fixed || !hidden.has(column.key))
  const narrow = useMedia('(max-width: 640px)')

  return (
    <div>
      <div className="tools">
        {tools}
        <span className="grow" />
        {exits}
        {!narrow && (
          <>
            <ColumnSettings columns={columns} hidden={hidden} onChange={(next) => setHidden(next.join(','))} />
            <Density value={density} onChange={setDensity} />
          </>
        )}
      </div>
      {body()}
      {rows && rows.length > 0 && paging}
    </div>
  )

  function body() {
    if (rows === undefined && error) return <div className="card">{<Failed error={error} retry={retry} />}</div>
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
          className={loading ? 'ageing' : undefined}
          summary={footer ? () => footer : undefined}
        />
      </Sheet>
    )
  }
}

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
