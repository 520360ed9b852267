import { CATEGORY_WORDS, EXIT_WORDS } from '../elder/words'
import { FUND_SOURCE_WORDS } from '../fund/rules'
import { MEMBER_STATE_WORDS } from '../member/words'
import { ORDER_STATE_WORDS } from '../order/words'
import { REDEMPTION_STATE_WORDS } from '../redemption/words'
import { SETTINGS } from '../region/settings'
import { ROLE_WORDS } from '../session/words'
import { NATURE_WORDS, VISIT_STATE_WORDS } from '../visit/words'

/** What the log of operations calls what people do, and to what. */
export const ACTION_WORDS: Record<string, string> = {
  add: '新增',
  addProxy: '加代办人',
  accepted: '接单',
  appoint: '任命',
  answer: '表态',
  approve: '审核通过',
  ask: '申请',
  asked: '提需求',
  assess: '能力评估',
  assigned: '派单',
  cancel: '取消',
  cancelled: '取消',
  change: '修改',
  changeStock: '进出货',
  checkIn: '开始服务',
  checkOut: '结束服务',
  close: '撤销',
  closeDay: '日结',
  confirm: '确认',
  consent: '登记同意',
  contact: '加联系人',
  end: '结束',
  endExit: '结束暂停',
  endTag: '结束类别',
  declare: '登记',
  give: '送出',
  propose: '提出',
  enrol: '登记',
  event: '登记新情况',
  exit: '登记暂停或退出',
  export: '导出',
  fulfil: '核销',
  givenBack: '退回接单',
  noShow: '失约',
  holdSilent: '超时没回应，暂停记分',
  homePoint: '定位',
  issue: '制牌',
  make: '生成',
  missCall: '电话没打通',
  move: '搬家',
  print: '打印',
  publish: '发布',
  pay: '确认付款',
  read: '查看档案',
  redeem: '兑换',
  reject: '不同意',
  replace: '换牌',
  return: '退回',
  reveal: '查看隐藏信息',
  reverse: '冲正',
  revoke: '作废',
  revokeProxy: '停止代办',
  scan: '扫码',
  set: '改设置',
  state: '改状态',
  sign: '定稿',
  submit: '提交',
  tag: '加类别',
  trainings: '改培训',
  withdraw: '撤回',
}

export const RESOURCE_WORDS: Record<string, string> = {
  certificate: '证明',
  elder: '老人',
  fundLine: '资金线',
  member: '志愿者',
  order: '需求单',
  plate: '门牌与卡',
  pointRequest: '积分申请',
  kin: '亲属登记',
  gift: '赠送捐赠',
  grantRound: '按规则发放',
  product: '兑换商品',
  redemption: '兑换',
  redemptionPoint: '兑换点',
  region: '区划',
  report: '报表',
  regionKind: '区划种类',
  requirement: '探访要求',
  scheme: '积分规则',
  service: '服务项目',
  setting: '设置',
  settlement: '结算单',
  staff: '岗位',
  visit: '服务记录',
}

/** What stands in the log before and after; a field that isn't here is a link to another row, and is left out. */
const FIELD_WORDS: Record<string, string> = {
  accuracyMetres: '定位精度（米）',
  active: '在用',
  address: '地址',
  budgetFen: '预算（分钱）',
  categories: '类别',
  category: '类别',
  change: '增减',
  channels: '方式',
  code: '代码',
  costFen: '成本（分钱）',
  counted: '计入',
  day: '日子',
  description: '说明',
  difficulty: '难度',
  field: '哪一项',
  fields: '改了',
  from: '从',
  fullName: '全称',
  holdHours: '保留（小时）',
  how: '方式',
  interval: '频次',
  key: '设置',
  kind: '种类',
  kinds: '种类',
  level: '级别',
  milliPoints: '分值（千分之一分）',
  minSeconds: '至少（秒）',
  month: '月份',
  name: '名称',
  nature: '性质',
  natures: '谁可以做',
  openingHours: '时间',
  perPeriod: '每期补到',
  period: '时期',
  phone: '电话',
  pieces: '件数',
  plannedSeconds: '大约（秒）',
  priority: '先后',
  priceMilliPoints: '价格（千分之一分）',
  reason: '理由',
  role: '岗位',
  scopes: '能办',
  servedSeconds: '时长（秒）',
  sortNo: '次序',
  source: '来源',
  state: '状态',
  tasks: '要做的事',
  textVersion: '文本版本',
  tierBelowAge: '不到（岁）',
  tierFromAge: '从（岁）',
  trainingNeeded: '先要培训',
  trainings: '培训',
  traits: '积分规则怎么看它',
  validFrom: '从',
  title: '名称',
  to: '到',
  validTo: '到',
  version: '版本',
  value: '值',
}

const VALUE_WORDS: Record<string, string> = {
  ...CATEGORY_WORDS,
  ...EXIT_WORDS,
  ...MEMBER_STATE_WORDS,
  ...ORDER_STATE_WORDS,
  ...REDEMPTION_STATE_WORDS,
  ...ROLE_WORDS,
  ...NATURE_WORDS,
  ...VISIT_STATE_WORDS,
  ...Object.fromEntries(Object.entries(SETTINGS).map(([key, { label }]) => [key, label])),
  ...{ true: '是', false: '否', null: '没有', none: '没有', other: '其他' },
  ...{ name: '姓名', phone: '电话', identityNo: '身份证号', address: '住址', birthDate: '出生日期', sex: '性别' },
  ...{ door: '门牌', card: '随身卡', point: '兑换点牌' },
  ...{ confirm: '代确认', ask: '代发需求', redeem: '代兑换' },
  ...{ service: '接受服务', identity: '登记身份信息', health: '登记健康情况', location: '使用位置' },
  ...{ app: '本人在手机上', paper: '纸质', guardian: '监护人同意', inPerson: '上门' },
  ...{ day: '每天', week: '每周', month: '每月', quarter: '每季度' },
  ...{ busy: '有事去不了', sick: '身体不舒服', weather: '天气不好', elderAway: '老人不在家' },
  ...{ notNeeded: '不需要了', mistake: '点错了', noHelper: '没有志愿者' },
  ...FUND_SOURCE_WORDS,
  ...{ goods: '物品', meal: '餐食', yuan: '抵现金' },
  ...{ gift: '送给家人', donation: '捐赠' },
  ...{ group: '集体活动', atSite: '在机构里做', organiser: '组织者' },
}

/** "状态 服务中，计入 是": one side of what an operation changed. */
export function sideWords(json: string | null): string {
  if (json === null) return '—'
  const side: unknown = JSON.parse(json)
  if (typeof side !== 'object' || side === null) return valueWords(side)
  const pairs = Object.entries(side).filter(([key]) => key in FIELD_WORDS)
  return pairs.length === 0 ? '—' : pairs.map(([key, value]) => `${FIELD_WORDS[key]} ${valueWords(value)}`).join('，')
}

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueWords).join('、')
  const text = String(value)
  return text
    .split(',')
    .map((one) => VALUE_WORDS[one] ?? one)
    .join('、')
}
