import { may, type Permission } from '../../shared/session/permissions'
import type { Me } from '../../shared/session/view'

export interface Entry {
  to: string
  icon: string
  label: string
  /** any of these opens it */
  may: readonly Permission[]
}

export interface Group {
  title: string | null
  entries: readonly Entry[]
}

const MENU: readonly Group[] = [
  {
    title: null,
    entries: [
      { to: '/', icon: 'home', label: '工作台', may: ['report.read'] },
      { to: '/audit', icon: 'audit', label: '核实审核', may: ['audit.sit'] },
      { to: '/appeals', icon: 'alert', label: '申诉', may: ['audit.sit'] },
      { to: '/spot-checks', icon: 'check-circle', label: '双随机抽查', may: ['audit.read'] },
      { to: '/reviewers', icon: 'family', label: '四专员', may: ['audit.read'] },
      { to: '/anomalies', icon: 'eye', label: '异常线索', may: ['audit.sit'] },
      { to: '/alarms', icon: 'siren', label: '热线接听', may: ['alarm.read'] },
      { to: '/complaints', icon: 'alert', label: '投诉', may: ['complaint.read'] },
      { to: '/calls', icon: 'phone', label: '电话回访', may: ['visit.keep'] },
      { to: '/site-visits', icon: 'place', label: '现场确认', may: ['visit.keep'] },
    ],
  },
  {
    title: '老人',
    entries: [
      { to: '/elders', icon: 'elder', label: '老人', may: ['elder.read'] },
      { to: '/coverage', icon: 'map-grid', label: '覆盖看板', may: ['requirement.read'] },
      { to: '/plan', icon: 'calendar', label: '探访安排', may: ['requirement.read'] },
      { to: '/area-events', icon: 'flame', label: '高温寒潮走访', may: ['requirement.read'] },
      { to: '/pairings', icon: 'family', label: '结对', may: ['elder.read'] },
      { to: '/supply', icon: 'place', label: '需求与供给', may: ['requirement.read'] },
      { to: '/hours', icon: 'clock', label: '要求与时长', may: ['requirement.read'] },
      { to: '/requirements', icon: 'flame', label: '探访要求', may: ['requirement.read'] },
      { to: '/plates', icon: 'qr', label: '门牌与卡', may: ['plate.read'] },
      { to: '/screens', icon: 'qr', label: '动态码大屏', may: ['plate.keep'] },
    ],
  },
  {
    title: '服务',
    entries: [
      { to: '/orders', icon: 'calendar', label: '需求单', may: ['order.read'] },
      { to: '/visits', icon: 'visits', label: '服务记录', may: ['visit.read'] },
      { to: '/papers', icon: 'table', label: '纸单补录', may: ['paper.read'] },
      { to: '/members', icon: 'me', label: '志愿者', may: ['member.read'] },
      { to: '/credit', icon: 'chart', label: '信用', may: ['credit.read'] },
      { to: '/records', icon: 'book', label: '培训奖励保险', may: ['registry.read'] },
      { to: '/ratings', icon: 'heart', label: '服务评价', may: ['visit.read'] },
      { to: '/corrections', icon: 'book', label: '记录更正', may: ['member.read'] },
      { to: '/organisations', icon: 'place', label: '互助点和组织', may: ['registry.read'] },
      { to: '/services', icon: 'broom', label: '服务目录', may: ['service.read'] },
    ],
  },
  {
    title: '积分',
    entries: [
      { to: '/schemes', icon: 'book', label: '积分规则', may: ['scheme.read'] },
      { to: '/ledger', icon: 'points', label: '积分流水', may: ['points.read'] },
      { to: '/point-requests', icon: 'heart', label: '申请与发放', may: ['points.read'] },
      { to: '/products', icon: 'gift', label: '兑换商品', may: ['product.read'] },
      { to: '/funds', icon: 'table', label: '资金', may: ['fund.read'] },
      { to: '/redemptions', icon: 'check-circle', label: '核销', may: ['redemption.read', 'redemption.atPoint'] },
      { to: '/settlements', icon: 'bill', label: '结算', may: ['redemption.read', 'redemption.atPoint'] },
    ],
  },
  {
    title: '报表',
    entries: [
      { to: '/reports', icon: 'chart', label: '报表', may: ['report.read'] },
      { to: '/unmasked-exports', icon: 'export', label: '不打码的导出', may: ['unmasked.read'] },
    ],
  },
  {
    title: '系统',
    entries: [
      { to: '/regions', icon: 'place', label: '区划设置', may: ['region.read'] },
      { to: '/reasons', icon: 'book', label: '理由码与节假日', may: ['audit.read'] },
      { to: '/staff', icon: 'family', label: '人员岗位', may: ['staff.read'] },
      { to: '/delegations', icon: 'route', label: '代班', may: ['delegation.keep', 'staff.read'] },
      { to: '/permissions', icon: 'table', label: '权限表', may: ['session.desk'] },
      { to: '/jobs', icon: 'clock', label: '后台任务', may: ['jobs.read'] },
      { to: '/merges', icon: 'family', label: '重复的人', may: ['person.merge'] },
      { to: '/data-requests', icon: 'book', label: '个人信息申请', may: ['dataRequest.read'] },
      { to: '/texts', icon: 'eye', label: '文字审查', may: ['text.judge'] },
      { to: '/messages', icon: 'bell', label: '消息发送', may: ['message.read'] },
      { to: '/security', icon: 'check-circle', label: '登录安全', may: ['session.desk'] },
      { to: '/operations', icon: 'eye', label: '操作日志', may: ['operation.read'] },
    ],
  },
]

/** What this person's roles open, in the order of the menu; groups without an entry fall away. */
export function menuFor(me: Me): Group[] {
  return MENU.map(({ title, entries }) => ({
    title,
    entries: entries.filter((one) => one.may.some((each) => may(me, each))),
  })).filter(({ entries }) => entries.length > 0)
}
