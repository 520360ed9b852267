import { type ReactNode, useEffect } from 'react'
import { Link } from 'react-router'
import { Icon } from './icon'

interface PageProps {
  title: string
  /** A line of context beside the title: the period, the place. */
  note?: ReactNode
  back?: { to: string; label: string }
  actions?: ReactNode
  children: ReactNode
}

/** Title, what it covers, what can be done; and the browser's own title. */
export function Page({ title, note, back, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · 时间银行`
  }, [title])
  return (
    <>
      {back && (
        <nav className="no-print" aria-label="返回">
          <Link className="txt" to={back.to} style={{ marginLeft: -6 }}>
            <Icon name="back" size={16} />
            {back.label}
          </Link>
        </nav>
      )}
      <div className="ph">
        <h1>{title}</h1>
        {note && <span className="t3 num">{note}</span>}
        <span className="grow" />
        {actions && <div className="row no-print">{actions}</div>}
      </div>
      {children}
    </>
  )
}

export function Section({
  title,
  note,
  actions,
  children,
}: Omit<PageProps, 'back' | 'children'> & { children: ReactNode }) {
  return (
    <section className="card pad">
      <div className="ct" style={{ marginBottom: 8 }}>
        <h2>{title}</h2>
        {note && <span className="t3 small">{note}</span>}
        <span className="grow" />
        {actions}
      </div>
      {children}
    </section>
  )
}

export function Mid() {
  return <i className="mid">·</i>
}

export function Facts({ children }: { children: ReactNode }) {
  return <dl className="facts">{children}</dl>
}

/** A label and its value. Nothing is shown as a dash, never as an empty place. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children ?? '—'}</dd>
    </div>
  )
}
