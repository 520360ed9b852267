/**
 * The catalogue of settings a region may carry. A value holds for the region and all below it, from a day on; the most
 * specific region wins, then the latest day. What is here as `standard` is used where nobody set anything.
 */
export type SettingSpec = { label: string; unit: string; help: string } & (
  | { kind: 'text'; standard: string }
  | { kind: 'number'; standard: number; least: number; most: number }
)

export const SETTINGS = {
  agencyName: { kind: 'text', standard: '睦邻互助服务中心', label: '主管单位', unit: '', help: '印在门牌和扫码页上' },
  hotline: { kind: 'text', standard: '12349', label: '服务热线', unit: '', help: '每一个走不通的页面上都有它' },
  pointsWord: { kind: 'text', standard: '爱心分', label: '积分叫法', unit: '', help: '界面上积分的名字' },
  visitSecondsMin: {
    kind: 'number',
    standard: 900,
    least: 0,
    most: 7200,
    label: '最短服务',
    unit: '秒',
    help: '短于它照样记录，标黄色 E04，不计入',
  },
  visitSecondsMax: {
    kind: 'number',
    standard: 14_400,
    least: 1800,
    most: 86_400,
    label: '最长服务',
    unit: '秒',
    help: '到点自动结束，标红色 E01',
  },
  nearMetres: {
    kind: 'number',
    standard: 200,
    least: 30,
    most: 5000,
    label: '离门牌的距离',
    unit: '米',
    help: '更远标黄色 E03，不会拦住',
  },
  silentHours: {
    kind: 'number',
    standard: 72,
    least: 1,
    most: 720,
    label: '老人没回应的时限',
    unit: '小时',
    help: '超过标黄色 E08，先不给积分',
  },
  correctHours: {
    kind: 'number',
    standard: 24,
    least: 1,
    most: 168,
    label: '老人改答案的时限',
    unit: '小时',
    help: '点错了可以改',
  },
  orderStaffHours: {
    kind: 'number',
    standard: 24,
    least: 1,
    most: 240,
    label: '没人接的需求',
    unit: '小时',
    help: '超过就进入社区派单名单',
  },
  orderOpenMax: {
    kind: 'number',
    standard: 5,
    least: 1,
    most: 50,
    label: '一位老人同时的需求',
    unit: '个',
    help: '防止误点',
  },
  offlineLateHours: {
    kind: 'number',
    standard: 24,
    least: 1,
    most: 240,
    label: '补传时限',
    unit: '小时',
    help: '更晚标黄色 E09',
  },
  clockSlackSeconds: {
    kind: 'number',
    standard: 300,
    least: 30,
    most: 3600,
    label: '手机时间误差',
    unit: '秒',
    help: '超过标黄色 E09',
  },
  pairVisitsMonthMax: {
    kind: 'number',
    standard: 20,
    least: 1,
    most: 200,
    label: '同一对一个月的次数',
    unit: '次',
    help: '超过标黄色 E06',
  },
  exitScanSeconds: {
    kind: 'number',
    standard: 600,
    least: 0,
    most: 3600,
    label: '扫码后多久内按「帮完了」',
    unit: '秒',
    help: '在这之内，服务中扫的门牌算作结束的凭证',
  },
  travelKmhMax: {
    kind: 'number',
    standard: 80,
    least: 10,
    most: 200,
    label: '两家之间最快',
    unit: '公里/小时',
    help: '更快标黄色 E14',
  },
  grantPointsMax: {
    kind: 'number',
    standard: 100,
    least: 0,
    most: 1_000_000,
    label: '一个人能发放的积分',
    unit: '分',
    help: '一次超过它要由第二个人批准',
  },
  manualPointsMonthMax: {
    kind: 'number',
    standard: 500,
    least: 0,
    most: 1_000_000,
    label: '每人每月手工记分',
    unit: '分',
    help: '加分减分都算，超过就不能再提',
  },
} as const satisfies Record<string, SettingSpec>

export type SettingKey = keyof typeof SETTINGS
export type SettingValues = { [K in SettingKey]: (typeof SETTINGS)[K] extends { kind: 'number' } ? number : string }
