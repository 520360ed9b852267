import { Button, Checkbox, Form, Input, QRCode, Upload } from 'antd'
import { useRef, useState } from 'react'
import type { ElderDetail, InvitationView, ProxyAct } from '../../../shared/elder/view'
import { PROXY_SCOPE_PHRASES } from '../../../shared/elder/words'
import { DayInput } from '../components/day-input'
import { FormDialog } from '../components/form'
import { Section } from '../components/page'
import { fetchFile, post } from '../core/call'
import { fullTime } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED, SOME } from '../core/rules'
import { useOne } from '../core/use-list'
import { optionsOf, PROXY_SCOPE_WORDS, spanWords, wordOf } from '../core/words'
import { base64Of } from '../paper/file'

type Proxy = ElderDetail['proxies'][number]
interface InviteValues {
  relation: string
  scopes: string[]
  validTo?: string
  paper: { file: File }
}

/** Who may act for an elder, who did what, and the invitation by a signed paper. */
export function ElderProxies({
  elder,
  mayChange,
  onStop,
}: {
  elder: ElderDetail
  mayChange: boolean
  onStop: (proxy: Proxy) => void
}) {
  const [inviting, setInviting] = useState(false)
  const [sent, setSent] = useState<InvitationView | null>(null)
  return (
    <Section
      title="家人代办"
      note="最多 4 位"
      actions={
        mayChange && (
          <button type="button" className="txt" onClick={() => setInviting(true)}>
            凭授权书邀请
          </button>
        )
      }
    >
      {elder.proxies.length === 0 && <p className="t3">没有代办人</p>}
      <ul className="stack" style={{ gap: 8 }}>
        {elder.proxies.map((proxy) => (
          <li key={proxy.id} className="row num">
            <span className="strong">{proxy.relation}</span> {proxy.maskedName}
            <span className="t2">{proxy.scopes.map((scope) => wordOf(PROXY_SCOPE_WORDS, scope)).join('、')}</span>
            <span className="t3">
              {proxy.revokedAt ? `${fullTime(proxy.revokedAt)} 停止` : spanWords(proxy.validFrom, proxy.validTo)}
            </span>
            <span className="grow" />
            {proxy.paperId !== null && <Paper id={proxy.paperId} />}
            {proxy.revokedAt === null && mayChange && (
              <button type="button" className="txt" onClick={() => onStop(proxy)}>
                停止
              </button>
            )}
          </li>
        ))}
      </ul>
      {sent !== null && <Sent id={sent.id} onClose={() => setSent(null)} />}
      <Acts elderId={elder.id} />
      <InviteDialog
        elderId={elder.id}
        open={inviting}
        onClose={() => setInviting(false)}
        onSent={(invitation) => setSent(invitation)}
      />
    </Section>
  )
}

interface InviteDialogProps {
  elderId: string
  open: boolean
  onClose: () => void
  onSent: (invitation: InvitationView) => void
}

function InviteDialog({ elderId, open, onClose, onSent }: InviteDialogProps) {
  const key = useRef(newId())
  const done = (invitation: InvitationView) => {
    key.current = newId()
    onSent(invitation)
  }
  return (
    <FormDialog<InviteValues, InvitationView>
      title="凭授权书邀请代办人"
      open={open}
      onClose={onClose}
      done={done}
      okText="出邀请码"
      initial={{ scopes: ['confirm', 'ask'] }}
      note={<p className="note">老人签过字的授权书拍照附上；邀请码由家人用自己的手机扫，接受了才算。</p>}
      submit={async ({ relation, scopes, validTo, paper }) =>
        post<InvitationView>('/proxy-invitations', {
          ...{ id: key.current, elderId, relation, scopes, paper: await base64Of(paper.file) },
          ...(validTo ? { validTo } : {}),
        })
      }
    >
      <Form.Item name="relation" label="和老人的关系" rules={REQUIRED}>
        <Input maxLength={10} />
      </Form.Item>
      <Form.Item name="scopes" label="可以代办" rules={SOME}>
        <Checkbox.Group options={optionsOf(PROXY_SCOPE_WORDS)} />
      </Form.Item>
      <Form.Item name="validTo" label="到哪天（不填就是最长的期限）">
        <DayInput />
      </Form.Item>
      <Form.Item name="paper" label="授权书照片" rules={REQUIRED}>
        <Upload accept="image/*" maxCount={1} beforeUpload={() => false}>
          <Button>选照片</Button>
        </Upload>
      </Form.Item>
    </FormDialog>
  )
}

/** The code on the desk's screen for the relative's phone, until it was taken up or is too old. */
function Sent({ id, onClose }: { id: string; onClose: () => void }) {
  const invitation = useOne<InvitationView>(`/proxy-invitations/${id}`)
  const one = invitation.data
  if (one === undefined) return null
  return (
    <div className="stack" role="status" style={{ marginTop: 14 }}>
      {one.address !== null ? (
        <>
          <p>
            请{one.relation}用手机扫这个码，{fullTime(one.expiresAt)} 前有效。能办：
            {one.scopes.map((scope) => wordOf(PROXY_SCOPE_PHRASES, scope)).join('、')}
          </p>
          <QRCode value={one.address} type="svg" color="#000000" bgColor="#ffffff" bordered={false} size={200} />
          <p className="num">编号 {one.number}</p>
        </>
      ) : (
        <p>{one.state === 'accepted' ? `${one.acceptedBy ?? ''} 已经接受，可以代办了` : '这个邀请码不能再用了'}</p>
      )}
      <div className="row">
        <Button onClick={() => void invitation.refetch()}>看看接受了没有</Button>
        <Button onClick={onClose}>收起</Button>
      </div>
    </div>
  )
}

function Paper({ id }: { id: string }) {
  const show = async () => {
    const url = URL.createObjectURL(await fetchFile(`/proxy-invitations/${id}/paper`))
    window.open(url, '_blank', 'noopener')
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
  }
  return (
    <button type="button" className="txt" onClick={() => void show()}>
      看授权书
    </button>
  )
}

function Acts({ elderId }: { elderId: string }) {
  const acts = useOne<{ items: ProxyAct[] }>(`/elders/${elderId}/proxy-acts?limit=10`)
  const items = acts.data?.items ?? []
  if (items.length === 0) return null
  return (
    <ul className="stack" style={{ gap: 8 }} aria-label="代办记录">
      {items.map((act) => (
        <li key={act.id} className="row num">
          <span className="t3">{fullTime(act.at)}</span>
          <span>
            {act.relation} {act.proxyName} 替 {act.elderName}：{PROXY_SCOPE_PHRASES[act.kind]}
          </span>
        </li>
      ))}
    </ul>
  )
}
