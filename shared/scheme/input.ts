import { z } from 'zod'
import { day, id } from '../core/input'
import { schemeDocument } from './document'
import { CHANNELS, NATURES, REDEMPTION_KINDS, RELATIONS } from './kinds'

const name = z.string().min(1).max(80)
const at = z.iso.datetime({ offset: true })
const seconds = z.number().int().min(0).max(1_000_000_000)
const amount = z.number().int().min(1).max(1_000_000_000_000)

/** People as `scheme run` knows them: only what rules may ask. */
const personInput = z.strictObject({
  id: name,
  birthDate: day.optional(),
  sex: z.enum(['male', 'female']).optional(),
  kind: z.enum(['volunteer', 'neighbourHelper']).optional(),
  tags: z.array(name).max(30).optional(),
  categories: z.array(name).max(20).optional(),
  ability: name.optional(),
  credit: name.optional(),
  regionPath: name.optional(),
  balanceMilliPoints: z.number().int().min(0).max(1_000_000_000_000).optional(),
  lifetimeSeconds: seconds.optional(),
})

const common = { id: name, at }
export const schemeEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('visit'),
    ...common,
    by: name,
    for: name.optional(),
    servedSeconds: seconds,
    plannedSeconds: seconds.optional(),
    service: name.optional(),
    nature: z.enum(NATURES).optional(),
    level: z.number().int().min(0).max(4).optional(),
    channel: z.enum(CHANNELS).optional(),
    group: z.boolean().optional(),
    atSite: z.boolean().optional(),
    organiser: z.boolean().optional(),
    difficulty: z.number().int().min(0).max(100).optional(),
    regionPath: name.optional(),
  }),
  z.strictObject({ kind: z.literal('reversal'), ...common, visit: name }),
  z.strictObject({ kind: z.literal('complaint'), ...common, visit: name }),
  z.strictObject({ kind: z.literal('noShow'), ...common, by: name }),
  z.strictObject({ kind: z.literal('referral'), ...common, by: name }),
  z.strictObject({ kind: z.literal('organise'), ...common, by: name }),
  z.strictObject({
    kind: z.literal('redeem'),
    ...common,
    by: name,
    for: name.optional(),
    redemption: z.enum(REDEMPTION_KINDS),
    seconds: seconds.optional(),
    item: name.optional(),
    fen: z.number().int().min(1).max(1_000_000_000).optional(),
    milliPoints: amount.optional(),
  }),
  z.strictObject({
    kind: z.literal('gift'),
    ...common,
    by: name,
    to: name,
    milliPoints: amount,
    agreed: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal('donate'),
    ...common,
    by: name,
    to: z.enum(['pool', 'elder', 'organisation']),
    whom: name.optional(),
    milliPoints: amount,
  }),
  z.strictObject({ kind: z.literal('serve'), ...common, for: name }),
  z.strictObject({ kind: z.literal('enrol'), ...common, by: name }),
  z.strictObject({
    kind: z.literal('import'),
    ...common,
    by: name,
    seconds: seconds.optional(),
    milliPoints: z.number().int().min(-1_000_000_000_000).max(1_000_000_000_000).optional(),
  }),
  z.strictObject({
    kind: z.literal('close'),
    ...common,
    by: name,
    reason: z.enum(['death', 'moving']),
    heir: name.optional(),
  }),
  z.strictObject({ kind: z.literal('clock'), ...common }),
])
export type SchemeEvent = z.infer<typeof schemeEvent>

/** What `mulin scheme run` reads beside the scheme. Events are judged in the order they stand: the order they were recorded. */
export const eventsFile = z.strictObject({
  people: z.array(personInput).max(1_000_000),
  relations: z
    .array(z.strictObject({ of: name, is: z.enum(RELATIONS), to: name }))
    .max(1_000_000)
    .optional(),
  poolMilliPoints: z.number().int().min(0).max(1_000_000_000_000).optional(),
  events: z.array(schemeEvent).max(2_000_000),
})
export type EventsFile = z.infer<typeof eventsFile>

const draft = { validFrom: day, document: schemeDocument }
/** Which place's rules are asked for; without one, those of the actor's own regions. */
export const schemeListQuery = z.strictObject({ regionId: id.optional() })
export const addDraftInput = z.strictObject({ id, regionId: id, ...draft })
export const changeDraftInput = z.strictObject(draft)
/** Anything at all: the answer is what is wrong with it. */
export const checkSchemeInput = z.strictObject({ regionId: id.optional(), document: z.unknown() })
/** A scheme, or versions of several, and a file of events, as `mulin scheme run` takes them. */
export const runSchemeInput = z.strictObject({ scheme: z.unknown(), file: eventsFile })
export const addTrialInput = z.strictObject({ id, draftId: id, from: day, to: day })
