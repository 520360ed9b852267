import { pointsText } from '../../../shared/core/amounts'
import { dayOf } from '../../../shared/core/time'
import type { GivingView } from '../../../shared/member/view'
import { Banner } from '../components/banner'
import { useNow } from '../core/use-now'
import { dateWords } from '../core/words'

/** In the last week it is urgent. */
const URGENT_DAYS = 7

/** Points that are soon over: how many, by when, and what can still be done with them. */
export function Expiring({ giving, onTap }: { giving: Pick<GivingView, 'expiring'>; onTap?: () => unknown }) {
  const today = dayOf(useNow(60))
  const [next] = giving.expiring
  if (next === undefined) return null
  return (
    <Banner
      tone={next.daysLeft <= URGENT_DAYS ? 'warn' : 'info'}
      icon="clock"
      title={`${pointsText(next.milliPoints)} 分用到${dateWords(next.day, today)}`}
      note="过了就没有了，快用或送人"
      onTap={onTap}
    />
  )
}
