import type { GivingView } from '../../../shared/member/view'
import { get } from '../core/call'
import { type Query, useQuery } from '../core/use-query'

/** What can be given and to whom; names of relatives are not kept on the phone. */
export function useGiving(asks = true): Query<GivingView> {
  return useQuery(asks ? 'giving' : null, () => get<GivingView>('/giving/mine'))
}

/** How many things wait for a word of who looks. */
export function waitingOf({ kin, gifts }: GivingView): number {
  return kin.filter((one) => one.mayAnswer).length + gifts.filter((one) => one.mayAnswer).length
}
