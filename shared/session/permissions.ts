import type { Role } from './view'

/**
 * Who may do what: the whole truth. Routes, verbs, menu and buttons take their answer from here and keep no list of roles of
 * their own (test/architecture.test.ts). What people do with their own records (helper, elder, proxy) is said by the route
 * and judged by the noun's policy.
 */
export type Sight = 'none' | 'C1' | 'C2' | 'C3'
export type Level = 'village' | 'town' | 'county' | 'city' | 'point' | 'apart'
/** figures: no persons · people: persons, each field up to the class the role sees · rules: settings and words */
export type Fields = 'figures' | 'people' | 'rules' | 'log'
/** Where a row holds: the own region and all below it, one redemption point, or without a place. */
export type Reach = 'subtree' | 'point' | 'whole'

/** `rank`: how much a post decides. Nobody gives, ends or turns off one above the own. */
type Duty = { level: Level; rank: 1 | 2 | 3 | 4; duty: string; sight: Sight }
/** Four levels and their duties: the city sets, the county coordinates and funds, the town assigns, the village books. */
export const DUTIES: Record<Role, Duty> = {
  villageStaff: { level: 'village', rank: 1, duty: '登记、制牌、电话确认、录纸单', sight: 'C2' },
  townStaff: { level: 'town', rank: 2, duty: '派单、审核、第二人批准纸单、签月报', sight: 'C3' },
  townAuditor: { level: 'town', rank: 2, duty: '审核、处理红色异常和申诉、抽查', sight: 'C2' },
  countyAdmin: { level: 'county', rank: 3, duty: '统筹、出资、定规则、发放与冻结（两人）、签季报年报', sight: 'C3' },
  cityAdmin: { level: 'city', rank: 4, duty: '定标准、管市级资金、看汇总', sight: 'C1' },
  auditor: { level: 'apart', rank: 3, duty: '只看不写', sight: 'C2' },
  redemptionPoint: { level: 'point', rank: 1, duty: '只在自己的兑换点核销', sight: 'none' },
  systemAdmin: { level: 'apart', rank: 4, duty: '设置和后台任务，看不到任何人', sight: 'none' },
  securityAdmin: { level: 'apart', rank: 4, duty: '账号和岗位，看不到老人和积分', sight: 'C1' },
  auditAdmin: { level: 'apart', rank: 4, duty: '只看操作日志', sight: 'none' },
}

const DESK = ['villageStaff', 'townStaff', 'townAuditor', 'countyAdmin', 'cityAdmin', 'auditor'] as const
const REGISTRARS = ['villageStaff', 'townStaff', 'countyAdmin'] as const
const DECIDERS = ['townStaff', 'townAuditor', 'countyAdmin'] as const
const RED_DECIDERS = ['townAuditor', 'countyAdmin'] as const
const TOWN_UP = ['townStaff', 'countyAdmin'] as const
const COUNTY = ['countyAdmin'] as const
const COUNTY_UP = ['countyAdmin', 'cityAdmin'] as const
const POINT = ['redemptionPoint'] as const
const EVERYONE = [...DESK, ...POINT] as const
/** Three persons, who hold no other post and not each other's. */
export const APART = ['systemAdmin', 'securityAdmin', 'auditAdmin'] as const
const seesAtLeast = (...classes: readonly Sight[]) =>
  (Object.keys(DUTIES) as Role[]).filter((role) => classes.includes(DUTIES[role].sight))

export type Row = { what: string; roles: readonly Role[]; fields: Fields; reach: Reach }
const row = (what: string, roles: readonly Role[], fields: Fields = 'people', reach: Reach = 'subtree'): Row => ({
  ...{ what, roles, fields, reach },
})

export const PERMISSIONS = {
  'region.read': row('看区划和设置', [...EVERYONE, ...APART], 'rules'),
  'region.keep': row('增改撤区划', COUNTY_UP, 'rules'),
  'region.govern': row('改区划的设置、加区划种类', [...COUNTY, 'systemAdmin'], 'rules'),
  'region.map': row('上传、撤下地图', COUNTY, 'rules'),
  'person.class2': row('看电话、住址、出生日期和健康情况', seesAtLeast('C2', 'C3')),
  'person.class3': row('看证件号码（写用途，留痕）', seesAtLeast('C3')),
  'person.merge': row('合并重复的人（两人）', TOWN_UP),
  'dataRequest.read': row('看个人信息申请', [...REGISTRARS, 'auditor']),
  'dataRequest.keep': row('登记、办结更正申请', REGISTRARS),
  'dataRequest.erase': row('办结注销申请', TOWN_UP),
  'people.export': row(
    '导出名单（打码）',
    DESK.filter((role) => role !== 'cityAdmin'),
  ),
  'unmasked.read': row('看谁导出过不打码的名单', [...COUNTY, 'auditor'], 'log'),
  'unmasked.ask': row('申请、第二人同意不打码的导出', COUNTY),
  'text.judge': row('看居民写的文字，决定显示还是隐藏', TOWN_UP),
  'message.read': row('看消息发送', [...TOWN_UP, 'cityAdmin', 'auditor'], 'rules'),
  'message.keep': row('开关一种消息', COUNTY, 'rules'),
  'session.desk': row('登录后台、设密码和验证器', [...EVERYONE, ...APART], 'rules', 'whole'),
  'staff.read': row('看工作人员', [...TOWN_UP, 'cityAdmin', 'auditor', 'securityAdmin']),
  'staff.appoint': row('授予、结束岗位', [...COUNTY, 'securityAdmin']),
  'staff.access': row('停用、恢复账号，清掉密码和验证器，退出登录', [...COUNTY, 'securityAdmin']),
  'delegation.keep': row('把自己的岗位交给别人代一段时间', [
    ...DESK.filter((role) => role !== 'auditor'),
    'securityAdmin',
  ]),
  'jobs.read': row('看后台任务', ['systemAdmin'], 'rules', 'whole'),
  'service.read': row('看服务目录', DESK, 'rules'),
  'service.keep': row('增改服务项目', COUNTY, 'rules'),
  'member.read': row('看志愿者', DESK),
  'member.keep': row('登记志愿者、记培训', REGISTRARS),
  'member.suspend': row('暂停、恢复、退出志愿者', TOWN_UP),
  'credit.read': row('看信用等级、红黑名单', DESK),
  'credit.list': row('提请列入红黑名单', DECIDERS),
  'credit.decide': row('第二人决定列入、移出，处理名单申诉', RED_DECIDERS),
  'credit.rule': row('定评级办法、重新评级', COUNTY, 'rules'),
  'registry.read': row('看互助点、组织、培训奖励保险', DESK),
  'registry.keep': row('登记互助点、组织、培训奖励保险', REGISTRARS),
  'elder.read': row('看老人', DESK),
  'elder.keep': row('登记老人、改档案', REGISTRARS),
  'import.read': row('看导入过的表', DESK),
  'import.keep': row('导入、撤销导入', REGISTRARS),
  'plate.read': row('看门牌与卡', DESK),
  'plate.keep': row('制牌、换牌、作废、打印', REGISTRARS),
  'order.read': row('看需求单', DESK),
  'order.keep': row('代老人下单、派单、取消', REGISTRARS),
  'visit.read': row('看服务记录', DESK),
  'visit.keep': row('电话确认、回访、到户核查', REGISTRARS),
  'queue.upload': row('上传没有网络时做的事', [...REGISTRARS, ...POINT]),
  'paper.read': row('看纸单', DESK),
  'paper.enter': row('录纸单', ['villageStaff', 'townStaff']),
  'paper.approve': row('第二人批准纸单', ['townStaff']),
  'alarm.read': row('看求助', DESK),
  'alarm.keep': row('接求助、处理', REGISTRARS),
  'alarm.village': row('应答村一级的求助', ['villageStaff', 'townStaff']),
  'alarm.town': row('应答升到镇街的求助', TOWN_UP),
  'alarm.county': row('应答升到区县的求助', COUNTY),
  'anomaly.read': row('看异常线索', DESK),
  'anomaly.close': row('处理异常线索', DECIDERS),
  'complaint.read': row('看投诉', DESK),
  'complaint.keep': row('代老人投诉', REGISTRARS),
  'complaint.decide': row('核实投诉', RED_DECIDERS),
  'audit.read': row('看待审核、申诉、抽查、理由码', DESK),
  'reviewer.appoint': row('派四专员', COUNTY),
  'audit.sit': row('打开审核台', [...DECIDERS, 'auditor']),
  'audit.decide': row('通过、退回', DECIDERS),
  'audit.decideRed': row('处理红色异常和申诉，开抽查', RED_DECIDERS),
  'dictionary.keep': row('增停理由码、登记节假日', COUNTY, 'rules'),
  'requirement.read': row('看探访要求、覆盖、时长、安排', DESK),
  'requirement.rule': row('定探访要求', COUNTY, 'rules'),
  'requirement.village': row('村里没去看的，由谁知道', ['villageStaff', 'townStaff']),
  'requirement.town': row('报到镇街的没去看，由谁知道', TOWN_UP),
  'requirement.county': row('报到区县的没去看，由谁知道', COUNTY),
  'scheme.read': row('看积分规则', DESK, 'rules'),
  'scheme.write': row('写、发布积分规则（两人）', COUNTY, 'rules'),
  'points.read': row('看积分账户、流水、申请', DESK),
  'points.ask': row('提出积分申请', DECIDERS),
  'points.askGrant': row('申请发放、恢复、结算、导入余额', COUNTY),
  'points.askFreeze': row('申请冻结、解冻、冲正', RED_DECIDERS),
  'points.askMove': row('申请补记、销户、转区划', TOWN_UP),
  'clearing.read': row('看区县之间的往来', [...COUNTY_UP, 'auditor'], 'figures'),
  'closing.ask': row('登记老人去世或迁走，代家人请求销户', REGISTRARS),
  'points.decide': row('第二人批准积分申请', COUNTY),
  'points.grant': row('同意按规则发放', COUNTY),
  'kin.keep': row('核对后登记亲属', REGISTRARS),
  'giving.decide': row('同意一笔赠送', TOWN_UP),
  'ledger.read': row('看最近一次查账', DESK, 'figures', 'whole'),
  'ledger.leaves': row('下载日志内容', ['auditor']),
  'product.read': row('看兑换商品', DESK, 'rules'),
  'product.keep': row('增改兑换商品和兑换点', COUNTY, 'rules'),
  'product.stock': row('加减库存', TOWN_UP, 'rules'),
  'redemption.read': row('看兑换和结算', DESK),
  'redemption.atPoint': row('在自己的兑换点核销、日结', POINT, 'people', 'point'),
  'redemption.undo': row('冲正发错的', COUNTY),
  'settlement.keep': row('开结算单、确认付款（两人）', COUNTY, 'figures'),
  'fund.read': row('看资金线', DESK, 'figures'),
  'fund.keep': row('申请、批准资金线的修改（两人）', COUNTY_UP, 'figures'),
  'fund.keepCounty': row('管区县及以下的资金', COUNTY, 'figures'),
  'fund.keepCity': row('管市级资金', ['cityAdmin'], 'figures'),
  'certificate.read': row('看证明', DESK),
  'certificate.keep': row('开、撤销证明', REGISTRARS),
  'report.read': row('看工作台和报表', DESK, 'figures'),
  'report.make': row('生成报表', [...TOWN_UP, 'cityAdmin'], 'figures'),
  'report.signTown': row('签镇街月报', TOWN_UP, 'figures'),
  'report.signCounty': row('签区县报表', COUNTY, 'figures'),
  'report.signCity': row('签市级报表', ['cityAdmin'], 'figures'),
  'operation.read': row('看操作日志', [...TOWN_UP, 'auditor', 'auditAdmin'], 'log'),
} as const satisfies Record<string, Row>

export type Permission = keyof typeof PERMISSIONS

/**
 * What can't be taken back, or opens doors: whoever does it must have shown within a quarter of an hour who sits there. Asked
 * of every write that one of these lets through, before the verb is called.
 */
export const PROVED_ANEW: readonly Permission[] = [
  'staff.appoint',
  'staff.access',
  'person.merge',
  'dataRequest.erase',
  'unmasked.ask',
]

/** The roles that hold any of these permissions, in the region each is held for. */
export function can(...permissions: readonly Permission[]): readonly Role[] {
  const [only] = permissions
  if (permissions.length === 1 && only !== undefined) return PERMISSIONS[only].roles
  return [...new Set<Role>(permissions.flatMap((one) => PERMISSIONS[one].roles))]
}

/** Whether one of these posts holds the permission somewhere; over which place, the server asks. */
export function may(me: { roles: readonly { role: Role }[] }, permission: Permission): boolean {
  const roles: readonly Role[] = PERMISSIONS[permission].roles
  return me.roles.some(({ role }) => roles.includes(role))
}
