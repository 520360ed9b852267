import { z } from 'zod'
import { day, daySpan, freeText, id, milliPoints, pageQuery, shortText } from '../core/input'
import { REQUEST_KINDS } from './rules'

const IMPORT_ROWS_MAX = 500
/** An import has an input of its own. */
const ASKED_KINDS = REQUEST_KINDS.filter((kind) => kind !== 'IMPORT')

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
  kind: z.enum(ASKED_KINDS),
  accountId: id,
  /** MANUAL (below zero takes away), GRANT; RESTORE, FREEZE and TRANSFER_REGION: without it all */
  milliPoints: z
    .string()
    .regex(/^-?\d{1,15}$/, { message: 'AMOUNT' })
    .optional(),
  /** REVERSE, UNFREEZE, RESTORE: what is undone */
  transactionId: id.optional(),
  /** GRANT: what pays. CLOSE: who gets the balance: an heir by account, or the owner in another county */
  counterpart: z.enum(['issuance', 'pool', 'expired', 'heir', 'county']).optional(),
  heirAccountId: id.optional(),
  /** CLOSE: why; needed where the rules of the place say what then becomes of the points */
  closing: z.enum(['death', 'moving']).optional(),
  /** CLOSE: the heir as a relative who was confirmed, in place of the account */
  heirKinId: id.optional(),
  /** TRANSFER_REGION, CLOSE to another county, SETTLE: the programme there */
  toProgrammeId: id.optional(),
  reason: shortText,
  /** SHA-256 of the paper or picture, in hex; a manual entry needs it */
  evidenceHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
})
/** Balances of another system: its own total, and whose they are. */
export const pointImportInput = z.strictObject({
  id,
  programmeId: id,
  totalMilliPoints: milliPoints,
  rows: z
    .array(
      z.strictObject({
        memberId: id,
        milliPoints,
        /** the last day on which they are good; without it they stay */
        lastDay: day.optional(),
        /** the day the other system says they were earned */
        earnedDay: day,
        /** the line of the other system's list */
        source: shortText,
      }),
    )
    .min(1)
    .max(IMPORT_ROWS_MAX),
  reason: shortText,
  /** SHA-256 of the other system's list, in hex */
  evidenceHash: z.string().regex(/^[0-9a-f]{64}$/),
})
export const pointDecisionInput = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  reason: freeText(60).default(''),
})
export const pointRequestListQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(['waiting', 'decided']).optional(),
  regionId: id.optional(),
})
