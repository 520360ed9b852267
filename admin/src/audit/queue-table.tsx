import { useEffect, useRef } from 'react'
import type { QueueRow } from '../../../shared/audit/view'
import { servedWords } from '../../../shared/visit/words'
import { Sheet } from '../components/sheet'
import { EvidenceBadge } from '../components/status'
import { dayClock } from '../core/format'
import { useMedia } from '../core/use-media'
import { Exceptions, Minutes, VisitPoints } from '../visit/marks'

interface QueueTableProps {
  rows: readonly QueueRow[]
  current: string | undefined
  chosen: ReadonlyMap<string, QueueRow>
  selectable: boolean
  onOpen: (id: string) => void
  onToggle: (row: QueueRow) => void
  onChooseAll: (chosen: ReadonlyMap<string, QueueRow>) => void
}

/** Rows that can't go along in a batch (red ones, one's own) have a dead box that says why. */
export function QueueTable({ rows, current, chosen, selectable, onOpen, onToggle, onChooseAll }: QueueTableProps) {
  const narrow = useMedia('(max-width: 760px)')
  const free = rows.filter(({ whyNot }) => whyNot === null)
  const all = free.length > 0 && free.every(({ id }) => chosen.has(id))
  const some = free.some(({ id }) => chosen.has(id))
  const head = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (head.current) head.current.indeterminate = some && !all
  }, [some, all])

  return (
    <Sheet label="待审核的服务" className="card">
      <table className="plain queue-table num">
        <thead>
          <tr>
            {selectable && (
              <th>
                <span className="box">
                  <input
                    ref={head}
                    type="checkbox"
                    aria-label="选中本页全部可批量的"
                    checked={all}
                    disabled={free.length === 0}
                    onChange={() =>
                      onChooseAll(all ? new Map() : new Map([...chosen, ...free.map((row) => [row.id, row] as const)]))
                    }
                  />
                </span>
              </th>
            )}
            <th scope="col">时间</th>
            <th scope="col">志愿者</th>
            <th scope="col">老人</th>
            {!narrow && <th scope="col">服务</th>}
            <th scope="col" className="r">
              分钟
            </th>
            <th scope="col" className="r">
              积分
            </th>
            {!narrow && <th scope="col">证据</th>}
            <th scope="col">异常</th>
            {!narrow && <th scope="col">期限</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row
              key={row.id}
              row={row}
              isCurrent={row.id === current}
              isChosen={chosen.has(row.id)}
              selectable={selectable}
              narrow={narrow}
              onOpen={onOpen}
              onToggle={onToggle}
            />
          ))}
        </tbody>
      </table>
    </Sheet>
  )
}

interface RowProps {
  row: QueueRow
  isCurrent: boolean
  isChosen: boolean
  selectable: boolean
  narrow: boolean
  onOpen: (id: string) => void
  onToggle: (row: QueueRow) => void
}

function Row({ row, isCurrent, isChosen, selectable, narrow, onOpen, onToggle }: RowProps) {
  const line = useRef<HTMLTableRowElement>(null)
  useEffect(() => {
    if (isCurrent) line.current?.scrollIntoView({ block: 'nearest' })
  }, [isCurrent])
  const elders = servedWords(row)
  return (
    // The row is a large target for the pointer; the keyboard has J, K and the button in it.
    <tr
      ref={line}
      className={isCurrent ? 'cur' : undefined}
      aria-current={isCurrent ? 'true' : undefined}
      onClick={() => onOpen(row.id)}
    >
      {selectable && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: only keeps the click from opening the row
        <td onClick={(event) => event.stopPropagation()}>
          <span className="box" title={row.whyNotSentence ?? undefined}>
            <input
              type="checkbox"
              checked={isChosen}
              disabled={row.whyNot !== null}
              aria-label={
                row.whyNotSentence ? `不能批量：${row.whyNotSentence}` : `选中 ${row.memberName} 帮 ${elders}`
              }
              onChange={() => onToggle(row)}
            />
          </span>
        </td>
      )}
      <td className="nb">
        <button
          type="button"
          className="txt"
          style={{ padding: 0, fontWeight: 400, color: 'inherit' }}
          onClick={() => onOpen(row.id)}
        >
          {dayClock(row.checkInAt)}
        </button>
      </td>
      <td className="nb">{row.memberName}</td>
      <td className={row.siteName === null ? 'nb' : 'site'}>{elders}</td>
      {!narrow && <td className="t2 nb">{row.serviceName}</td>}
      <td className="r">
        <Minutes seconds={row.servedSeconds} />
      </td>
      <td className="r">
        <VisitPoints visit={row} />
      </td>
      {!narrow && <td>{row.level === null ? '—' : <EvidenceBadge level={row.level} />}</td>}
      <td>
        <Exceptions visit={row} />
      </td>
      {!narrow && (
        <td className="due">
          {row.awaitsSecond && <span className="status warn">等第二人 </span>}
          <span className={row.late ? 'status bad' : 't2'}>{row.dueSentence}</span>
        </td>
      )}
    </tr>
  )
}
