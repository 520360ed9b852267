import { type Challenge, challengeNow, challengesOf, type Draw } from '../../shared/visit/challenge'
import { findBy, groupBy } from '../core/bulk'
import type { Keys } from '../core/config'
import { blindIndex } from '../core/crypto'
import { type Db, type Reader, transact } from '../core/db'
import { notify } from '../notice/notify'
import { type SchemeInForce, schemesOn } from '../scheme/queries'

type Scan = { phase: string; method: string; at: Date; recordedAt: Date }
type Asked = { id: string; regionPath: string; day: string; checkInAt: Date; evidence: readonly Scan[] }

/** Phones make the ids of their visits, so the id alone would let somebody choose. */
function drawFor(keys: Keys, visitId: string): Draw {
  return (what) => Number.parseInt(blindIndex(keys.index, 'challenge', `${visitId} ${what}`).slice(0, 8), 16) / 2 ** 32
}

/** When a visit is asked to scan again. What was begun without a network can't be asked, and never counts above L2. */
export function challengesFor(keys: Keys, scheme: SchemeInForce | null, visit: Asked): Challenge[] {
  const rules = scheme?.document.challenge
  const began = visit.evidence.find(({ phase }) => phase === 'in')
  if (rules === undefined || began === undefined || began.recordedAt > began.at) return []
  return challengesOf(rules, drawFor(keys, visit.id), { checkInAt: visit.checkInAt, scans: visit.evidence })
}

/** Until when running visits are asked to scan again; asks nothing of the database where none runs. */
export async function scanAgainUntil(
  db: Reader,
  keys: Keys,
  visits: readonly (Asked & { state: string })[],
): Promise<(visitId: string, at: Date) => Date | null> {
  const running = visits.filter(({ state }) => state === 'inProgress')
  if (running.length === 0) return () => null
  const schemeOf = await schemesOn(db, running)
  const asked = new Map(running.map((visit) => [visit.id, challengesFor(keys, schemeOf(visit), visit)]))
  return (visitId, at) => challengeNow(asked.get(visitId) ?? [], at)?.until ?? null
}

/**
 * Tells helpers in service that they are to scan again, once for each time they are asked.
 * @returns how many were told
 */
export async function tellChallenges(db: Db, keys: Keys, at: Date): Promise<number> {
  const rows = await db.visit.findMany({
    where: { state: 'inProgress' },
    select: { id: true, regionPath: true, day: true, checkInAt: true, memberPersonId: true },
  })
  const schemeOf = await schemesOn(db, rows)
  const asked = rows.filter((row) => schemeOf(row)?.document.challenge !== undefined)
  const ids = asked.map(({ id }) => id)
  const evidenceOf = groupBy(await findBy(db, 'VisitEvidence', 'visitId', ids), ({ visitId }) => visitId)
  const notices = asked.flatMap((row) => {
    const now = challengeNow(challengesFor(keys, schemeOf(row), { ...row, evidence: evidenceOf(row.id) }), at)
    if (now === null) return []
    const minutes = Math.ceil((now.until.getTime() - at.getTime()) / 60_000)
    return [
      {
        ...{ personId: row.memberPersonId, kind: 'scanAgain' as const, title: '请再扫一次门牌' },
        body: `${minutes} 分钟内扫一下，证明您在。扫不了也不要紧，照样帮完，以后说一声就行。`,
        ...{ phoneLink: '/visit/current', key: `scanAgain.${row.id}.${now.turn}` },
      },
    ]
  })
  if (notices.length === 0) return 0
  return (await transact(db, (tx) => notify(tx, notices, at))).length
}
