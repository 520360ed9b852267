import type { Day } from '../../shared/core/time'
import { LAST_GRADE } from '../../shared/credit/words'
import { ask, type Driver } from '../core/driver'

type Asked = { personId: string; day: Day }

/**
 * The grade of helpers on days, for rules: the one that held on that day, whatever was found out since. Whoever was on the
 * black list that day has the last one; who has no grade has none.
 */
export async function creditsOn(
  driver: Driver,
  asked: readonly Asked[],
): Promise<(personId: string, day: Day) => string | undefined> {
  const ids = [...new Set(asked.map(({ personId }) => personId))]
  if (ids.length === 0) return () => undefined
  const latest = asked.reduce((last, { day }) => (day > last ? day : last), '')
  const grades = await ask<{ subjectId: string; day: Day; grade: string | null }>(driver)`
    SELECT "subjectId", "day", "grade" FROM credit_grade WHERE "subjectId" IN LIST(${ids}) AND "day" <= ${latest}
    ORDER BY "day", "recordedAt", "id"`
  const isBlack = await blackListed(driver, ids)
  return (personId, day) => {
    if (isBlack(personId, day)) return LAST_GRADE
    return grades.findLast((one) => one.subjectId === personId && one.day <= day)?.grade ?? undefined
  }
}

/** Who of these is on the black list on a day: a listing that was lifted held until the day it was lifted on. */
export async function blackListed(
  driver: Driver,
  subjectIds: readonly string[],
): Promise<(subjectId: string, day: Day) => boolean> {
  const rows = await ask<{ subjectId: string; fromDay: Day; untilDay: Day }>(driver)`
    SELECT "subjectId", "fromDay", "untilDay" FROM credit_listing
    WHERE "subjectId" IN LIST(${subjectIds}) AND "list" = 'black' AND "state" IN ('inForce', 'lifted')`
  return (subjectId, day) =>
    rows.some((one) => one.subjectId === subjectId && one.fromDay <= day && day <= one.untilDay)
}
