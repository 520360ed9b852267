import { Button } from 'antd'
import { createBrowserRouter, Link, Navigate, useLocation } from 'react-router'
import { Page } from './components/page'
import { Shell } from './components/shell'
import { Empty, Loading } from './components/states'
import { useHasSession } from './core/session'
import LoginPage from './session/login'

/** Comes back to the same place after login. */
function Guarded({ bare = false }: { bare?: boolean }) {
  const loggedIn = useHasSession()
  const { pathname, search } = useLocation()
  const next = pathname === '/' && !search ? '' : `?next=${encodeURIComponent(pathname + search)}`
  return loggedIn ? <Shell bare={bare} /> : <Navigate to={`/login${next}`} replace />
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

/** A page whose code didn't come, or that broke: said in words, with a way on. */
function Broken() {
  return (
    <main>
      <Empty icon="offline" title="这一页没能打开" next="可能网络断了，或者系统刚更新过。已经保存的都还在。">
        <Button type="primary" onClick={() => location.reload()}>
          再打开一次
        </Button>
      </Empty>
    </main>
  )
}

const page = (load: () => Promise<{ default: React.ComponentType }>) => ({
  lazy: async () => ({ Component: (await load()).default }),
})

/** A page that shows phones, addresses or health is marked with who looks and when. */
const marked = (load: () => Promise<{ default: React.ComponentType }>) => ({
  lazy: async () => {
    const [{ Marked }, { default: Shown }] = await Promise.all([import('./components/watermark'), load()])
    const Component = () => (
      <Marked>
        <Shown />
      </Marked>
    )
    return { Component }
  },
})

export const router = createBrowserRouter(
  [
    { path: '/login', element: <LoginPage />, errorElement: <Broken /> },
    {
      path: '/',
      element: <Guarded bare />,
      errorElement: <Broken />,
      children: [{ path: 'board', ...page(() => import('./home/board')) }],
    },
    {
      path: '/',
      element: <Guarded />,
      errorElement: <Broken />,
      hydrateFallbackElement: <Loading />,
      children: [
        { index: true, ...page(() => import('./home/home')) },
        { path: 'find', ...page(() => import('./home/find')) },
        { path: 'audit', ...page(() => import('./audit/audit')) },
        { path: 'appeals', ...page(() => import('./audit/appeals')) },
        { path: 'reasons', ...page(() => import('./audit/reasons')) },
        { path: 'reviewers', ...page(() => import('./audit/reviewers')) },
        { path: 'spot-checks', ...page(() => import('./audit/spot-checks')) },
        { path: 'spot-checks/:id', ...page(() => import('./audit/spot-check')) },
        { path: 'alarms', ...marked(() => import('./alarm/alarms')) },
        { path: 'anomalies', ...page(() => import('./anomaly/anomalies')) },
        { path: 'manual-share', ...page(() => import('./anomaly/manual-share')) },
        { path: 'complaints', ...page(() => import('./complaint/complaints')) },
        { path: 'calls', ...marked(() => import('./visit/calls')) },
        { path: 'site-visits', ...page(() => import('./visit/sites')) },
        { path: 'elders', ...page(() => import('./elder/elders')) },
        { path: 'elders/new', ...page(() => import('./elder/enrol')) },
        { path: 'imports', ...marked(() => import('./import/imports')) },
        { path: 'elders/:id', ...marked(() => import('./elder/elder')) },
        { path: 'coverage', ...page(() => import('./requirement/coverage')) },
        { path: 'plan', ...page(() => import('./requirement/plan')) },
        { path: 'area-events', ...page(() => import('./requirement/area-events')) },
        { path: 'area-events/:id', ...page(() => import('./requirement/area-event')) },
        { path: 'pairings', ...page(() => import('./pairing/pairings')) },
        { path: 'supply', ...page(() => import('./report/supply')) },
        { path: 'hours', ...page(() => import('./requirement/hours')) },
        { path: 'requirements', ...page(() => import('./requirement/requirements')) },
        { path: 'plates', ...page(() => import('./plate/plates')) },
        { path: 'screens', ...page(() => import('./plate/kiosk')) },
        { path: 'plate-batches', ...page(() => import('./plate/batches')) },
        { path: 'orders', ...page(() => import('./order/orders')) },
        { path: 'visits', ...marked(() => import('./visit/visits')) },
        { path: 'papers', ...marked(() => import('./paper/papers')) },
        { path: 'papers/new', ...page(() => import('./paper/enter')) },
        { path: 'members', ...page(() => import('./member/members')) },
        { path: 'members/new', ...page(() => import('./member/enrol')) },
        { path: 'members/:id/record', ...marked(() => import('./member/volunteer-record')) },
        { path: 'members/:id', ...marked(() => import('./member/member')) },
        { path: 'credit', ...page(() => import('./credit/credit')) },
        { path: 'credit/lists', ...page(() => import('./credit/lists')) },
        { path: 'credit/rules', ...page(() => import('./credit/rules')) },
        { path: 'credit/helpers/:id', ...page(() => import('./credit/helper')) },
        { path: 'credit/organisations/:id', ...page(() => import('./credit/organisation')) },
        { path: 'records', ...page(() => import('./registry/records')) },
        { path: 'ratings', ...page(() => import('./visit/ratings')) },
        { path: 'corrections', ...page(() => import('./member/corrections')) },
        { path: 'organisations', ...page(() => import('./registry/organisations')) },
        { path: 'services', ...page(() => import('./service/services')) },
        { path: 'schemes', ...page(() => import('./scheme/schemes')) },
        { path: 'schemes/:id', ...page(() => import('./scheme/draft')) },
        { path: 'ledger', ...page(() => import('./ledger/ledger')) },
        { path: 'point-requests', ...page(() => import('./ledger/requests')) },
        { path: 'accounts/:id', ...page(() => import('./ledger/account')) },
        { path: 'products', ...page(() => import('./redemption/products')) },
        { path: 'funds', ...page(() => import('./fund/funds')) },
        { path: 'funds/:id', ...page(() => import('./fund/fund')) },
        { path: 'settlements', ...page(() => import('./redemption/settlements')) },
        { path: 'redemptions', ...page(() => import('./redemption/redemptions')) },
        { path: 'reports', ...page(() => import('./report/reports')) },
        { path: 'reports/:id', ...page(() => import('./report/report')) },
        { path: 'unmasked-exports', ...page(() => import('./report/unmasked')) },
        { path: 'regions', ...page(() => import('./region/regions')) },
        { path: 'staff', ...marked(() => import('./member/staff')) },
        { path: 'delegations', ...page(() => import('./member/delegations')) },
        { path: 'permissions', ...page(() => import('./session/permissions')) },
        { path: 'jobs', ...page(() => import('./report/jobs')) },
        { path: 'merges', ...page(() => import('./member/merges')) },
        { path: 'data-requests', ...marked(() => import('./person/data-requests')) },
        { path: 'security', ...page(() => import('./session/security')) },
        { path: 'notices', ...page(() => import('./notice/notices')) },
        { path: 'messages', ...page(() => import('./message/messages')) },
        { path: 'texts', ...page(() => import('./text/texts')) },
        { path: 'operations', ...page(() => import('./report/operations')) },
        { path: '*', element: <NoSuchPage /> },
      ],
    },
  ],
  { basename: '/admin' },
)
