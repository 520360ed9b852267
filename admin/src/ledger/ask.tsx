import { Form, Input, InputNumber } from 'antd'
import { useRef } from 'react'
import type { AccountView } from '../../../shared/ledger/view'
import type { Role } from '../../../shared/session/view'
import { Choice } from '../components/choice'
import { FormDialog } from '../components/form'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'

/** What can be asked for on an account's page, and by whom; the server decides. */
const KINDS: readonly { value: string; label: string; roles: readonly Role[]; note: string }[] = [
  { value: 'GRANT', label: '发放', roles: ['countyAdmin'], note: '给这个账户加分；超过一个人的限额要第二个人同意' },
  { value: 'FREEZE', label: '冻结', roles: ['townAuditor', 'countyAdmin'], note: '查清楚以前不能用；查完再解冻' },
]

export function kindsFor(roles: readonly { role: Role }[]): typeof KINDS {
  return KINDS.filter((one) => roles.some(({ role }) => one.roles.includes(role)))
}

type Values = { kind: string; points?: number; from?: string; reason: string }

/** Asks the books for what no rule brings about; another person agrees under 申请与发放. */
export function AskForPoints({
  account,
  open,
  onClose,
  done,
}: {
  account: AccountView
  open: boolean
  onClose: () => void
  done: () => unknown
}) {
  const kinds = kindsFor(useMe().roles)
  const tell = useTell()
  const key = useRef(newId())
  return (
    <FormDialog<Values, unknown>
      title={`${account.ownerName ?? '这个账户'}：提出申请`}
      open={open}
      onClose={onClose}
      okText="提出"
      initial={{ kind: kinds[0]?.value ?? '', from: 'issuance' }}
      note={<p>提出以后，在“申请与发放”里由另一个人同意。</p>}
      submit={({ kind, points, from, reason }) =>
        post('/point-requests', {
          id: key.current,
          accountId: account.id,
          ...{ kind, reason },
          ...(points === undefined || points === null ? {} : { milliPoints: String(Math.round(points * 1000)) }),
          ...(kind === 'GRANT' ? { counterpart: from } : {}),
        })
      }
      done={() => {
        key.current = newId()
        tell('提出了')
        done()
      }}
    >
      <Form.Item name="kind" label="办什么" rules={REQUIRED}>
        <Choice options={kinds.map(({ value, label }) => ({ value, label }))} />
      </Form.Item>
      <KindFields />
      <Form.Item name="reason" label="理由" rules={REQUIRED}>
        <Input maxLength={60} />
      </Form.Item>
    </FormDialog>
  )
}

function KindFields() {
  const kind = Form.useWatch('kind') as string | undefined
  return (
    <>
      <p className="t3">{KINDS.find(({ value }) => value === kind)?.note}</p>
      <Form.Item
        name="points"
        label={kind === 'FREEZE' ? '多少分（不填就是全部能用的）' : '多少分'}
        rules={kind === 'FREEZE' ? [] : REQUIRED}
      >
        <InputNumber min={0.001} max={1_000_000} />
      </Form.Item>
      {kind === 'GRANT' && (
        <Form.Item name="from" label="从哪里出" rules={REQUIRED}>
          <Choice
            options={[
              { value: 'issuance', label: '新发放' },
              { value: 'pool', label: '公益池' },
            ]}
          />
        </Form.Item>
      )}
    </>
  )
}
