import { createBrowserRouter, Navigate, useLocation } from 'react-router'
import { Shell } from './components/shell'
import { Empty } from './components/states'
import { useHasSession } from './core/session'
import LoginPage from './session/login'

/** Comes back to the same place after login. */
function Guarded() {
  const loggedIn = useHasSession()
  const { pathname, search } = useLocation()
  const next = pathname === '/' && !search ? '' : `?next=${encodeURIComponent(pathname + search)}`
  return loggedIn ? <Shell /> : <Navigate to={`/login${next}`} replace />
}

const page = (load: () => Promise<{ default: React.ComponentType }>) => ({ lazy: async () => ({ Component: (await load()).default }) })

export const router = createBrowserRouter(
  [
    { path: '/login', element: <LoginPage /> },
    {
      path: '/',
      element: <Guarded />,
      children: [
        { index: true, ...page(() => import('./home/home')) },
        { path: '*', element: <Empty title="没有这一页" /> },
      ],
    },
  ],
  { basename: '/admin' },
)
