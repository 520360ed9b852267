import { useQueryClient } from '@tanstack/react-query'
import { Badge, Drawer, Dropdown, Popover } from 'antd'
import { Suspense, useEffect, useRef, useState } from 'react'
import { Link, NavLink, Outlet, useLocation, useNavigate } from 'react-router'
import type { RegionDetail } from '../../../shared/region/view'
import { isTyping } from '../core/keys'
import { useScope, useScoped } from '../core/scope'
import { logOut, MeContext, useMe, useWhoIAm } from '../core/session'
import { useFace } from '../core/theme'
import { useUnread } from '../core/unread'
import { useOne } from '../core/use-list'
import { ROLE_WORDS } from '../core/words'
import { menuFor } from '../menu'
import { Icon } from './icon'
import { Key } from './key'
import { RegionTree } from './region-tree'
import { Loading, Unread } from './states'

/** Everything around a page: who I am, where I look, where I can go. `bare`: who I am alone, for a big screen. */
export function Shell({ bare = false }: { bare?: boolean }) {
  const who = useWhoIAm(true)
  if (!who.data) return <Unread of={who} />
  if (bare)
    return (
      <MeContext.Provider value={who.data}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </MeContext.Provider>
    )
  return (
    <MeContext.Provider value={who.data}>
      <a className="skip" href="#main">
        跳到内容
      </a>
      <div className="shell">
        <TopBar />
        <aside className="side">
          <Menu />
        </aside>
        <main className="main" id="main" tabIndex={-1}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
    </MeContext.Provider>
  )
}

function TopBar() {
  const [menuOpen, setMenuOpen] = useState(false)
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawer closes when the page changes
  useEffect(() => setMenuOpen(false), [pathname])
  return (
    <header className="topbar">
      <button
        type="button"
        className="ib hamburger"
        aria-label="打开菜单"
        aria-expanded={menuOpen}
        onClick={() => setMenuOpen(true)}
      >
        <Icon name="table" />
      </button>
      <Drawer open={menuOpen} onClose={() => setMenuOpen(false)} placement="left" size={264} title="菜单">
        <Menu />
      </Drawer>
      <Link className="brand" to="/" aria-label="时间银行，回到工作台">
        <Mark />
        <span>时间银行</span>
      </Link>
      <ScopePicker />
      <Find />
      <Bell />
      <ThemeSwitch />
      <Identity />
    </header>
  )
}

export function Mark() {
  return (
    <svg viewBox="0 0 28 28" fill="none" aria-hidden="true">
      <rect width="28" height="28" rx="8" fill="var(--primary)" />
      <circle cx="14" cy="14" r="8" stroke="#fff" strokeWidth="1.8" />
      <path d="M14 18.2c-2.8-1.9-4-3.2-4-4.8a2 2 0 0 1 4-.8 2 2 0 0 1 4 .8c0 1.6-1.2 2.9-4 4.8Z" fill="#fff" />
    </svg>
  )
}

function Menu() {
  const me = useMe()
  const scoped = useScoped()
  const { pathname } = useLocation()
  const menu = useRef<HTMLElement>(null)
  // The menu is longer than the screen: where one is must be in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked for again on every page
  useEffect(() => {
    menu.current?.querySelector('a.on')?.scrollIntoView({ block: 'nearest' }) // answers with a promise in newer browsers
  }, [pathname])
  return (
    <nav ref={menu} className="menu" aria-label="主菜单">
      {menuFor(me).map(({ title, entries }) => (
        <div key={title ?? 'first'}>
          {title && <h2>{title}</h2>}
          {entries.map(({ to, icon, label }) => (
            <NavLink key={to} to={scoped(to)} end={to === '/'} className={({ isActive }) => (isActive ? 'on' : '')}>
              <Icon name={icon} />
              {label}
            </NavLink>
          ))}
        </div>
      ))}
    </nav>
  )
}

function ScopePicker() {
  const { regionId, home, chosen } = useScope()
  const { pathname } = useLocation()
  const [open, setOpen] = useState(false)
  const region = useOne<RegionDetail>(chosen ? `/regions/${regionId}` : null)
  const name = chosen ? (region.data?.name ?? '…') : home.regionName
  if (!home.regionId) return null
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      content={
        <div style={{ width: 300, maxHeight: '70vh', overflowY: 'auto' }}>
          <RegionTree
            root={{ id: home.regionId, name: home.regionName }}
            current={regionId}
            linkTo={(id) => (id === home.regionId ? pathname : `${pathname}?regionId=${id}`)}
            onPick={() => setOpen(false)}
          />
        </div>
      }
    >
      <button type="button" className="scope" aria-label={`区划：${name}`} aria-expanded={open}>
        <Icon name="place" size={18} />
        <span>{name}</span>
        <Icon name="chevron-down" size={16} />
      </button>
    </Popover>
  )
}

function Find() {
  const navigate = useNavigate()
  const scoped = useScoped()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || isTyping(event)) return
      event.preventDefault()
      input.current?.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  return (
    <search style={{ display: 'contents' }}>
      <form
        className="find"
        onSubmit={(event) => {
          event.preventDefault()
          if (text.trim()) navigate(scoped(`/find?q=${encodeURIComponent(text.trim())}`))
        }}
      >
        <Icon name="search" size={18} />
        <input
          ref={input}
          value={text}
          onChange={(event) => setText(event.target.value)}
          maxLength={30}
          aria-label="找老人、志愿者：拼音首字母、门牌号或电话"
          placeholder="拼音首字母、门牌号、电话"
        />
        <Key>/</Key>
      </form>
    </search>
  )
}

/** How much waits to be read; asked again every minute and whenever the page changes. */
function Bell() {
  const { pathname } = useLocation()
  const unread = useUnread(pathname)
  const words = unread === 0 ? '消息' : `消息，${unread} 条没看`
  return (
    <Link className="ib" to="/notices" aria-label={words} title={words}>
      <Badge count={unread} size="small" color="var(--danger)">
        <Icon name="bell" />
      </Badge>
    </Link>
  )
}

function ThemeSwitch() {
  const { face, choose } = useFace()
  const next = face === 'dark' ? 'light' : 'dark'
  return (
    <button
      type="button"
      className="ib"
      aria-label={next === 'dark' ? '换成深色' : '换成浅色'}
      title={next === 'dark' ? '换成深色' : '换成浅色'}
      onClick={() => choose(next)}
    >
      <Icon name="sun" />
    </button>
  )
}

function Identity() {
  const me = useMe()
  const navigate = useNavigate()
  const cache = useQueryClient()
  const word = me.roles[0] ? ROLE_WORDS[me.roles[0].role] : '没有管理岗位'

  async function leave(): Promise<void> {
    await logOut().catch(() => {})
    cache.clear()
    navigate('/login')
  }

  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          ...me.roles.map(({ role, regionName }, at) => ({
            key: `role-${String(at)}`,
            label: `${regionName} ${ROLE_WORDS[role]}`,
            disabled: true,
          })),
          { key: 'leave', label: me.demo ? '换一个身份' : '退出登录' },
        ],
        onClick: ({ key }) => key === 'leave' && leave(),
      }}
    >
      <button type="button" className="me">
        <i aria-hidden="true">{[...me.name][0]}</i>
        <span>
          <b>{me.name}</b>
          <small>{word}</small>
        </span>
      </button>
    </Dropdown>
  )
}
