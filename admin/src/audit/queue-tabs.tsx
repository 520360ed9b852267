import { useEffect } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'
import type { QueueCounts } from '../../../shared/audit/view'
import { may } from '../../../shared/session/permissions'
import { Icon } from '../components/icon'
import { count } from '../core/format'
import { isTyping } from '../core/keys'
import { useScope } from '../core/scope'
import { useMe } from '../core/session'
import { useOne } from '../core/use-list'
import { isDialogOpen } from '../core/use-row-keys'

const TABS = [
  { key: 'waiting', label: '待审', tone: '', icon: null },
  { key: 'red', label: '红色', tone: 'bad', icon: 'alert' },
  { key: 'amber', label: '黄色', tone: 'warn', icon: 'warning' },
  { key: 'clean', label: '无异常', tone: 'ok', icon: 'check-circle' },
  { key: 'returned', label: '已退回', tone: '', icon: 'minus' },
] as const
const PAGES = [
  { key: 'appeals', to: '/appeals', label: '申诉' },
  { key: 'spot', to: '/spot-checks', label: '抽查' },
  { key: 'calls', to: '/calls', label: '回访' },
] as const
type Place = (typeof TABS)[number]['key'] | (typeof PAGES)[number]['key']

/** The eight queues of the desk, on each of their pages; [ and ] lead to the one before and after. */
export function QueueTabs({ here, from, to }: { here: Place; from?: string | undefined; to?: string | undefined }) {
  const me = useMe()
  const go = useNavigate()
  const { regionId } = useScope()
  const [params] = useSearchParams()
  const seesQueue = may(me, 'audit.sit')
  const counts = useOne<QueueCounts>(seesQueue ? '/audit/counts' : null, { from, to, regionId })
  const isOnQueue = TABS.some(({ key }) => key === here)
  const pathOf = (key: string) => {
    const page = PAGES.find((one) => one.key === key)
    const next = new URLSearchParams(isOnQueue ? params : {})
    for (const falling of ['cursor', 'page', 'open', 'state', 'tab']) next.delete(falling)
    if (page !== undefined) for (const falling of ['from', 'to', 'memberId', 'level']) next.delete(falling)
    const region = params.get('regionId')
    if (region !== null) next.set('regionId', region)
    if (page === undefined) next.set('tab', key)
    const query = next.toString()
    return `${page?.to ?? '/audit'}${query === '' ? '' : `?${query}`}`
  }
  const tabs = seesQueue ? TABS : []
  const pages = PAGES.filter(({ key }) => key === 'spot' || may(me, key === 'appeals' ? 'audit.sit' : 'visit.keep'))
  const all: string[] = [...tabs, ...pages].map(({ key }) => key)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || isDialogOpen()) return
      const by = event.key === ']' ? 1 : event.key === '[' ? -1 : 0
      const next = all[all.indexOf(here) + by]
      if (by !== 0 && next !== undefined) go(pathOf(next))
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
  const numberOf = (key: Place) => counts.data && key !== 'calls' && <b className="num">{count(counts.data[key])}</b>
  return (
    <nav className="queue-tabs no-print" aria-label="队列">
      {tabs.map(({ key, label, tone, icon }) => (
        <Link
          key={key}
          to={pathOf(key)}
          className={key === here ? 'on' : tone}
          aria-current={key === here ? 'page' : undefined}
        >
          {icon && <Icon name={icon} size={18} />}
          {label}
          {numberOf(key)}
        </Link>
      ))}
      {pages.map(({ key, label }) => (
        <Link
          key={key}
          to={pathOf(key)}
          className={key === here ? 'on' : ''}
          aria-current={key === here ? 'page' : undefined}
        >
          {label}
          {numberOf(key)}
        </Link>
      ))}
      <span className="keys">
        <kbd>[</kbd>
        <kbd>]</kbd>换队列
      </span>
    </nav>
  )
}
