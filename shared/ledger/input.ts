import { z } from 'zod'
import { day, daySpan, id, pageQuery, shortText } from '../core/input'
import { REQUEST_KINDS } from './rules'

export const entriesQuery = z.strictObject({ ...pageQuery })
/** Without `elderId` one's own; with it those of an elder one redeems for. */
export const myPointsQuery = z.strictObject({ elderId: id.optional() })
export const myEntriesQuery = z.strictObject({ ...pageQuery, elderId: id.optional() })
export const transactionListQuery = z.strictObject({
  ...pageQuery,
  ...daySpan,
  kind: z.string().max(20).optional(),
  regionId: id.optional(),
})
/** What there was at an instant. */
export const balanceQuery = z.strictObject({ at: z.iso.datetime().optional() })
/** Both days included. */
export const statementQuery = z.strictObject({ ...pageQuery, from: day, to: day })
export const myStatementQuery = z.strictObject({ ...pageQuery, from: day, to: day, elderId: id.optional() })
/** What somebody asks the books to do; each kind needs its own part of it. */
export const pointRequestInput = z.strictObject({
  id,
  kind: z.enum(REQUEST_KINDS),
  accountId: id,
  /** MANUAL (below zero takes away), GRANT; RESTORE and FREEZE: without it all */
  milliPoints: z
    .string()
    .regex(/^-?\d{1,15}$/, { message: 'AMOUNT' })
    .optional(),
  /** REVERSE, UNFREEZE, RESTORE: what is undone */
  transactionId: id.optional(),
  /** GRANT: what pays. CLOSE: who gets the balance; an heir by account */
  counterpart: z.enum(['issuance', 'pool', 'expired', 'heir']).optional(),
  heirAccountId: id.optional(),
  reason: shortText,
  /** SHA-256 of the paper or picture, in hex; a manual entry needs it */
  evidenceHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
})
export const pointDecisionInput = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  reason: z.string().trim().max(60, { message: 'TOO_LONG' }).default(''),
})
export const pointRequestListQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(['waiting', 'decided']).optional(),
  regionId: id.optional(),
})
