import { VISIT_STATE_WORDS } from '../../../shared/visit/words'
import type { Tone } from '../components/status'

export const VISIT_STATES: Record<string, { words: string; tone: Tone }> = {
  inProgress: { words: VISIT_STATE_WORDS.inProgress, tone: 'wait' },
  finished: { words: VISIT_STATE_WORDS.finished, tone: 'wait' },
  confirmed: { words: VISIT_STATE_WORDS.confirmed, tone: 'wait' },
  disputed: { words: VISIT_STATE_WORDS.disputed, tone: 'bad' },
  approved: { words: VISIT_STATE_WORDS.approved, tone: 'ok' },
  returned: { words: VISIT_STATE_WORDS.returned, tone: 'none' },
}

export const FLAGS: Record<string, { words: string; tone: Tone }> = {
  red: { words: '红色', tone: 'bad' },
  amber: { words: '黄色', tone: 'warn' },
  clean: { words: '无异常', tone: 'ok' },
}

export const SEVERITIES: Record<string, { words: string; tone: Tone }> = {
  red: { words: '红色', tone: 'bad' },
  amber: { words: '黄色', tone: 'warn' },
  info: { words: '提示', tone: 'none' },
}

export const CHANNELS: Record<string, string> = { inPerson: '上门', phone: '电话', video: '视频', group: '集体' }
export const ANSWERS: Record<string, string> = { yes: '是，来过了', no: '没来过', unsure: '记不清' }
export const HOW: Record<string, string> = {
  app: '老人本人',
  proxy: '家人代办',
  phone: '社区电话回访',
  pin: '老人在志愿者手机上输密码',
  paper: '纸上签字',
  site: '现场工作人员',
}
