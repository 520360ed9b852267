import { pointsText, yuanText } from '../../../shared/core/amounts'
import { spanText } from '../../../shared/scheme/rules'
import { REDEMPTION_WORDS, RELATION_WORDS } from '../../../shared/scheme/words'
import { NATURE_WORDS } from '../core/words'
import { type Schema, unitOf } from './schema'

/** The word for each code a scheme may hold. */
export const CODE_WORDS: Readonly<Record<string, string>> = {
  ...NATURE_WORDS,
  ...RELATION_WORDS,
  ...REDEMPTION_WORDS,
  inPerson: '上门',
  phone: '电话',
  video: '视频',
  never: '不记分',
  approval: '社区审核后',
  confirmation: '老人确认后',
  finish: '结束时',
  drop: '不记',
  pool: '公益池',
  honour: '荣誉',
  down: '舍去',
  up: '进一',
  half: '四舍五入',
  visit: '每次',
  cumulative: '累计（零头留给下一次）',
  product: '连乘',
  highest: '取最高',
  male: '男',
  female: '女',
  each: '记给每个人',
  nobody: '不记分',
  wait: '继续等',
  marketService: '市场服务',
  none: '没有',
  recipient: '对方同意',
  staff: '社区同意',
  elder: '老人',
  organisation: '组织',
  once: '一次',
  month: '每月',
  quarter: '每季度',
  year: '每年',
  issuance: '新发',
  yearEnd: '年底',
  rolling: '得到以后若干月',
  visitToZero: '这次归零',
  heir: '家人继承',
  expire: '作废',
  export: '转到新的地方',
}

export const DRAFT_STATE_WORDS = {
  draft: '草稿',
  submitted: '等第二个人发布',
  published: '已发布',
  withdrawn: '已作废',
} as const

/** A value of a scheme as people read it; `name` is the last word of its path and tells the unit. */
export function valueText(value: unknown, name: string, schema: Schema | undefined): string {
  if (value === undefined || value === null) return '—'
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (typeof value === 'string') return schema?.enum === undefined ? value : (CODE_WORDS[value] ?? value)
  if (typeof value !== 'number') return JSON.stringify(value)
  const unit = unitOf(name)
  if (unit === 'points') return `${pointsText(BigInt(value))} 分`
  if (unit === 'seconds') return spanText(value)
  if (unit === 'fen') return `${yuanText(value)} 元`
  return unit === 'permille' ? `${pointsText(BigInt(value * 100))} %` : String(value)
}
