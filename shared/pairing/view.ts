import { z } from 'zod'
import { pageOf, placeNameView } from '../core/view'

export const pairingView = placeNameView.extend({
  id: z.string(),
  elderId: z.string(),
  elderName: z.string(),
  memberId: z.string(),
  memberName: z.string(),
  sinceDay: z.string(),
  agreedDay: z.string().nullable(),
  agreementNo: z.string(),
  /** the day by which it is to be agreed in writing */
  agreeBy: z.string(),
  /** not agreed in writing in time */
  isLate: z.boolean(),
  endedDay: z.string().nullable(),
  endReason: z.string().nullable(),
  lastVisitDay: z.string().nullable(),
})
export type PairingView = z.infer<typeof pairingView>
export const pairingPage = pageOf(pairingView)

/** 我结对的老人, for the helper. */
export const myPairingsView = z.array(
  placeNameView.extend({
    id: z.string(),
    elderId: z.string(),
    elderName: z.string(),
    sinceDay: z.string(),
    lastVisitDay: z.string().nullable(),
    owedSentence: z.string().nullable(),
    /** null = agreed in writing */
    agreementSentence: z.string().nullable(),
  }),
)
export type MyPairings = z.infer<typeof myPairingsView>
