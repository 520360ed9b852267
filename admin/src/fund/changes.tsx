import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { FUND_SOURCE_WORDS } from '../../../shared/fund/rules'
import type { FundChangeView, FundLineView } from '../../../shared/fund/view'
import { FormDialog } from '../components/form'
import { Section } from '../components/page'
import { post } from '../core/call'
import { dayClock } from '../core/format'
import { useTell } from '../core/use-action'
import { wordOf } from '../core/words'
import { rule, yuan } from './words'

/** What somebody wants of the money and another person has to agree to: what there is, and what it would be. */
export function Changes({ changes, onDone }: { changes: readonly FundChangeView[]; onDone: () => void }) {
  const tell = useTell()
  const [open, setOpen] = useState<{ change: FundChangeView; decision: 'approve' | 'reject' } | null>(null)
  if (changes.length === 0) return null
  const approves = open?.decision === 'approve'
  return (
    <Section title="等人批准" note={`${changes.length} 条`}>
      <ul className="stack">
        {changes.map((change) => (
          <li key={change.id} className="row" style={{ justifyContent: 'space-between' }}>
            <span>
              <b className="strong">
                {change.year} 年 {change.regionName} {change.terms.name}
              </b>
              <span className="t2">：{differences(change).join('；')}</span>
              <br />
              <span className="t3 small">
                {change.askedByName} {dayClock(change.askedAt)} 提出，{change.reason}
              </span>
            </span>
            {change.mayDecide ? (
              <span className="row" style={{ flexWrap: 'nowrap' }}>
                <Button onClick={() => setOpen({ change, decision: 'reject' })}>退回</Button>
                <Button type="primary" onClick={() => setOpen({ change, decision: 'approve' })}>
                  批准
                </Button>
              </span>
            ) : (
              <span className="t3">要由另一个人批准</span>
            )}
          </li>
        ))}
      </ul>
      <FormDialog<{ reason?: string }, FundLineView>
        title={`${approves ? '批准' : '退回'}：${open?.change.terms.name ?? ''}`}
        open={open !== null}
        okText={approves ? '批准，马上生效' : '退回'}
        danger={!approves}
        onClose={() => setOpen(null)}
        done={() => {
          tell(approves ? '已批准' : '已退回')
          onDone()
        }}
        note={open && <p className="t2">{differences(open.change).join('；')}</p>}
        submit={({ reason }) =>
          post<FundLineView>(`/fund-changes/${open?.change.id ?? ''}/decision`, {
            decision: open?.decision,
            reason: reason ?? '',
          })
        }
      >
        <Form.Item name="reason" label="说明（可以不填）">
          <Input maxLength={60} />
        </Form.Item>
      </FormDialog>
    </Section>
  )
}

/** Only what would be otherwise; of a new line everything. */
function differences({ before, terms }: FundChangeView): string[] {
  const parts: [string, (of: FundChangeView['terms']) => string][] = [
    ['预算', (of) => `${yuan(of.budgetFen)} 元`],
    ['名称', (of) => of.name],
    ['来源', (of) => wordOf(FUND_SOURCE_WORDS, of.source)],
    ['付什么', rule],
    ['先后', (of) => String(of.priority)],
    ['状态', (of) => (of.active ? '在用' : '停用')],
  ]
  if (before === null) return ['新开', ...parts.map(([label, of]) => `${label} ${of(terms)}`)]
  return parts
    .filter(([, of]) => of(before) !== of(terms))
    .map(([label, of]) => `${label} ${of(before)} → ${of(terms)}`)
}
