import { createBrowserRouter, Link, Navigate, useLocation } from 'react-router'
import { Shell } from './components/shell'
import { Page } from './components/page'
import { Empty, Loading } from './components/states'
import { useHasSession } from './core/session'
import LoginPage from './session/login'

/** Comes back to the same place after login. */
function Guarded() {
  const loggedIn = useHasSession()
  const { pathname, search } = useLocation()
  const next = pathname === '/' && !search ? '' : `?next=${encodeURIComponent(pathname + search)}`
  return loggedIn ? <Shell /> : <Navigate to={`/login${next}`} replace />
}

function NoSuchPage() {
  return (
    <Page title="没有这一页">
      <Empty title="地址不对，或者这一页已经搬走了">
        <Link to="/">回到工作台</Link>
      </Empty>
    </Page>
  )
}

const page = (load: () => Promise<{ default: React.ComponentType }>) => ({ lazy: async () => ({ Component: (await load()).default }) })

export const router = createBrowserRouter(
  [
    { path: '/login', element: <LoginPage /> },
    {
      path: '/',
      element: <Guarded />,
      hydrateFallbackElement: <Loading />,
      children: [
        { index: true, ...page(() => import('./home/home')) },
        { path: '*', element: <NoSuchPage /> },
      ],
    },
  ],
  { basename: '/admin' },
)
