import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { readContent } from '../../shared/report/content'
import type { ReportKind } from '../../shared/report/templates'
import { monthsOf } from '../../shared/report/templates'
import { daysAsked } from '../../shared/requirement/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import type { Db } from '../core/db'
import { logOperation } from '../core/operation-log'
import { maySign } from './policy'

/**
 * Signs a report: from now on it stays as it is, and its hash goes into the log. Never who had it made; never a period that
 * was still running when it was made; never a version that says what the one before says.
 *
 * @throws Refusal NOT_FOUND, NOT_ALLOWED, REPORT_TWO_PERSONS, REPORT_NOT_READY, REPORT_NOT_OVER, REPORT_SAME, CHANGED_MEANWHILE
 */
export async function signReport(db: Db, actor: Actor, id: string, at: Date): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const report = await tx.report.findFirst({ where: { id, ...inScope(actor, can('report.read')) } })
    if (report === null) throw new Refusal('NOT_FOUND')
    if (report.state === 'signed' && report.signedByPersonId === actor.personId) return { id }
    const region = await tx.region.findUniqueOrThrow({ where: { id: report.regionId } })
    if (!maySign(actor, report.kind as ReportKind, region)) throw new Refusal('NOT_ALLOWED')
    if (report.askedByPersonId === actor.personId) throw new Refusal('REPORT_TWO_PERSONS')
    if (report.state !== 'ready' || report.content === null || report.madeAt === null)
      throw new Refusal('REPORT_NOT_READY')
    const lastMonth = monthsOf(report.kind as ReportKind, report.period)?.at(-1) ?? ''
    // the last week of a month may end in the next one
    const { last } = daysAsked([{ interval: 'week', intervalLength: null, validFrom: lastMonth }], lastMonth)
    if (dayOf(report.madeAt) <= last) throw new Refusal('REPORT_NOT_OVER')
    const { changes } = readContent(report.content)
    if (changes !== null && changes.list.length === 0 && changes.elders === '0') throw new Refusal('REPORT_SAME')
    const { count } = await tx.report.updateMany({
      where: { id, state: 'ready', madeAt: report.madeAt },
      data: { state: 'signed', signedByPersonId: actor.personId, signedAt: at },
    })
    if (count === 0) throw new Refusal('CHANGED_MEANWHILE')
    await logOperation(tx, actor, {
      ...{ at, action: 'sign', resource: 'report', resourceId: id, regionPath: report.regionPath },
      after: { kind: report.kind, period: report.period, version: report.version },
    })
    return { id }
  })
}
