import type { Me } from '../../shared/session/view'
import { may, type Power } from './core/powers'

export interface Entry {
  to: string
  icon: string
  label: string
  power: Power
}

export interface Group {
  title: string | null
  entries: readonly Entry[]
}

const MENU: readonly Group[] = [
  {
    title: null,
    entries: [
      { to: '/', icon: 'home', label: '工作台', power: 'look' },
      { to: '/audit', icon: 'audit', label: '核实审核', power: 'seeQueue' },
      { to: '/appeals', icon: 'alert', label: '申诉', power: 'seeQueue' },
      { to: '/spot-checks', icon: 'check-circle', label: '双随机抽查', power: 'look' },
      { to: '/anomalies', icon: 'eye', label: '异常线索', power: 'seeQueue' },
      { to: '/alarms', icon: 'siren', label: '热线接听', power: 'lookAtPeople' },
      { to: '/complaints', icon: 'alert', label: '投诉', power: 'look' },
      { to: '/calls', icon: 'phone', label: '电话回访', power: 'order' },
    ],
  },
  {
    title: '老人',
    entries: [
      { to: '/elders', icon: 'elder', label: '老人', power: 'lookAtPeople' },
      { to: '/coverage', icon: 'map-grid', label: '覆盖看板', power: 'look' },
      { to: '/plan', icon: 'calendar', label: '探访安排', power: 'look' },
      { to: '/hours', icon: 'clock', label: '要求与时长', power: 'look' },
      { to: '/requirements', icon: 'flame', label: '探访要求', power: 'look' },
      { to: '/plates', icon: 'qr', label: '门牌与卡', power: 'lookAtPeople' },
    ],
  },
  {
    title: '服务',
    entries: [
      { to: '/orders', icon: 'calendar', label: '需求单', power: 'lookAtPeople' },
      { to: '/visits', icon: 'visits', label: '服务记录', power: 'lookAtPeople' },
      { to: '/papers', icon: 'table', label: '纸单补录', power: 'lookAtPeople' },
      { to: '/members', icon: 'me', label: '志愿者', power: 'lookAtPeople' },
      { to: '/records', icon: 'book', label: '培训奖励保险', power: 'lookAtPeople' },
      { to: '/organisations', icon: 'place', label: '互助点和组织', power: 'look' },
      { to: '/services', icon: 'broom', label: '服务目录', power: 'lookAtPeople' },
    ],
  },
  {
    title: '积分',
    entries: [
      { to: '/schemes', icon: 'book', label: '积分规则', power: 'look' },
      { to: '/ledger', icon: 'points', label: '积分流水', power: 'lookAtPeople' },
      { to: '/point-requests', icon: 'heart', label: '申请与发放', power: 'lookAtPeople' },
      { to: '/products', icon: 'gift', label: '兑换商品', power: 'lookAtPeople' },
      { to: '/funds', icon: 'table', label: '资金', power: 'look' },
      { to: '/redemptions', icon: 'check-circle', label: '核销', power: 'seeRedemptions' },
      { to: '/settlements', icon: 'bill', label: '结算', power: 'seeRedemptions' },
    ],
  },
  {
    title: '报表',
    entries: [
      { to: '/reports', icon: 'chart', label: '报表', power: 'look' },
      { to: '/unmasked-exports', icon: 'export', label: '不打码的导出', power: 'seeUnmasked' },
    ],
  },
  {
    title: '系统',
    entries: [
      { to: '/regions', icon: 'place', label: '区划设置', power: 'look' },
      { to: '/reasons', icon: 'book', label: '理由码与节假日', power: 'look' },
      { to: '/staff', icon: 'family', label: '人员岗位', power: 'seeStaff' },
      { to: '/data-requests', icon: 'book', label: '个人信息申请', power: 'seeDataRequests' },
      { to: '/messages', icon: 'bell', label: '消息发送', power: 'seeMessages' },
      { to: '/security', icon: 'check-circle', label: '登录安全', power: 'seeRedemptions' },
      { to: '/operations', icon: 'eye', label: '操作日志', power: 'seeLog' },
    ],
  },
]

/** What this person's roles open, in the order of the menu; groups without an entry fall away. */
export function menuFor(me: Me): Group[] {
  return MENU.map(({ title, entries }) => ({ title, entries: entries.filter(({ power }) => may(me, power)) })).filter(
    ({ entries }) => entries.length > 0,
  )
}
