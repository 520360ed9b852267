import { useQueryClient } from '@tanstack/react-query'
import { Button, Form } from 'antd'
import { useState } from 'react'
import type { CertificateView } from '../../../shared/certificate/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { DayInput } from '../components/day-input'
import { FormDialog } from '../components/form'
import { Section } from '../components/page'
import { Sheet } from '../components/sheet'
import { Pill } from '../components/status'
import { download, post } from '../core/call'
import { hours, isoDay } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useMe } from '../core/session'
import { today } from '../core/today'
import { useTell } from '../core/use-action'
import { useOne } from '../core/use-list'

const KINDS = { service: '志愿服务记录证明', statement: '积分对账单' }
const REASONS = [
  { value: 'wrongData', label: '内容有误' },
  { value: 'wrongPerson', label: '开错了人' },
  { value: 'other', label: '其他' },
]

/** What was issued of a helper: to print again, to hand over with its proof, to revoke; and one more. */
export function MemberCertificates({ memberId }: { memberId: string }) {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const list = useOne<{ items: CertificateView[] }>('/certificates', { memberId })
  const [asking, setAsking] = useState<'issue' | CertificateView | null>(null)
  const done = () => {
    tell('已保存')
    cache.invalidateQueries()
  }
  const items = list.data?.items ?? []
  return (
    <Section
      title="证明与对账单"
      actions={
        may(me, 'certificate.keep') && (
          <button type="button" className="txt" onClick={() => setAsking('issue')}>
            开一份
          </button>
        )
      }
    >
      {items.length === 0 && <p className="t3">还没有开过</p>}
      {items.length > 0 && (
        <Sheet label="证明与对账单">
          <table className="plain num">
            <thead>
              <tr>
                <th scope="col">开具</th>
                <th scope="col">名称</th>
                <th scope="col">起止</th>
                <th scope="col">内容</th>
                <th scope="col">操作</th>
              </tr>
            </thead>
            <tbody>
              {items.map((one) => (
                <tr key={one.no}>
                  <td className="nb">{isoDay(one.issuedAt)}</td>
                  <td>
                    {KINDS[one.kind]} {one.revokedAt !== null && <Pill tone="bad">已撤销</Pill>}
                  </td>
                  <td className="nb">
                    {one.fromDay} 至 {one.toDay}
                  </td>
                  <td>{one.seconds === null ? `${one.count} 笔` : `${one.count} 次，${hours(one.seconds)} 小时`}</td>
                  <td className="row">
                    <Button
                      type="link"
                      onClick={() => void download(`/certificates/${one.no}/pdf`, {}, `${one.no}.pdf`)}
                    >
                      打印
                    </Button>
                    <Button
                      type="link"
                      onClick={() => void download(`/certificates/${one.no}/proof`, {}, `${one.no}.tlog-proof`)}
                    >
                      凭据
                    </Button>
                    {one.revokedAt === null && may(me, 'certificate.keep') && (
                      <Button type="link" danger onClick={() => setAsking(one)}>
                        撤销
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Sheet>
      )}
      <IssueDialog memberId={memberId} open={asking === 'issue'} onClose={() => setAsking(null)} done={done} />
      <FormDialog<{ reason: string }, CertificateView>
        title="撤销证明"
        open={asking !== null && asking !== 'issue'}
        onClose={() => setAsking(null)}
        done={done}
        danger
        okText="撤销"
        note="撤销以后，扫码的人会看到“已撤销”，不能恢复"
        submit={(values) =>
          post<CertificateView>(
            `/certificates/${asking !== null && asking !== 'issue' ? asking.no : ''}/revocation`,
            values,
          )
        }
      >
        <Form.Item name="reason" label="为什么" rules={REQUIRED}>
          <Choice options={REASONS} />
        </Form.Item>
      </FormDialog>
    </Section>
  )
}

type Wanted = { kind: 'service' | 'statement'; from: string; to: string }

function IssueDialog(props: { memberId: string; open: boolean; onClose: () => void; done: () => void }) {
  const { memberId, open, onClose, done } = props
  const [id, setId] = useState(newId)
  return (
    <FormDialog<Wanted, CertificateView>
      title="开一份证明"
      open={open}
      onClose={onClose}
      done={() => {
        setId(newId())
        done()
      }}
      initial={{ kind: 'service', from: `${today().slice(0, 4)}-01-01`, to: today() }}
      submit={(values) => post<CertificateView>('/certificates', { id, memberId, ...values })}
    >
      <Form.Item name="kind" label="名称" rules={REQUIRED}>
        <Choice options={Object.entries(KINDS).map(([value, label]) => ({ value, label }))} />
      </Form.Item>
      <Form.Item name="from" label="从" rules={REQUIRED}>
        <DayInput max={today()} />
      </Form.Item>
      <Form.Item name="to" label="到" rules={REQUIRED}>
        <DayInput max={today()} />
      </Form.Item>
    </FormDialog>
  )
}
