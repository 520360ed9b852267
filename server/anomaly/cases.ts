import type { z } from 'zod'
import type { AnomalyListQuery, closeAnomalyInput } from '../../shared/anomaly/input'
import { anomalySentence, KIND_WORDS } from '../../shared/anomaly/rules'
import type { AnomalyView } from '../../shared/anomaly/view'
import { Refusal } from '../../shared/core/refusals'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { whyNotStep } from '../audit/duties'
import { type Actor, inScope } from '../core/actor'
import { findBy } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, transact } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { openPersons } from '../person/vault'
import { findRegionInScope } from '../region/queries'

type Row = Awaited<ReturnType<Db['anomaly']['findUniqueOrThrow']>>

/** Cases of the actor's regions, the oddest first. */
export async function listAnomalies(db: Db, keys: Keys, actor: Actor, query: AnomalyListQuery) {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('anomaly.read'), query.regionId)).path
  const [score, lastId] = readCursor(query.cursor, 2) ?? []
  const beyond =
    score === undefined
      ? {}
      : { OR: [{ score: { lt: Number(score) } }, { score: Number(score), id: { gt: lastId ?? '' } }] }
  const rows = await db.anomaly.findMany({
    where: { AND: [inScope(actor, can('anomaly.read'), within), { state: query.state }, beyond] },
    orderBy: [{ score: 'desc' }, { id: 'asc' }],
    take: query.limit + 1,
  })
  const subjectsOf = await readSubjects(db, keys, rows)
  const closers = await openPersons(
    db,
    keys,
    rows.flatMap(({ closedByPersonId }) => closedByPersonId ?? []),
  )
  return toPage(
    rows,
    query.limit,
    (row): AnomalyView => ({
      ...{ id: row.id, kind: row.kind, score: row.score, month: row.month, outcome: row.outcome, note: row.note },
      kindWords: KIND_WORDS[row.kind as keyof typeof KIND_WORDS] ?? row.kind,
      sentence: anomalySentence(row.kind, JSON.parse(row.detail) as Record<string, number>),
      subjects: subjectsOf(row),
      foundAt: row.foundAt.toISOString(),
      state: row.state as AnomalyView['state'],
      closedByName: row.closedByPersonId === null ? null : maskName(closers.get(row.closedByPersonId)?.name ?? ''),
      closedAt: row.closedAt?.toISOString() ?? null,
    }),
    (row) => cursorOf(row.score, row.id),
  )
}

/** Staff looked: there was something to it, or there wasn't. What follows for visits is decided at the desk, one by one. */
export async function closeAnomaly(
  db: Db,
  actor: Actor,
  anomalyId: string,
  input: z.infer<typeof closeAnomalyInput>,
  at: Date,
): Promise<{ id: string }> {
  const ask = { key: input.id, personId: actor.personId, verb: 'closeAnomaly', input: { anomalyId, ...input }, at }
  return transact(db, (tx) =>
    once(tx, ask, async () => {
      const row = await tx.anomaly.findFirst({ where: { id: anomalyId, ...inScope(actor, can('anomaly.close')) } })
      if (row === null) throw new Refusal('NOT_FOUND')
      const reason = await whyNotStep(tx, actor, 'supervise', row.regionPath, at)
      if (reason !== null) throw new Refusal(reason)
      const { outcome, note } = input
      const closed = await tx.anomaly.updateMany({
        where: { id: anomalyId, state: 'open' },
        data: { state: 'closed', closedByPersonId: actor.personId, closedAt: at, outcome, note },
      })
      if (closed.count === 0) throw new Refusal('ANOMALY_CLOSED')
      await logOperation(tx, actor, {
        ...{ at, action: 'closeAnomaly', resource: 'anomaly', resourceId: anomalyId, regionPath: row.regionPath },
        after: { outcome },
      })
      return { id: anomalyId }
    }),
  )
}

async function readSubjects(db: Db, keys: Keys, rows: readonly Row[]): Promise<(row: Row) => AnomalyView['subjects']> {
  const ids = [...new Set(rows.flatMap(({ subjects }) => JSON.parse(subjects) as string[]))]
  const members = new Map((await findBy(db, 'Member', 'id', ids)).map((one) => [one.id, one.personId]))
  const elders = new Map((await findBy(db, 'Elder', 'id', ids)).map((one) => [one.id, one.personId]))
  const plates = new Map((await findBy(db, 'Plate', 'id', ids)).map((one) => [one.id, one.serial]))
  const persons = await openPersons(db, keys, [...members.values(), ...elders.values(), ...ids])
  const nameOf = (personId: string) => maskName(persons.get(personId)?.name ?? '')
  return ({ subjects }) =>
    (JSON.parse(subjects) as string[]).map((id) => {
      const [member, elder, plate] = [members.get(id), elders.get(id), plates.get(id)]
      if (member !== undefined) return { id, name: nameOf(member), kind: 'member' as const }
      if (elder !== undefined) return { id, name: nameOf(elder), kind: 'elder' as const }
      return plate === undefined
        ? { id, name: nameOf(id), kind: 'person' as const }
        : { id, name: plate, kind: 'plate' as const }
    })
}
