import type { AppointReviewerInput } from '../../shared/audit/input'
import type { Reviewers } from '../../shared/audit/view'
import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import { DUTIES, DUTY_WORDS, type Duty, dutiesOf, REVIEWERS, whyNotDuty } from '../../shared/session/duties'
import { can } from '../../shared/session/permissions'
import type { Role } from '../../shared/session/view'
import { ROLE_WORDS } from '../../shared/session/words'
import { type Actor, homePathOf, inScope, mayOver } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Prisma } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionNames } from '../region/queries'
import { settingsAt } from '../region/settings'
import { countQueue } from './queries'

const MOST = 500

/**
 * Makes somebody one of the four reviewers, or none of them. One person has one duty, whatever roles he holds; nobody
 * appoints himself.
 *
 * @throws Refusal NOT_FOUND, NOT_ALLOWED, REVIEWER_ROLE, REVIEWER_ONE
 */
export async function appointReviewer(
  db: Db,
  actor: Actor,
  input: AppointReviewerInput,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'appointReviewer', input, at }, async () => {
      const row = await tx.staffRole.findFirst({
        where: { id: input.staffId, ...inScope(actor, can('reviewer.appoint')) },
      })
      if (row === null) throw new Refusal('NOT_FOUND')
      if (row.personId === actor.personId) throw new Refusal('NOT_ALLOWED')
      // Holds the person's row until the commit: of two appointments at once the second sees the first.
      await tx.$executeRaw`UPDATE person SET "sex" = "sex" WHERE "id" = ${row.personId}`
      const others = await tx.staffRole.findMany({
        where: {
          personId: row.personId,
          id: { not: row.id },
          OR: [{ validTo: null }, { validTo: { gte: dayOf(at) } }],
        },
      })
      if (input.duty !== '')
        refuse(
          whyNotDuty(
            row.role as Role,
            input.duty,
            others.map(({ duty }) => duty),
          ),
        )
      await tx.staffRole.update({ where: { id: row.id }, data: { duty: input.duty } })
      const about = { action: 'appointReviewer', resource: 'staff', resourceId: row.id, regionPath: row.regionPath }
      await logOperation(tx, actor, { ...about, at, before: { duty: row.duty }, after: { duty: input.duty } })
      return { id: row.id }
    }),
  )
}

/** Who is which reviewer, who could be, whether they work apart here, and how much waits for each. */
export async function findReviewers(
  db: Db,
  keys: Keys,
  actor: Actor,
  regionId: string | undefined,
  at: Date,
): Promise<Reviewers> {
  const within =
    regionId === undefined ? undefined : (await findRegionInScope(db, actor, can('audit.read'), regionId)).path
  const today = dayOf(at)
  const scope = inScope(actor, can('audit.read'), within)
  const rows = await db.staffRole.findMany({
    where: {
      AND: [
        scope,
        { role: { in: [...REVIEWERS] } },
        { validFrom: { lte: today } },
        { OR: [{ validTo: null }, { validTo: { gte: today } }] },
      ],
    },
    orderBy: [{ duty: 'desc' }, { id: 'asc' }],
    take: MOST,
  })
  const persons = await openPersons(db, keys, [...new Set(rows.map(({ personId }) => personId))])
  const places = await regionNames(
    db,
    rows.map((one) => one.regionId),
  )
  const path = within ?? homePathOf(actor, can('audit.read'))
  const queues = await queuesOf(db, actor, scope, regionId)
  const own = new Set(actor.roles.map(({ duty }) => duty))
  return {
    apart: (await settingsAt(db, path, today)).reviewersApart === 1,
    duties: DUTIES.map((duty) => ({ duty, ...DUTY_WORDS[duty], isMine: own.has(duty), queues: queues[duty] })),
    staff: rows.map((row) => ({
      id: row.id,
      name: maskName(persons.get(row.personId)?.name ?? ''),
      roleWords: ROLE_WORDS[row.role as Role],
      regionName: places.get(row.regionId)?.name ?? '',
      duty: row.duty as Duty | '',
      may: dutiesOf(row.role as Role),
      mayAppoint: row.personId !== actor.personId && mayOver(actor, can('reviewer.appoint'), row.regionPath),
    })),
  }
}

async function queuesOf(
  db: Db,
  actor: Actor,
  scope: { OR: { regionPath: { gte: string; lt: string } }[] },
  regionId: string | undefined,
) {
  const counts = await countQueue(db, actor, { regionId })
  const both = (...more: Prisma.CallDrawWhereInput[]) => ({ AND: [scope, ...more] })
  const [calls, papers, appeals, complaints, spots, anomalies, listings, listingAppeals] = await Promise.all([
    db.callDraw.count({ where: both({ closedAt: null }) }),
    db.paperBatch.count({ where: { AND: [scope, { state: 'waiting' }] } }),
    db.appeal.count({ where: { AND: [scope, { state: 'waiting' }] } }),
    db.complaint.count({ where: { AND: [scope, { state: 'open' }] } }),
    db.spotItem.count({ where: { AND: [scope, { finding: null }] } }),
    db.anomaly.count({ where: { AND: [scope, { state: 'open' }] } }),
    db.creditListing.count({ where: { AND: [scope, { state: 'proposed' }] } }),
    db.creditAppeal.count({ where: { AND: [scope, { state: 'waiting' }] } }),
  ])
  const line = (words: string, count: number, to: string) => ({ words, count, to })
  return {
    verify: [line('电话回访', calls, '/calls'), line('等批准的纸单', papers, '/papers?state=waiting')],
    approve: [line('无异常', counts.clean, '/audit?tab=clean'), line('黄色', counts.amber, '/audit?tab=amber')],
    arbitrate: [
      line('红色', counts.red, '/audit?tab=red'),
      line('申诉', appeals, '/appeals'),
      line('投诉', complaints, '/complaints'),
      line('名单申诉', listingAppeals, '/credit/lists'),
    ],
    supervise: [
      line('抽查没填结果', spots, '/spot-checks'),
      line('异常线索', anomalies, '/anomalies'),
      line('红黑名单待定', listings, '/credit/lists?show=open'),
    ],
  } satisfies Record<Duty, object[]>
}
