import { Link } from 'react-router'
import { ACCOUNT_WORDS } from '../../../shared/ledger/rules'
import type { TransactionView } from '../../../shared/ledger/view'
import { setAsideWords } from '../../../shared/ledger/words'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { ExportButton } from '../components/export-button'
import { Field, FilterBar } from '../components/filter-bar'
import { Page } from '../components/page'
import { Empty } from '../components/states'
import { dayClock, fullTime, signedPoints } from '../core/format'
import { useScope, useScoped } from '../core/scope'
import { useFilters } from '../core/use-filters'
import { useList } from '../core/use-list'
import { optionsOf, TRANSACTION_WORDS, wordOf } from '../core/words'
import { Reference } from './reference'
import { Why } from './why'

const FILTERS = ['from', 'to', 'kind'] as const

/** Every movement of points, each with both of its sides. Nothing here is ever changed; a correction is a line of its own. */
export default function LedgerPage() {
  const { state, applied, draft, change, submit, reset } = useFilters(FILTERS)
  const { regionId } = useScope()
  const query = { ...applied, regionId }
  const list = useList<TransactionView>('/transactions', { ...query, cursor: state.cursor, limit: 50 })

  const columns: Column<TransactionView>[] = [
    {
      key: 'time',
      title: '发生',
      fixed: true,
      render: (one) => <span className="nb">{dayClock(one.happenedAt)}</span>,
    },
    { key: 'recorded', title: '记账', spare: true, render: (one) => fullTime(one.recordedAt) },
    { key: 'kind', title: '种类', render: (one) => <span className="strong nb">{one.kindWord}</span> },
    {
      key: 'entries',
      title: '从哪里到哪里',
      render: (one) => (
        <ul>
          {one.entries.map((entry, at) => (
            <Leg
              key={`${entry.accountId}-${String(at)}`}
              {...entry}
              points={signedPoints(entry.amountMilliPoints)}
              otherwise={wordOf(ACCOUNT_WORDS, entry.accountKind)}
            />
          ))}
          {one.setAside && <Leg {...one.setAside} points={setAsideWords(one.setAside.milliPoints)} otherwise="—" />}
        </ul>
      ),
    },
    {
      key: 'formula',
      title: '怎么算的',
      render: (one) => (
        <Why transactionId={one.id} formula={one.formula} name={`${one.kindWord} ${dayClock(one.happenedAt)}`} />
      ),
    },
    { key: 'ref', title: '依据', render: (one) => <Reference type={one.refType} id={one.refId} /> },
    { key: 'reverses', title: '冲正', spare: true, render: (one) => (one.reverses ? '冲正了另一笔' : '—') },
  ]

  return (
    <Page title="积分流水" note="只增不改，改错另记一笔">
      <FilterBar onSubmit={submit} onReset={reset}>
        <Field label="从哪天">
          <DayInput value={draft.from} onChange={(value) => change('from', value)} />
        </Field>
        <Field label="到哪天">
          <DayInput value={draft.to} onChange={(value) => change('to', value)} />
        </Field>
        <Field label="种类">
          <Choice
            label="种类"
            all="全部种类"
            value={draft.kind}
            onChange={(value) => change('kind', value)}
            options={optionsOf(TRANSACTION_WORDS)}
          />
        </Field>
      </FilterBar>
      <DataTable
        name="ledger"
        label="积分流水"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={<Empty icon="points" title="这个范围里没有积分变动" next="换一个日期或种类再查。" />}
        exits={<ExportButton path="/exports/transactions" query={query} name="积分流水" />}
      />
    </Page>
  )
}

interface LegProps {
  accountId: string
  ownerName: string | null
  points: string
  /** whose it is where it is nobody's */
  otherwise: string
}

function Leg({ accountId, ownerName, points, otherwise }: LegProps) {
  const scoped = useScoped()
  return (
    <li className="row" style={{ gap: 10 }}>
      <span style={{ minWidth: 64, textAlign: 'right' }} className="strong nb">
        {points}
      </span>
      {ownerName ? (
        <Link className="txt" style={{ minHeight: 24 }} to={scoped(`/accounts/${accountId}`)}>
          {ownerName}
        </Link>
      ) : (
        <span className="t2">{otherwise}</span>
      )}
    </li>
  )
}
