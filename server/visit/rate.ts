import { Refusal, refuse } from '../../shared/core/refusals'
import type { RateInput } from '../../shared/visit/input'
import { whyNotRate } from '../../shared/visit/rating'
import type { VisitState } from '../../shared/visit/view'
import type { Actor } from '../core/actor'
import { groupBy, insertNew } from '../core/bulk'
import { type Db, query, type Reader } from '../core/db'
import { once } from '../core/once'
import { helperRecords } from '../person/former'
import { whyNotAnswer } from './policy'

const LOW = 1

/**
 * The elder's face for a visit, or that of who acts for the elder; each once, and the two never mixed. Who wasn't content is
 * rung.
 *
 * @throws Refusal NOT_FOUND, NOT_ALLOWED, CONFIRM_OWN, RATE_FIRST_CONFIRM, RATE_DISPUTED, RATE_TOO_LATE, RATE_GIVEN
 */
export async function rateVisit(
  db: Db,
  actor: Actor,
  visitId: string,
  input: RateInput,
  at: Date,
): Promise<{ id: string }> {
  const ask = { key: input.id, personId: actor.personId, verb: 'rateVisit', input: { visitId, ...input }, at }
  return db.$transaction((tx) =>
    once(tx, ask, async () => {
      const { id, elderId, face } = input
      const visit = await tx.visit.findUnique({
        where: { id: visitId },
        include: { elders: { select: { elderId: true } } },
      })
      if (visit === null) throw new Refusal('NOT_FOUND')
      const how = actor.elder?.id === elderId ? 'elder' : 'proxy'
      refuse(whyNotAnswer(actor, visit, { elderId, how: how === 'elder' ? 'app' : 'proxy' }))
      refuse(whyNotRate({ state: visit.state as VisitState, checkOutAt: visit.checkOutAt }, at))
      const { regionPath, memberId, day } = visit
      const row = { id, visitId, elderId, regionPath, memberId, day, face, how, byPersonId: actor.personId, at }
      if ((await insertNew(tx, 'visit_rating', [row], 'id')).length === 0) throw new Refusal('RATE_GIVEN')
      if (face === LOW) {
        const draw = { visitId, regionPath, reason: 'rating', drawnAt: at, closedAt: null }
        await insertNew(tx, 'call_draw', [draw], 'visitId')
        await tx.callDraw.updateMany({
          where: { visitId, closedAt: { not: null } },
          data: { reason: 'rating', closedAt: null, drawnAt: at },
        })
      }
      return { id: visitId }
    }),
  )
}

type Faces = { good: number; fair: number; bad: number }
export type Ratings = { elder: Faces; proxy: Faces; calls: { times: number; milliAverage: number | null } }

/**
 * What elders, those who act for them, and call-backs said of helpers; each apart.
 *
 * @param year of volunteering in one year alone; without it of everything
 */
export async function ratingsOf(
  db: Reader,
  memberIds: readonly string[],
  year?: string,
): Promise<(memberId: string) => Ratings> {
  const span = year === undefined ? ['', '9999', ''] : [`${year}-01-01`, `${year}-12-31`, 'volunteer']
  const only = `v."day" >= $2 AND v."day" <= $3 AND ($4 = '' OR v."nature" = $4)`
  const { all, ownerOf } = await helperRecords(db, memberIds)
  const faces = groupBy(
    await query<{ memberId: string; how: string; face: number; times: bigint | number }>(
      db,
      `SELECT v."memberId", r."how", r."face", COUNT(*) AS "times" FROM visit_rating AS r JOIN visit AS v ON v."id" = r."visitId"
       WHERE r."memberId" IN LIST($1) AND ${only} GROUP BY v."memberId", r."how", r."face"`,
      all,
      ...span,
    ),
    ({ memberId }) => ownerOf(memberId),
  )
  const calls = await query<{ memberId: string; times: bigint | number; sum: bigint | number }>(
    db,
    `SELECT v."memberId", COUNT(*) AS "times", SUM(c."satisfaction") AS "sum" FROM call_back AS c
     JOIN visit AS v ON v."id" = c."visitId" WHERE v."memberId" IN LIST($1) AND c."satisfaction" IS NOT NULL AND ${only} GROUP BY v."memberId"`,
    all,
    ...span,
  )
  const callsOf = groupBy(calls, ({ memberId }) => ownerOf(memberId))
  return (memberId) => {
    const times = (how: string, face: number) =>
      faces(ownerOf(memberId))
        .filter((one) => one.how === how && one.face === face)
        .reduce((sum, one) => sum + Number(one.times), 0)
    const facesOf = (how: string): Faces => ({ good: times(how, 3), fair: times(how, 2), bad: times(how, 1) })
    const called = callsOf(ownerOf(memberId))
    const rung = called.reduce((sum, one) => sum + Number(one.times), 0)
    const points = called.reduce((sum, one) => sum + Number(one.sum), 0)
    return {
      ...{ elder: facesOf('elder'), proxy: facesOf('proxy') },
      calls: { times: rung, milliAverage: rung === 0 ? null : Math.floor((points * 1000) / rung) },
    }
  }
}
