import type { ExceptionCode, Flag } from '../../shared/visit/exceptions'
import { EXCEPTIONS, flagOf } from '../../shared/visit/exceptions'
import type { Raised } from '../../shared/visit/raise'
import { insertAll } from '../core/bulk'
import type { Tx } from '../core/db'
import { newId } from '../core/ids'

export type ExceptionRow = { visitId: string; code: string; detail: string; resolvedAt: Date | null }

/**
 * Writes what was found odd about visits. What is raised again is open again, with what both said.
 *
 * @param known the exceptions the visits have so far
 * @param atOf when it was found: each item of a list has its own moment
 * @returns the flag of each visit that something was raised on
 */
export async function raise(
  tx: Tx,
  raised: ReadonlyMap<string, readonly Raised[]>,
  known: readonly ExceptionRow[],
  atOf: (visitId: string) => Date,
): Promise<Map<string, Flag>> {
  const fresh: { id: string; visitId: string; code: string; severity: string; detail: string; raisedAt: Date }[] = []
  const flags = new Map<string, Flag>()
  for (const [visitId, ones] of raised) {
    if (ones.length === 0) continue
    const at = atOf(visitId)
    const own = known.filter((row) => row.visitId === visitId)
    for (const { code, detail } of ones) {
      const old = own.find((row) => row.code === code)
      if (old === undefined) {
        fresh.push({
          id: newId(at),
          visitId,
          code,
          severity: EXCEPTIONS[code].severity,
          detail: JSON.stringify(detail),
          raisedAt: at,
        })
        continue
      }
      const both = JSON.stringify({ ...(JSON.parse(old.detail) as object), ...detail })
      // found again with nothing new to say
      if (old.resolvedAt === null && both === old.detail) continue
      await tx.visitException.update({
        where: { visitId_code: { visitId, code } },
        data: {
          detail: both,
          raisedAt: at,
          reasonCode: null,
          resolutionCode: null,
          resolvedByPersonId: null,
          resolvedAt: null,
        },
      })
    }
    flags.set(visitId, flagOf([...openCodes(own), ...ones.map((one) => one.code)]))
  }
  await insertAll(tx, 'visit_exception', fresh)
  return flags
}

/** The codes nobody has settled yet. */
export function openCodes(rows: readonly Pick<ExceptionRow, 'code' | 'resolvedAt'>[]): ExceptionCode[] {
  return rows.filter((row) => row.resolvedAt === null).map((row) => row.code as ExceptionCode)
}
