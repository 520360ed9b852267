import type { z } from 'zod'
import type { closeAlarmInput, openAlarmInput } from '../../shared/alarm/input'
import { escalated, LEVEL_WORDS, type Level } from '../../shared/alarm/rules'
import { Refusal } from '../../shared/core/refusals'
import { addSeconds, dayOf } from '../../shared/core/time'
import { can, type Permission } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import { insertAll } from '../core/bulk'
import { type Db, type Tx, transact } from '../core/db'
import { once } from '../core/once'
import { logEach, logOperation } from '../core/operation-log'
import { notify } from '../notice/notify'
import { nearestStaff } from '../notice/staff'
import { settingsAt } from '../region/settings'

type Row = Awaited<ReturnType<Db['alarm']['findUniqueOrThrow']>>
const ANSWERS = { village: 'alarm.village', town: 'alarm.town', county: 'alarm.county' } as const satisfies Record<
  Level,
  Permission
>

/**
 * Staff open an alarm for an elder who telephoned: it has a deadline, is an event of the elder (a visit is owed within the
 * hours of the rules), and the nearest staff are told.
 *
 * @throws Refusal NOT_FOUND, ELDER_ENDED
 */
export async function openAlarm(
  db: Db,
  actor: Actor,
  input: z.infer<typeof openAlarmInput>,
  at: Date,
): Promise<{ id: string }> {
  return transact(db, (tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'openAlarm', input, at }, async () => {
      const { id, elderId, words } = input
      const elder = await tx.elder.findFirst({ where: { id: elderId, ...inScope(actor, can('alarm.keep')) } })
      if (elder === null) throw new Refusal('NOT_FOUND')
      if (elder.endedDay !== null) throw new Refusal('ELDER_ENDED')
      const { alarmMinutes } = await settingsAt(tx, elder.regionPath, dayOf(at))
      const row = {
        ...{ id, elderId, regionId: elder.regionId, regionPath: elder.regionPath, words },
        ...{ origin: 'hotline', openedByPersonId: actor.personId, openedAt: at, level: 'village', state: 'open' },
        dueAt: addSeconds(at, alarmMinutes * 60),
      }
      await insertAll(tx, 'alarm', [row])
      await insertAll(tx, 'elder_event', [
        {
          ...{ id, elderId, kind: 'alarm', happenedAt: at, day: dayOf(at), note: words },
          ...{ byPersonId: actor.personId, recordedAt: at },
        },
      ])
      await tell(tx, row, 'village', at)
      await logOf(tx, actor, row, 'openAlarm', at)
      return { id }
    }),
  )
}

/** Somebody goes: the alarm stays open, but goes up only when that takes too long as well. */
export async function takeAlarm(
  db: Db,
  actor: Actor,
  alarmId: string,
  input: { id: string },
  at: Date,
): Promise<{ id: string }> {
  return transact(db, (tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'takeAlarm', input: { alarmId }, at }, async () => {
      const alarm = await findAlarm(tx, actor, alarmId)
      const { alarmStepMinutes } = await settingsAt(tx, alarm.regionPath, dayOf(at))
      const taken = await tx.alarm.updateMany({
        where: { id: alarmId, state: 'open' },
        data: {
          ...{ state: 'taken', takenByPersonId: actor.personId, takenAt: at },
          dueAt: addSeconds(at, alarmStepMinutes * 60),
        },
      })
      if (taken.count === 0) throw new Refusal('ALARM_STATE')
      await logOf(tx, actor, alarm, 'takeAlarm', at)
      return { id: alarmId }
    }),
  )
}

/** The elder was seen to. */
export async function closeAlarm(
  db: Db,
  actor: Actor,
  alarmId: string,
  input: z.infer<typeof closeAlarmInput>,
  at: Date,
): Promise<{ id: string }> {
  return transact(db, (tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'closeAlarm', input: { alarmId, ...input }, at },
      async () => {
        const alarm = await findAlarm(tx, actor, alarmId)
        const closed = await tx.alarm.updateMany({
          where: { id: alarmId, state: { not: 'closed' } },
          data: { state: 'closed', closedByPersonId: actor.personId, closedAt: at, outcome: input.outcome },
        })
        if (closed.count === 0) throw new Refusal('ALARM_STATE')
        await logOf(tx, actor, alarm, 'closeAlarm', at)
        return { id: alarmId }
      },
    ),
  )
}

/**
 * What nobody closed in time goes up, from the village to the town to the county, and those are told; at the county it is
 * said again each time.
 *
 * @returns how many went up
 */
export async function escalateAlarms(db: Db, at: Date): Promise<number> {
  const due = await db.alarm.findMany({
    where: { state: { not: 'closed' }, dueAt: { lte: at } },
    orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
    take: 500,
  })
  let up = 0
  for (const alarm of due) up += (await transact(db, (tx) => escalate(tx, alarm, at))) ? 1 : 0
  return up
}

async function escalate(tx: Tx, alarm: Row, at: Date): Promise<boolean> {
  const { alarmStepMinutes } = await settingsAt(tx, alarm.regionPath, dayOf(at))
  const { level, dueAt } = escalated(alarm.level as Level, at, alarmStepMinutes)
  const moved = await tx.alarm.updateMany({
    where: { id: alarm.id, state: { not: 'closed' }, dueAt: alarm.dueAt },
    data: { level, dueAt },
  })
  if (moved.count === 0) return false
  await tell(tx, alarm, level, at)
  await logEach(tx, [
    {
      ...{ actor: null, at, action: 'escalateAlarm', resource: 'alarm', resourceId: alarm.id },
      regionPath: alarm.regionPath,
      after: { level },
    },
  ])
  return true
}

async function tell(tx: Tx, alarm: Pick<Row, 'id' | 'regionPath'>, level: Level, at: Date): Promise<void> {
  const persons = await nearestStaff(tx, can(ANSWERS[level]), pathOf(alarm.regionPath, level), at)
  await notify(
    tx,
    persons.map((personId) => ({
      personId,
      kind: 'alarm' as const,
      title: '有老人求助',
      body:
        level === 'village' ? '有老人打电话求助，请马上去看' : `有老人求助还没有人处理完，到${LEVEL_WORDS[level]}了`,
      deskLink: '/alarms',
      key: `alarm|${alarm.id}|${level}|${personId}|${at.toISOString()}`,
    })),
    at,
  )
}

/** The region of an elder's path that answers: village, the one above, the one above that. */
function pathOf(regionPath: string, level: Level): string {
  const steps = regionPath.split('/').filter((step) => step !== '')
  const up = level === 'village' ? 0 : level === 'town' ? 1 : 2
  return `/${steps.slice(0, Math.max(1, steps.length - up)).join('/')}/`
}

async function findAlarm(tx: Tx, actor: Actor, alarmId: string): Promise<Row> {
  const alarm = await tx.alarm.findFirst({ where: { id: alarmId, ...inScope(actor, can('alarm.keep')) } })
  if (alarm === null) throw new Refusal('NOT_FOUND')
  return alarm
}

function logOf(tx: Tx, actor: Actor, alarm: Pick<Row, 'id' | 'regionPath'>, action: string, at: Date): Promise<void> {
  return logOperation(tx, actor, { at, action, resource: 'alarm', resourceId: alarm.id, regionPath: alarm.regionPath })
}
