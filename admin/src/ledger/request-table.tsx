import type { ReactNode } from 'react'
import { type Column, DataTable } from '../components/data-table'
import { Status, type Tone } from '../components/status'
import type { useList } from '../core/use-list'

/** What a tab of 申请与发放 is given: which part of the list, and the switch between open and done. */
export type ListProps = { query: Record<string, string | number | undefined>; tools: ReactNode }

const WORDS: Record<string, { tone: Tone; words: string }> = {
  waiting: { tone: 'wait', words: '等同意' },
  declared: { tone: 'wait', words: '等确认' },
  confirmed: { tone: 'ok', words: '确认了' },
  approved: { tone: 'ok', words: '同意了' },
  done: { tone: 'ok', words: '办好了' },
  rejected: { tone: 'none', words: '没同意' },
  refused: { tone: 'none', words: '没有收' },
  withdrawn: { tone: 'none', words: '收回了' },
}

export function State({ state }: { state: string }) {
  const { tone, words } = WORDS[state] ?? { tone: 'none', words: state }
  return <Status tone={tone}>{words}</Status>
}

/** The frame of every tab: its rows by id, how they are fetched, what to say where there are none. */
export function RequestTable<Row extends { id: string }>({
  name,
  label,
  list,
  columns,
  tools,
  exits,
  empty,
}: {
  name: string
  label: string
  list: ReturnType<typeof useList<Row>>
  columns: Column<Row>[]
  tools: ReactNode
  exits?: ReactNode
  empty: ReactNode
}) {
  return (
    <DataTable
      name={name}
      label={label}
      columns={columns}
      list={list}
      rowKey={({ id }) => id}
      tools={tools}
      exits={exits}
      empty={empty}
    />
  )
}
