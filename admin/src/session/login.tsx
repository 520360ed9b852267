import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useEffect, useState } from 'react'
import { Navigate, useNavigate, useSearchParams } from 'react-router'
import type { Identity } from '../../../shared/session/view'
import { Icon } from '../components/icon'
import { Mark } from '../components/shell'
import { Loading, Refused } from '../components/states'
import { CallError, get } from '../core/call'
import { REQUIRED } from '../core/rules'
import { logIn, useHasSession } from '../core/session'
import { useAction } from '../core/use-action'

/**
 * Logging in at a desk: with the code a staff member's own phone shows. A demo community lists its people instead,
 * and the server offers them only there.
 */
export default function LoginPage() {
  const loggedIn = useHasSession()
  const [params] = useSearchParams()
  const identities = useQuery({ queryKey: ['/session/identities'], queryFn: findIdentities, retry: false })
  useEffect(() => {
    document.title = '登录 · 时间银行'
  }, [])
  if (loggedIn) return <Navigate to={safe(params.get('next'))} replace />
  return (
    <div className="door">
      <main className="card stack">
        <div className="row" style={{ gap: 12 }}>
          <span style={{ width: 40, display: 'grid' }}>
            <Mark />
          </span>
          <h1>时间银行管理后台</h1>
        </div>
        {identities.isPending && <Loading rows={5} />}
        {identities.isError && (
          <Refused failure={identities.error instanceof CallError ? identities.error.failure : null} />
        )}
        {identities.data && identities.data.length > 0 && <PickIdentity people={identities.data} />}
        {!identities.isPending && <DeskCode />}
        {!identities.isPending && <Password />}
      </main>
    </div>
  )
}

/** The demo people, or none where the server is no demo. */
async function findIdentities(): Promise<Identity[]> {
  try {
    const all = await get<Identity[]>('/session/identities')
    return all.filter(({ app }) => app === 'admin')
  } catch (error) {
    if (error instanceof CallError && error.status === 404) return []
    throw error
  }
}

/** Only a path of our own: a link from outside can't send the reader elsewhere after login. */
function safe(next: string | null): string {
  return next?.startsWith('/') && !next.startsWith('//') ? next : '/'
}

function useEnter() {
  const cache = useQueryClient()
  const navigate = useNavigate()
  const [params] = useSearchParams()
  return () => {
    cache.clear()
    navigate(safe(params.get('next')), { replace: true })
  }
}

function PickIdentity({ people }: { people: readonly Identity[] }) {
  const enter = useEnter()
  const { run, busy, failure } = useAction((identityId: string) => logIn('/session/demo', { identityId }), enter)
  return (
    <section className="stack" style={{ gap: 10 }}>
      <h2 style={{ fontSize: 16 }}>演示社区：选一个身份进入</h2>
      <ul className="people">
        {people.map(({ id, name, kindWord, regionName }) => (
          <li key={id}>
            <button type="button" disabled={busy} onClick={() => run(id)}>
              <i aria-hidden="true">{[...name][0]}</i>
              <span className="grow">
                <b className="strong">{name}</b>
                <br />
                <span className="t2 small">
                  {regionName} {kindWord}
                </span>
              </span>
              <Icon name="chevron" size={16} />
            </button>
          </li>
        ))}
      </ul>
      <Refused failure={failure} />
    </section>
  )
}

function DeskCode() {
  const enter = useEnter()
  const [code, setCode] = useState('')
  const { run, busy, failure } = useAction((digits: string) => logIn('/session/desk', { code: digits }), enter)
  return (
    <form
      className="stack"
      style={{ gap: 10 }}
      onSubmit={(event) => {
        event.preventDefault()
        run(code.replace(/\s/g, ''))
      }}
    >
      <h2 style={{ fontSize: 16 }}>用手机上的电脑登录码</h2>
      <p className="t2">
        在手机小程序里打开“我的 → 在电脑上办公”，要一个电脑登录码，把 8 位数字填到这里。只能用一次，过几分钟就失效。
      </p>
      <div className="row">
        <label htmlFor="desk-code" className="strong">
          登录码
        </label>
        <Input
          id="desk-code"
          style={{ width: 180 }}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={9}
          value={code}
          onChange={(event) => setCode(event.target.value)}
          aria-describedby={failure ? 'desk-code-refused' : undefined}
        />
        <Button type="primary" htmlType="submit" loading={busy} disabled={!/^\d{8}$/.test(code.replace(/\s/g, ''))}>
          登录
        </Button>
      </div>
      <div id="desk-code-refused">
        <Refused failure={failure} />
      </div>
    </form>
  )
}

/** For who has set a password on 登录安全. */
function Password() {
  const enter = useEnter()
  const [shown, setShown] = useState(false)
  const { run, busy, failure } = useAction((body: PasswordValues) => logIn('/session/password', body), enter)
  if (!shown)
    return (
      <Button type="link" style={{ alignSelf: 'flex-start', padding: 0 }} onClick={() => setShown(true)}>
        用密码和验证码登录
      </Button>
    )
  return (
    <section className="stack" style={{ gap: 10 }}>
      <h2 style={{ fontSize: 16 }}>用密码和验证码</h2>
      <Form<PasswordValues> layout="vertical" requiredMark={false} className="form" onFinish={run}>
        <Form.Item name="phone" label="电话" rules={REQUIRED}>
          <Input inputMode="tel" autoComplete="username" maxLength={20} />
        </Form.Item>
        <Form.Item name="password" label="密码" rules={REQUIRED}>
          <Input.Password autoComplete="current-password" maxLength={200} />
        </Form.Item>
        <Form.Item name="code" label="验证码" help="验证器上的 6 位数字，或者一个备用码" rules={REQUIRED}>
          <Input autoComplete="one-time-code" maxLength={20} />
        </Form.Item>
        <Refused failure={failure} />
        <Button type="primary" htmlType="submit" loading={busy}>
          登录
        </Button>
      </Form>
    </section>
  )
}

interface PasswordValues {
  phone: string
  password: string
  code: string
}
