import { may } from '../../../shared/session/permissions'
import type { Tab } from '../components/tab-bar'
import { TabBar } from '../components/tab-bar'
import { go } from './go'
import { scanCode } from './scan-code'
import { useSession } from './session'

const ME = '/person/me'

const MEMBER_TABS: readonly Tab[] = [
  { title: '首页', icon: 'home', page: '/order/today' },
  { title: '服务', icon: 'visits', page: '/order/open' },
  { title: '积分', icon: 'points', page: '/ledger/points' },
  { title: '我的', icon: 'me', page: ME },
]
const STAFF_TABS: readonly Tab[] = [
  { title: '今日', icon: 'home', page: '/report/field' },
  { title: '老人', icon: 'elder', page: '/elder/list' },
  { title: '核实', icon: 'audit', page: '/visit/calls' },
  { title: '我的', icon: 'me', page: ME },
]

/** The tabs of whoever uses this phone: helpers have the scan disc, staff in the field have their four. */
export function Tabs({ current }: { current: string }) {
  const me = useSession()?.me ?? null
  const isDesk = me !== null && may(me, 'elder.read')
  // A helper who is on the staff too: the pages of the staff keep their own tabs.
  const isStaffPage = STAFF_TABS.some((tab) => tab.page === current && tab.page !== ME)
  if (me?.member && !(isDesk && isStaffPage)) return <TabBar tabs={MEMBER_TABS} current={current} onScan={scanPlate} />
  return isDesk ? <TabBar tabs={STAFF_TABS} current={current} /> : null
}

/** Opens the camera and then the page of what it read; whoever turns back stays where he is. */
export async function scanPlate(): Promise<void> {
  const code = await scanCode()
  if (code !== null) await go('/plate/code', { q: code })
}
