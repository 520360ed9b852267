import { driverOf, type Reader } from '../core/db'
import { type AuditReport, auditBooks } from './books'

/**
 * Recomputes the books from their rows and believes no counter: I1 entries sum to zero · I2 nobody below the limit, at any
 * point of the chain · I3 counters are what the chains and the open holds say · I4 chains without gap or fork · I6 one award
 * a visit · I7 a hold resolves once, in time · I8 what is in lots is what there is · I9 nothing was written twice, what was
 * answered was written, and what was written was answered · I10 reversals negate exactly · I11 two persons agreed ·
 * I12 clearing accounts sum to zero, and with `at` nothing stays in clearing or suspense over the end of a month · F1 a line
 * of money has drawn what its draws say, and a redemption that stands has drawn what it costs · F2 what was promised for an
 * order, what a business was sent for, for whom was redeemed and what was said of a visit is what was booked and logged. (I5 and
 * I13 are the log's, and the limit of a grant is the county's: see proof.) One page after the other, in the order of keys;
 * stops at the first bad row.
 *
 * @param onRows is told how many rows were looked at, for a progress bar
 */
export function auditLedger(db: Reader, onRows: (rows: number) => void = () => {}, at?: Date): Promise<AuditReport> {
  return auditBooks(driverOf(db), onRows, at)
}
