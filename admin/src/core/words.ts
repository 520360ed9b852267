/** Every code the API sends and the Chinese word for it; what this file doesn't know is shown as it came. */
import { ABILITY_WORDS, CATEGORY_WORDS, EVENT_WORDS, EXIT_WORDS } from '../../../shared/elder/words'
import { ROLE_WORDS } from '../../../shared/session/words'
import { NATURE_WORDS } from '../../../shared/visit/words'

export { SEX_WORDS } from '../../../shared/person/words'
export { ABILITY_WORDS, CATEGORY_WORDS, EVENT_WORDS, EXIT_WORDS, NATURE_WORDS, ROLE_WORDS }

/** Names of what the clock starts; one that is new shows its code. */
export const JOB_WORDS: Record<string, string> = {
  closeLongVisits: '结束忘了签退的服务',
  holdSilent: '没有人回答的，先不记分',
  escalateAlarms: '求助没人接，报上一级',
  findAnomalies: '找异常线索',
  drawCalls: '抽回访名单',
  expireRedemptions: '兑换过期退回',
  expirePoints: '积分到期',
  remindExpiring: '积分快到期的提醒',
  proposeGrants: '按规则发放，等人同意',
  releasePayments: '退回没用的预付积分',
  freezeComplained: '投诉期间冻结',
  tellUnattended: '没人接的需求告诉社区',
  repayAdvances: '还透支',
  rollCoverage: '更新覆盖数字',
  checkCoverage: '核对覆盖数字',
  applyRegionChanges: '区划到日子改名改隶属',
  remindEnding: '保险和协议快到期的提醒',
  makeReports: '生成报表',
  signCheckpoints: '给账本日志签名',
  rotateKeys: '换密钥',
  sweepKeys: '清掉用不着的密钥',
  tellChallenges: '中途请再扫一次',
  gradeCredit: '评信用等级',
  climbLadder: '该去没去，报上一级',
  climbEvents: '一片的走访没去，报上一级',
  remindAgreements: '结对该签协议的提醒',
  auditNightly: '每夜查账',
  sealLogs: '把账写进日志',
  expireExports: '不打码的导出过期',
  sendMessages: '发消息',
  checkTexts: '送微信查文字',
  forgetAnswers: '删掉到期的回执',
  forgetPlaces: '删掉到期的位置',
  forgetPictures: '删掉到期的照片',
  forgetNotes: '删掉到期的手写说明',
  forgetTexts: '删掉查过的文字记录',
  forgetMessages: '删掉到期的发送记录',
  forgetRequests: '删掉到期的申请原话',
  forgetDrafts: '删掉到期的草稿',
  forgetScreens: '删掉到期的动态码',
  forgetNotices: '删掉到期的消息',
  forgetSessions: '删掉到期的登录',
  forgetJobs: '删掉做完的任务',
}

export const PLATE_KIND_WORDS: Record<string, string> = {
  door: '门牌',
  card: '随身卡',
  point: '兑换点牌',
  bed: '床位牌',
  site: '站点牌',
}
export const CONSENT_WORDS: Record<string, string> = {
  service: '接受服务',
  identity: '登记身份信息',
  health: '登记健康情况',
  location: '使用位置',
  proxy: '家人代办',
}
export const CONSENT_HOW_WORDS: Record<string, string> = {
  app: '本人在手机上',
  paper: '本人签字（纸质）',
  phone: '电话同意',
  guardian: '监护人同意',
}
export const PROXY_SCOPE_WORDS: Record<string, string> = { confirm: '代确认', ask: '代发需求', redeem: '代兑换' }
export const ORDER_ORIGIN_WORDS: Record<string, string> = { elder: '老人', proxy: '家人', staff: '社区' }
export const WANTED_TIME_WORDS: Record<string, string> = { morning: '上午', afternoon: '下午', any: '都可以' }
export const INTERVAL_WORDS: Record<string, string> = { week: '每周', month: '每月', quarter: '每季度', day: '每天' }

/** The word for a code, or the code itself: better strange than missing. */
export function wordOf(words: Readonly<Record<string, string>>, code: string | null | undefined): string {
  return code === null || code === undefined ? '—' : (words[code] ?? code)
}

export function optionsOf(words: Readonly<Record<string, string>>): { value: string; label: string }[] {
  return Object.entries(words).map(([value, label]) => ({ value, label }))
}

/** 2026-11-20 to today in words a table can hold: [from, to], the end open. */
export function spanWords(from: string, to: string | null): string {
  return to === null ? `${from} 起` : `${from} 至 ${to}`
}

export const ORDER_EVENT_WORDS: Record<string, string> = {
  asked: '提出需求',
  accepted: '志愿者接单',
  assigned: '社区派单',
  givenBack: '去不了，退回',
  noShow: '失约，没有去',
  market: '没有人接，请了市场服务',
  cancelled: '取消',
  done: '完成',
  unattended: '超时没人接',
}
export const ORDER_REASON_WORDS: Record<string, string> = {
  notNeeded: '不需要了',
  mistake: '点错了',
  elderAway: '老人不在家',
  noHelper: '没有志愿者',
  other: '其他',
  busy: '有事去不了',
  sick: '身体不舒服',
  weather: '天气不好',
}

export { TRANSACTION_WORDS } from '../../../shared/ledger/words'
export { MEMBER_KIND_WORDS, MEMBER_STATE_WORDS } from '../../../shared/member/words'
export { ORDER_STATE_WORDS } from '../../../shared/order/words'
export { MEAL_WORDS, PERIOD_WORDS, PRODUCT_KIND_WORDS, REDEMPTION_STATE_WORDS } from '../../../shared/redemption/words'
