import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, QRCode } from 'antd'
import { useState } from 'react'
import type { z } from 'zod'
import type { loginSetupView, loginSetView, SecurityView, SessionView } from '../../../shared/session/view'
import { type Column, DataTable } from '../components/data-table'
import { FormDialog } from '../components/form'
import { Page } from '../components/page'
import { Empty, Failed, Loading, Refused } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { fullTime } from '../core/format'
import { REQUIRED } from '../core/rules'
import { useAction, useTell } from '../core/use-action'
import { useOne } from '../core/use-list'

type Setup = z.infer<typeof loginSetupView>
type Set = z.infer<typeof loginSetView>
const HOW_WORDS: Record<SessionView['how'], string> = {
  wechat: '手机',
  desk: '电脑登录码',
  password: '密码和验证码',
  demo: '演示身份',
}

/** 登录安全: password and authenticator, recovery codes, and where I am logged in. */
export default function SecurityPage() {
  const security = useOne<SecurityView>('/sessions')
  return (
    <Page title="登录安全" note="只管您自己的登录">
      {security.isError && <Failed error={security.error} retry={() => security.refetch()} />}
      {security.isPending && <Loading />}
      {security.data && (
        <>
          <Login security={security.data} />
          <Sessions rows={security.data.sessions} />
        </>
      )}
    </Page>
  )
}

function Login({ security: { hasLogin, recoveryCodesLeft } }: { security: SecurityView }) {
  const cache = useQueryClient()
  const tell = useTell()
  const [setup, setSetup] = useState<Setup | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const [proving, setProving] = useState(false)
  const begin = useAction(() => post<Setup>('/session/login-setup', {}), setSetup)
  return (
    <section className="card stack" style={{ maxWidth: 640, marginBottom: 20 }}>
      <h2>密码和验证器</h2>
      {hasLogin ? (
        <p>
          已经设好。备用码还有 <b className="nb">{recoveryCodesLeft} 个</b>。
        </p>
      ) : (
        <p className="t2">还没有设。设好以后，不用手机上的登录码也能登录，但每次都要验证器上的 6 位数字。</p>
      )}
      {codes !== null && <RecoveryCodes codes={codes} />}
      <div className="row">
        <Button type="primary" loading={begin.busy} onClick={() => begin.run()}>
          {hasLogin ? '重新设' : '现在就设'}
        </Button>
        {hasLogin && <Button onClick={() => setProving(true)}>再验证一次</Button>}
      </div>
      <Refused failure={begin.failure} />
      <FormDialog<{ password: string; code: string }, Set>
        title="设密码和验证器"
        open={setup !== null}
        onClose={() => setSetup(null)}
        submit={(values) => post('/session/login', { ticket: setup?.ticket, ...values })}
        done={({ recoveryCodes }) => {
          setCodes(recoveryCodes)
          cache.invalidateQueries({ queryKey: ['/sessions'] })
        }}
        note={setup === null ? null : <App setup={setup} />}
      >
        <Form.Item name="code" label="验证器上的 6 位数字" rules={REQUIRED}>
          <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
        </Form.Item>
        <Form.Item name="password" label="新密码" help="12 位以上，几个词连成一句话最好记" rules={REQUIRED}>
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
      </FormDialog>
      <FormDialog<{ password: string; code: string }, unknown>
        title="再验证一次是您本人"
        open={proving}
        okText="验证"
        onClose={() => setProving(false)}
        submit={(values) => post('/session/proof', values)}
        done={() => tell('验证过了，15 分钟内有效')}
      >
        <Form.Item name="password" label="密码" rules={REQUIRED}>
          <Input.Password autoComplete="current-password" maxLength={200} />
        </Form.Item>
        <Form.Item name="code" label="验证码" rules={REQUIRED}>
          <Input autoComplete="one-time-code" maxLength={20} />
        </Form.Item>
      </FormDialog>
    </section>
  )
}

/** What the authenticator reads, and the same to type in. */
function App({ setup }: { setup: Setup }) {
  return (
    <div className="stack" style={{ marginBottom: 14 }}>
      <p>先用手机上的验证器扫这个码；扫不了就把下面的字母填进去。</p>
      <QRCode value={setup.uri} type="svg" color="#000000" bgColor="#ffffff" bordered={false} />
      <code style={{ overflowWrap: 'anywhere' }}>{setup.secret.replace(/(.{4})/g, '$1 ')}</code>
    </div>
  )
}

function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  return (
    <div className="stack" role="status">
      <p>
        <b>备用码只显示这一次。</b>抄下来锁好：手机丢了，每个能登录一次。
      </p>
      <ul style={{ columns: 2, fontFamily: 'monospace' }}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
    </div>
  )
}

function Sessions({ rows }: { rows: readonly SessionView[] }) {
  const cache = useQueryClient()
  const end = useAction(
    (id: string) => post(`/sessions/${id}/revocation`, {}),
    () => cache.invalidateQueries({ queryKey: ['/sessions'] }),
  )
  const columns: Column<SessionView>[] = [
    {
      key: 'how',
      title: '怎么登录的',
      fixed: true,
      render: (one) => <span className="strong">{HOW_WORDS[one.how]}</span>,
    },
    { key: 'from', title: '从什么时候', render: (one) => <span className="nb">{fullTime(one.createdAt)}</span> },
    { key: 'last', title: '最近一次', render: (one) => <span className="nb">{fullTime(one.lastAt)}</span> },
    {
      key: 'acts',
      title: '操作',
      fixed: true,
      render: (one) =>
        one.isThis ? (
          <Status tone="ok">就是这里</Status>
        ) : (
          <button
            type="button"
            className="txt danger"
            aria-label={`退出 ${fullTime(one.createdAt)} 的登录`}
            onClick={() => end.run(one.id)}
          >
            退出
          </button>
        ),
    },
  ]
  return (
    <>
      <Refused failure={end.failure} />
      <DataTable
        name="sessions"
        label="在哪里登录着"
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        loading={end.busy}
        empty={<Empty icon="check-circle" title="没有别的登录" next="只在这台电脑上登录着。" />}
      />
    </>
  )
}
