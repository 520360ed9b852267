import type { RedemptionView } from '../../../shared/redemption/view'
import type { StatusKind } from '../components/words'

export const REDEMPTION_STATES: Record<RedemptionView['state'], { kind: StatusKind; words: string }> = {
  held: { kind: 'wait', words: '等您去领' },
  fulfilled: { kind: 'ok', words: '已领取' },
  cancelled: { kind: 'none', words: '取消了，积分已退回' },
  expired: { kind: 'none', words: '过期了，积分已退回' },
  reversed: { kind: 'none', words: '发错了，积分已退回' },
}
