import { z } from 'zod'
import { placeNameView } from '../core/view'
import { serviceView } from '../service/view'

/** One page for each: mayServe shows whose plate and starts in one tap; the others have their own page. */
export const scanView = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('door'),
    plateId: z.string(),
    serial: z.string(),
    /** what goes on where many meet; null at a home */
    activity: z.string().nullable(),
    /** a place where people come together: there one may help nobody by name */
    site: z
      .object({
        id: z.string(),
        name: z.string(),
        label: z.string(),
        address: z.string(),
        openingHours: z.string(),
        hasPoint: z.boolean(),
      })
      .nullable(),
    /** everybody who lives behind this door, or is helped at this activity */
    elders: z.array(
      z.object({
        id: z.string(),
        calledName: z.string(),
        maskedName: z.string(),
        whyNot: z.string().nullable(),
        whyNotSentence: z.string().nullable(),
      }),
    ),
    regionName: z.string(),
    services: z.array(serviceView),
    /** the order of today that the helper accepted for this door */
    orderId: z.string().nullable(),
    orderServiceId: z.string().nullable(),
    lastVisitDay: z.string().nullable(),
    owedSentence: z.string().nullable(),
    /** a visit already running: elsewhere or here */
    current: z
      .object({ visitId: z.string(), here: z.boolean(), calledName: z.string(), /** no site */ atHome: z.boolean() })
      .nullable(),
    /** code of why this helper may not serve here at all */
    whyNot: z.string().nullable(),
    whyNotSentence: z.string().nullable(),
  }),
  z.object({ kind: z.literal('redemption'), redemptionId: z.string() }),
  z.object({
    /** stale: a screen's code that can't be used any more, or again */
    kind: z.enum(['unknown', 'revoked', 'foreign', 'stale']),
    sentence: z.string(),
    agencyName: z.string(),
    hotline: z.string(),
  }),
])
export type ScanView = z.infer<typeof scanView>
/** What a screen shows now; token null: it is closed. */
export const screenView = z.object({
  id: z.string(),
  /** the elder's, or what goes on */
  name: z.string(),
  phase: z.enum(['in', 'out']),
  token: z.string().nullable(),
  secondsLeft: z.number(),
  stepSeconds: z.number(),
  /** helpers who scanned it for this end */
  scanned: z.number(),
  /** who scanned it last for this end, as anybody beside the screen may read it */
  lastName: z.string().nullable(),
  /** helpers in service here now */
  serving: z.number(),
})
export type ScreenView = z.infer<typeof screenView>
/** Plates that were made together. */
export const plateBatchView = placeNameView.extend({
  id: z.string(),
  plates: z.number(),
  inForce: z.number(),
  issuedAt: z.string(),
  /** masked */
  issuedBy: z.string(),
  prints: z.number(),
  printedAt: z.string().nullable(),
  counted: z.number().nullable(),
  countedAt: z.string().nullable(),
  countedBy: z.string().nullable(),
  countNote: z.string().nullable(),
  lostAt: z.string().nullable(),
  lostReason: z.string().nullable(),
  /** made | printed | counted | short: fewer in the hand than in force | lost */
  state: z.enum(['made', 'printed', 'counted', 'short', 'lost']),
})
export type PlateBatch = z.infer<typeof plateBatchView>
/** What any camera may learn from a plate: who runs it, and the hotline. */
export const publicPlateView = z.object({
  state: z.enum(['inForce', 'revoked', 'unknown']),
  agencyName: z.string(),
  hotline: z.string(),
  programmeName: z.string(),
})
export type PublicPlate = z.infer<typeof publicPlateView>
/** Today's doors, for a phone that goes where there is no network. */
export const doorsView = z.object({
  day: z.string(),
  services: z.array(z.object({ id: z.string(), name: z.string(), icon: z.string(), tasks: z.array(z.string()) })),
  doors: z.array(
    z.object({
      /** SHA-256 of each token and printed number in force */
      codes: z.array(z.string()),
      elders: z.array(z.object({ id: z.string(), calledName: z.string() })),
      regionName: z.string(),
      orderId: z.string().nullable(),
      serviceId: z.string().nullable(),
    }),
  ),
})
export type DoorsView = z.infer<typeof doorsView>
