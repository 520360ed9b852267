import { distanceMetres, type Point } from '../../shared/core/geo'
import { addSeconds } from '../../shared/core/time'
import { secondsBetween } from '../../shared/visit/rules'
import type { Keys } from '../core/config'
import { query, type Reader } from '../core/db'
import { openForPersons } from '../person/vault'
import type { Press } from './end'

export type Seen = { at: Date; point: Point }

/** Whoever was last seen longer ago can be anywhere in a county. */
export const SEEN_WITHIN_SECONDS = 12 * 3600

/** Where each helper of these presses was when last seen, and when; by member id. */
export async function lastSeen(db: Reader, keys: Keys, presses: readonly Press[]): Promise<Map<string, Seen>> {
  const placed = presses.filter((press) => press.place !== undefined)
  const memberIds = placed.flatMap(({ actor }) => actor.member?.id ?? [])
  if (memberIds.length === 0) return new Map()
  const earliest = Math.min(...placed.map(({ at }) => at.getTime()))
  const rows = await query<{ at: Date; placeSealed: string; memberId: string; memberPersonId: string }>(
    db,
    `SELECT e."at", e."placeSealed", v."memberId", v."memberPersonId"
     FROM visit AS v JOIN visit_evidence AS e ON e."visitId" = v."id"
     WHERE v."memberId" IN LIST($1) AND v."checkInAt" >= $2 AND e."placeSealed" IS NOT NULL ORDER BY e."at"`,
    memberIds,
    addSeconds(new Date(earliest), -SEEN_WITHIN_SECONDS),
  )
  const last = [...new Map(rows.map((row) => [row.memberId, row])).values()]
  const opened = await openForPersons(
    db,
    keys,
    last.map((row) => ({
      personId: row.memberPersonId,
      table: 'visit_evidence',
      column: 'place',
      sealed: row.placeSealed,
    })),
  )
  return new Map(
    last.flatMap((row, index) => {
      const [lat, lon] = (opened[index] ?? '').split(',').map(Number)
      return lat === undefined || lon === undefined ? [] : [[row.memberId, { at: row.at, point: { lat, lon } }]]
    }),
  )
}

/** How far and how long it was from there to here; null when one of both places is not known. */
export function travelledTo(
  point: Point | null,
  at: Date,
  seen: Seen | undefined,
): { metres: number; seconds: number } | null {
  if (point === null || seen === undefined || seen.at > at) return null
  return { metres: distanceMetres(seen.point, point), seconds: secondsBetween(seen.at, at) }
}
