import type { Tone } from '../components/status'

export const VISIT_STATES: Record<string, { words: string; tone: Tone }> = {
  inProgress: { words: '服务中', tone: 'wait' },
  finished: { words: '等老人确认', tone: 'wait' },
  confirmed: { words: '老人已确认', tone: 'wait' },
  disputed: { words: '老人说没来过', tone: 'bad' },
  approved: { words: '已通过', tone: 'ok' },
  returned: { words: '已退回', tone: 'none' },
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
export const HOW: Record<string, string> = { app: '老人本人', proxy: '家人代办', phone: '社区电话回访' }
