import { addSeconds } from '../../shared/core/time'
import { SETTINGS } from '../../shared/region/settings'
import type { Keys } from '../core/config'
import { type Db, type Tx, transact } from '../core/db'
import { newId } from '../core/ids'
import { type Ending, endVisits, findRunning, type Running } from './ending'
import { lockHelpersOf } from './lock'
import { readSettings } from './settings'

/** What one commit closes. */
const CHUNK = 100
/** Nobody proved this end, so it is worth what a press is worth; E01 sends it to the audit. */
const CLOSED_LEVEL = 1

/**
 * Ends what nobody ended: at the longest time a visit may have, with E01. The end is that moment, not the moment this ran.
 *
 * @returns how many were closed
 */
export async function closeLongVisits(db: Db, keys: Keys, at: Date): Promise<number> {
  const running = await db.visit.findMany({
    where: { state: 'inProgress', checkInAt: { lte: addSeconds(at, -SETTINGS.visitSecondsMax.least) } },
    select: { id: true, regionPath: true, day: true, checkInAt: true },
    orderBy: { checkInAt: 'asc' },
  })
  const settings = await readSettings(db, running)
  const long = running.filter(
    (visit) => addSeconds(visit.checkInAt, settings(visit.regionPath, visit.day).visitSecondsMax) <= at,
  )
  for (let from = 0; from < long.length; from += CHUNK) {
    const ids = long.slice(from, from + CHUNK).map(({ id }) => id)
    await transact(db, (tx) => close(tx, keys, ids, at))
  }
  return long.length
}

async function close(tx: Tx, keys: Keys, ids: readonly string[], at: Date): Promise<void> {
  await lockHelpersOf(tx, ids)
  const running = (await findRunning(tx, ids)).filter(({ state }) => state === 'inProgress')
  const settings = await readSettings(tx, running)
  await endVisits(
    tx,
    keys,
    running.map((visit) => endingOf(visit, settings(visit.regionPath, visit.day).visitSecondsMax, at)),
  )
}

function endingOf(visit: Running, visitSecondsMax: number, at: Date): Ending {
  const endAt = addSeconds(visit.checkInAt, visitSecondsMax)
  const evidence = {
    id: newId(at),
    visitId: visit.id,
    phase: 'out',
    at: endAt,
    recordedAt: at,
    method: 'job',
    plateId: null,
    rotatingSessionId: null,
    level: CLOSED_LEVEL,
    deviceId: null,
    boundDevice: false,
    placeSealed: null,
    placeDatum: null,
    placeHmac: null,
    distanceMetres: null,
    accuracyMetres: null,
  }
  return { visit, endAt, evidence, exitLevel: CLOSED_LEVEL, arrival: null, tasksDone: [], actor: null, at }
}
