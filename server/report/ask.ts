import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { AskReportInput } from '../../shared/report/input'
import { monthsOf, spanOf } from '../../shared/report/templates'
import { can } from '../../shared/session/permissions'
import type { Actor } from '../core/actor'
import type { Db } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { findRegionInScope } from '../region/queries'

/**
 * Has a report made. One that nobody signed is made anew in its place; after a signed one comes the next version, with what
 * changed since.
 *
 * @throws Refusal NOT_FOUND, REPORT_PERIOD, REPORT_FUTURE, REPORT_RUNNING
 */
export async function askReport(db: Db, actor: Actor, input: AskReportInput, at: Date): Promise<{ id: string }> {
  const months = monthsOf(input.kind, input.period)
  if (months === null) throw new Refusal('REPORT_PERIOD', { field: 'period' })
  if (spanOf(months).from > dayOf(at)) throw new Refusal('REPORT_FUTURE', { field: 'period' })
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'askReport', input, at }, async () => {
      const { id, kind, period } = input
      const region = await findRegionInScope(tx, actor, can('report.make'), input.regionId)
      const [last] = await tx.report.findMany({
        where: { kind, period, regionId: region.id },
        orderBy: { version: 'desc' },
        take: 1,
      })
      if (last?.state === 'waiting' || last?.state === 'running') throw new Refusal('REPORT_RUNNING')
      if (last !== undefined && last.state !== 'signed') await tx.report.delete({ where: { id: last.id } })
      const version = last === undefined ? 1 : last.state === 'signed' ? last.version + 1 : last.version
      await tx.report.create({
        data: {
          ...{ id, kind, period, version, state: 'waiting', regionId: region.id, regionPath: region.path },
          ...{ countyId: region.countyId, askedByPersonId: actor.personId, askedAt: at },
        },
      })
      await logOperation(tx, actor, {
        ...{ at, action: 'make', resource: 'report', resourceId: id, regionPath: region.path },
        after: { kind, period, version },
      })
      return { id }
    }),
  )
}
