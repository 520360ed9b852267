import { Modal } from 'antd'
import { useState } from 'react'
import type { ExplanationView } from '../../../shared/ledger/view'
import { Fact, Facts } from '../components/page'
import { Unread } from '../components/states'
import { fullTime, points } from '../core/format'
import { useOne } from '../core/use-list'

/** The formula of a line, and behind it all of why: scheme, version, rule, what went in, what was cut. */
export function Why({ transactionId, formula, name }: { transactionId: string; formula: string | null; name: string }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className="txt"
        aria-label={`${formula ?? '看说明'}，${name}`}
        onClick={() => setOpen(true)}
      >
        {formula ?? '看说明'}
      </button>
      <Modal title="这一笔为什么是这个数" open={open} onCancel={() => setOpen(false)} footer={null} destroyOnHidden>
        {open && <Explained transactionId={transactionId} />}
      </Modal>
    </>
  )
}

function Explained({ transactionId }: { transactionId: string }) {
  const why = useOne<ExplanationView>(`/transactions/${transactionId}/explanation`)
  if (!why.data) return <Unread of={why} />
  const one = why.data
  const lines: [string, string][] = [
    ['种类', one.kindWord],
    ...(one.sentence === null ? [] : [['说明', one.sentence] satisfies [string, string]]),
    ...(one.formula === null ? [] : [['怎么算的', one.formula] satisfies [string, string]]),
    ...one.inputs.map(({ label, value }): [string, string] => [label, value]),
    ...one.cuts.map(({ sentence, milliPoints, toWord }): [string, string] => [
      '减掉的',
      `${sentence}：${points(milliPoints)} 分，${toWord}`,
    ]),
    ...(one.reason === null ? [] : [['理由', one.reason] satisfies [string, string]]),
    ...(one.earlier === null
      ? []
      : [['退回的那一笔', `${one.earlier.kindWord} ${one.earlier.formula ?? ''}`] satisfies [string, string]]),
    ...(one.ruleWords === null ? [] : [['哪一条规则', `${one.ruleWords}（${one.rule}）`] satisfies [string, string]]),
    ...(one.schemeTitle === null
      ? []
      : [
          ['哪份规则', `${one.schemeTitle}，第 ${one.schemeVersion} 版，${one.schemeFrom} 起`] satisfies [
            string,
            string,
          ],
        ]),
    ['发生', fullTime(one.happenedAt)],
    ['记账', fullTime(one.recordedAt)],
  ]
  return (
    <Facts>
      {lines.map(([label, value], at) => (
        <Fact key={`${label}-${String(at)}`} label={label}>
          {value}
        </Fact>
      ))}
    </Facts>
  )
}
