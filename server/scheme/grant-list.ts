import type { z } from 'zod'
import { dayOf } from '../../shared/core/time'
import type { giftListQuery } from '../../shared/member/input'
import type { GrantRoundView } from '../../shared/member/view'
import { maskName } from '../../shared/person/rules'
import { saidOfPerson } from '../../shared/scheme/words'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, mayOver } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Prisma } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { openPersons } from '../person/vault'
import { findRegionInScope } from '../region/queries'
import { grantOf, peopleOf } from './grants'

/** Rounds of the desk's regions, the newest first; of those that wait, who would get it today is counted. */
export async function listRounds(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: z.infer<typeof giftListQuery>,
  at: Date,
): Promise<{ items: GrantRoundView[]; next: string | null }> {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('points.read'), query.regionId)).path
  const where: Prisma.GrantRoundWhereInput[] = [inScope(actor, can('points.read'), within)]
  if (query.state !== undefined) where.push({ state: query.state === 'waiting' ? 'waiting' : { not: 'waiting' } })
  const before = readCursor(query.cursor, 2)
  if (before !== null) {
    const proposedAt = new Date(before[0] as string)
    where.push({ OR: [{ proposedAt: { lt: proposedAt } }, { proposedAt, id: { lt: before[1] as string } }] })
  }
  const rows = await db.grantRound.findMany({
    where: { AND: where },
    orderBy: [{ proposedAt: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  })
  const answers = await db.grantAnswer.findMany({ where: { roundId: { in: rows.map(({ id }) => id) } } })
  const persons = await openPersons(
    db,
    keys,
    answers.map(({ byPersonId }) => byPersonId),
  )
  const regions = await db.region.findMany({
    where: { path: { in: rows.map(({ regionPath }) => regionPath) } },
    select: { path: true, name: true },
  })
  const views = new Map<string, GrantRoundView>()
  for (const row of rows) {
    const { scheme, grant } = await grantOf(db, row)
    const waits = row.state === 'waiting'
    const people = waits ? await peopleOf(db, row, scheme, grant, dayOf(at)) : []
    const own = answers.filter(({ roundId }) => roundId === row.id)
    const each = BigInt(grant.milliPoints)
    views.set(row.id, {
      ...{
        id: row.id,
        name: row.name,
        period: row.period,
        fundLine: grant.fundLine ?? null,
        whenWords: saidOfPerson(grant.when),
      },
      regionName: regions.find(({ path }) => path === row.regionPath)?.name ?? '',
      fromWord: grant.from === 'pool' ? '公益池' : '新发放',
      eachMilliPoints: each.toString(),
      people: waits ? people.length : row.granted,
      left: row.left,
      milliPoints: (waits ? each * BigInt(people.length) : row.milliPoints).toString(),
      approvers: row.approvers,
      approvedByNames: own
        .filter(({ answer }) => answer === 'approve')
        .map(({ byPersonId }) => maskName(persons.get(byPersonId)?.name ?? '')),
      state: row.state as GrantRoundView['state'],
      proposedAt: row.proposedAt.toISOString(),
      mayAnswer:
        waits &&
        mayOver(actor, can('points.grant'), row.regionPath) &&
        ![...people, ...own.map(({ byPersonId }) => byPersonId)].includes(actor.personId),
    })
  }
  return toPage(
    rows,
    query.limit,
    ({ id }) => views.get(id) as GrantRoundView,
    (row) => cursorOf(row.proposedAt.toISOString(), row.id),
  )
}
