import type { CertificateView } from '../../../shared/certificate/view'
import { durationText } from '../../../shared/core/amounts'

export const CERTIFICATE_WORDS: Record<CertificateView['kind'], string> = {
  service: '志愿服务记录证明',
  statement: '积分对账单',
}

/** 12 次，26 小时 5 分钟 · 31 笔 */
export function contentOf({ kind, count, seconds }: Pick<CertificateView, 'kind' | 'count' | 'seconds'>): string {
  return kind === 'service' ? `志愿服务 ${count} 次，${durationText(seconds ?? 0)}` : `账户变动 ${count} 笔`
}

export const numberGroups = (no: string): string => no.replace(/(.{4})(?=.)/g, '$1-')
