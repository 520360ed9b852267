import type { MyElder } from '../../../shared/elder/view'
import { get } from '../core/call'
import { type Query, useQuery } from '../core/use-query'
import type { Cared } from './cared'

/** What an elder, or a proxy of the elder, may know: the address, the card, who else may act. */
export function useMyElder(cared: Cared): Query<MyElder> {
  const query = cared.isSelf ? {} : { elderId: cared.elderId }
  return useQuery(`elder.${cared.elderId}`, () => get<MyElder>('/elders/mine', query), {
    keptAs: `elder.${cared.elderId}`,
  })
}
