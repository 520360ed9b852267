import { Button } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { Link } from 'react-router'
import { CallError } from '../core/call'
import { failureFrom } from '../core/use-action'
import { Icon } from './icon'

/** Bones after 300 ms (a quick answer should not flicker); after 5 s a word about the network. */
export function Loading({ rows = 6 }: { rows?: number | undefined }) {
  const [stage, setStage] = useState(0)
  useEffect(() => {
    const timers = [setTimeout(() => setStage(1), 300), setTimeout(() => setStage(2), 5000)]
    return () => timers.forEach(clearTimeout)
  }, [])
  return (
    <div role="status" aria-live="polite">
      <span className="sr">正在打开</span>
      {stage > 0 && (
        <div className="bones" aria-hidden="true">
          {Array.from({ length: rows }, (_, at) => (
            <i key={String(at)} style={{ width: `${96 - (at % 3) * 14}%` }} />
          ))}
        </div>
      )}
      {stage === 2 && (
        <p className="t3 small" style={{ padding: '0 18px 14px' }}>
          网络有点慢，还在等服务器回答
        </p>
      )}
    </div>
  )
}

interface EmptyProps {
  icon?: string
  title: string
  /** What comes here, or what to do. */
  next?: string
  children?: ReactNode
}

/** Why there is nothing, and the way on. */
export function Empty({ icon = 'search', title, next, children }: EmptyProps) {
  return (
    <div className="state">
      <span className="disc">
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      {next && <p className="t3">{next}</p>}
      {children}
    </div>
  )
}

/** What happened, what to do, and whom to ask. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const failure = failureFrom(error)
  if (error instanceof CallError && error.status === 403)
    return (
      <div role="alert">
        <NoPermission sentence={failure.sentence} />
      </div>
    )
  const missing = error instanceof CallError && error.status === 404
  return (
    <div role="alert">
      <Empty icon={missing ? 'search' : 'offline'} title={failure.sentence}>
        {missing && <p className="t3">可能已经移走，或者不在您管的区划里。</p>}
        {!missing && retry && <Button onClick={retry}>再试一次</Button>}
        {failure.requestId && <p className="t3 small num">报修时请报这个编号：{failure.requestId}</p>}
      </Empty>
    </div>
  )
}

/** What stands where an answer will be: bones while it comes, why not when it failed. */
export function Unread({ of, rows }: { of: { error: unknown; refetch: () => unknown }; rows?: number }) {
  return of.error ? <Failed error={of.error} retry={() => void of.refetch()} /> : <Loading rows={rows} />
}

export function NoPermission({ sentence }: { sentence?: string }) {
  return (
    <Empty icon="eye" title={sentence ?? '您的岗位不能看这一页'}>
      <p className="t3">需要时，请县级管理员在“人员岗位”里加上岗位。</p>
    </Empty>
  )
}

/** A refusal, beside the button that asked for it. */
export function Refused({ failure }: { failure: { code?: string; sentence: string; requestId?: string } | null }) {
  if (failure === null) return null
  return (
    <p className="note bad row" role="alert">
      <Icon name="alert" size={18} />
      <span>{failure.sentence}</span>
      {failure.code === 'PROOF_NEEDED' && (
        <span>
          在 <Link to="/security">登录安全</Link> 里再验证；没有设密码的，退出后重新登录。
        </span>
      )}
    </p>
  )
}
