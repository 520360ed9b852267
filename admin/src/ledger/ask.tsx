import { Form, Input, InputNumber } from 'antd'
import { useRef, useState } from 'react'
import type { RequestKind } from '../../../shared/ledger/rules'
import type { AccountKin, AccountView, ProgrammeList } from '../../../shared/ledger/view'
import { MAY_ASK } from '../../../shared/member/rules'
import { may } from '../../../shared/session/permissions'
import type { Me } from '../../../shared/session/view'
import { Choice } from '../components/choice'
import { FormDialog } from '../components/form'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'
import { useOne } from '../core/use-list'

/** What can be asked for on an account's page. */
const KINDS: readonly { value: RequestKind; label: string; note: string }[] = [
  { value: 'GRANT', label: '发放', note: '给这个账户加分；超过一个人的限额要第二个人同意' },
  {
    value: 'MANUAL',
    label: '手工记分',
    note: '补记或扣回规则以外的积分。要有凭据，每人每月有额度',
  },
  {
    value: 'CLOSE',
    label: '销户',
    note: '去世或迁出；余下的积分照规则给继承人、进公益池、转到另一个区县或作废，账户不能再用',
  },
  {
    value: 'TRANSFER_REGION',
    label: '迁到别的区县',

    note: '积分跟着人走；对方区县的管理员同意以后到账，两个区县再结清',
  },
  { value: 'FREEZE', label: '冻结', note: '查清楚以前不能用；查完再解冻' },
]

export function kindsFor(me: Me): typeof KINDS {
  return KINDS.filter(({ value }) => may(me, MAY_ASK[value]))
}

type Values = {
  kind: string
  points?: number
  from?: string
  reason: string
  closing?: string
  to?: string
  heirKinId?: string
  toProgrammeId?: string
  evidenceHash?: string
}

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
  const kinds = kindsFor(useMe())
  const tell = useTell()
  const key = useRef(newId())
  return (
    <FormDialog<Values, unknown>
      title={`${account.ownerName ?? '这个账户'}：提出申请`}
      open={open}
      onClose={onClose}
      okText="提出"
      initial={{ kind: kinds[0]?.value ?? '', from: 'issuance', closing: 'death', to: 'pool' }}
      note={<p>提出以后，在“申请与发放”里由另一个人同意。</p>}
      submit={({ kind, points, from, closing, to, ...rest }) =>
        post('/point-requests', {
          id: key.current,
          accountId: account.id,
          ...{ kind, ...rest },
          ...(points === undefined || points === null ? {} : { milliPoints: String(Math.round(points * 1000)) }),
          ...(kind === 'GRANT' ? { counterpart: from } : {}),
          ...(kind === 'CLOSE' ? { closing, counterpart: to } : {}),
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
      <KindFields accountId={account.id} />
      <Form.Item name="reason" label="理由" rules={REQUIRED}>
        <Input maxLength={60} />
      </Form.Item>
    </FormDialog>
  )
}

/** Without an amount these take all there is. */
const ALL_WITHOUT: readonly string[] = ['FREEZE', 'TRANSFER_REGION']
const LABELS: Record<string, string> = {
  FREEZE: '多少分（不填就是全部能用的）',
  TRANSFER_REGION: '多少分（不填就是全部能用的）',
  MANUAL: '多少分（扣分写负数）',
}

function KindFields({ accountId }: { accountId: string }) {
  const kind = Form.useWatch('kind') as string | undefined
  return (
    <>
      <p className="t3">{KINDS.find(({ value }) => value === kind)?.note}</p>
      {kind === 'CLOSE' && <ClosingFields accountId={accountId} />}
      {kind === 'TRANSFER_REGION' && <CountyField />}
      {kind !== 'CLOSE' && (
        <Form.Item
          name="points"
          label={LABELS[kind ?? ''] ?? '多少分'}
          rules={ALL_WITHOUT.includes(kind ?? '') ? [] : REQUIRED}
        >
          <InputNumber min={kind === 'MANUAL' ? -1_000_000 : 0.001} max={1_000_000} precision={3} />
        </Form.Item>
      )}
      {kind === 'MANUAL' && (
        <Form.Item name="evidenceHash" label="凭据（照片或扫描件）" rules={REQUIRED}>
          <FilePrint />
        </Form.Item>
      )}
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

function ClosingFields({ accountId }: { accountId: string }) {
  const to = Form.useWatch('to') as string | undefined
  const kin = useOne<AccountKin>(to === 'heir' ? `/accounts/${accountId}/kin` : null)
  return (
    <>
      <Form.Item name="closing" label="为什么" rules={REQUIRED}>
        <Choice
          options={[
            { value: 'death', label: '去世' },
            { value: 'moving', label: '迁出' },
          ]}
        />
      </Form.Item>
      <Form.Item name="to" label="余下的积分" rules={REQUIRED}>
        <Choice
          options={[
            { value: 'heir', label: '给继承人' },
            { value: 'pool', label: '进公益池' },
            { value: 'expired', label: '作废' },
            { value: 'county', label: '带到别的区县' },
          ]}
        />
      </Form.Item>
      {to === 'county' && <CountyField />}
      {to === 'heir' && (
        <Form.Item
          name="heirKinId"
          label="继承人（登记并确认过的亲属）"
          rules={REQUIRED}
          extra={kin.data?.length === 0 ? '还没有确认过的亲属，先在“申请与发放”里登记' : undefined}
        >
          <Choice
            options={kin.data?.map(({ id, name, relationWord }) => ({
              value: id,
              label: `${name}（${relationWord}）`,
            }))}
          />
        </Form.Item>
      )}
    </>
  )
}

function CountyField() {
  const programmes = useOne<ProgrammeList>('/programmes')
  return (
    <Form.Item name="toProgrammeId" label="迁到哪里" rules={REQUIRED}>
      <Choice
        options={programmes.data?.map(({ id, name, regionName }) => ({ value: id, label: `${regionName} ${name}` }))}
      />
    </Form.Item>
  )
}

/** The SHA-256 of a file that stays where it is: who has the paper can show later that it is this one. */
function FilePrint({ id, onChange }: { id?: string; onChange?: (hash: string | undefined) => void }) {
  const [said, setSaid] = useState('文件不会上传，只记下它的指纹；原件请存档。')
  const take = async (file: File | undefined) => {
    onChange?.(undefined)
    if (file === undefined) return
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
    const hash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    onChange?.(hash)
    setSaid(`指纹 ${hash.slice(0, 16)}…，原件请存档。`)
  }
  return (
    <div>
      <input
        id={id}
        type="file"
        accept="image/*,application/pdf"
        onChange={(event) =>
          void take(event.target.files?.[0]).catch(() =>
            setSaid('这个地址不是 https，浏览器不能算指纹，请换安全地址再试。'),
          )
        }
      />
      <p className="t3">{said}</p>
    </div>
  )
}
