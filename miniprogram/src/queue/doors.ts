import { dayOf } from '../../../shared/core/time'
import { readCode } from '../../../shared/plate/rules'
import type { DoorsView } from '../../../shared/plate/view'
import { get } from '../core/call'
import { now } from '../core/clock'
import { hashOf } from '../core/device'
import { forget, keep, kept } from '../core/keep'

const KEPT = 'doors'
export type KnownDoor = DoorsView['doors'][number]

/** Takes today's doors along: whose plate it is can then be seen without a network. */
export async function takeDoors(): Promise<DoorsView> {
  const doors = await get<DoorsView>('/doors/today')
  keep(KEPT, doors)
  return doors
}

/** The doors taken along today; yesterday's are wiped. (Whoever logs out leaves nothing behind.) */
export function keptDoors(): DoorsView | null {
  const doors = kept<DoorsView>(KEPT)
  if (doors === null || doors.day === dayOf(now())) return doors
  forget(KEPT)
  return null
}

/** Whose code this is, as far as the phone knows. */
export function findDoor(code: string): KnownDoor | null {
  const read = readCode(code)
  if (read === null) return null
  const hash = hashOf(read.value)
  return keptDoors()?.doors.find(({ codes }) => codes.includes(hash)) ?? null
}

export const namesOf = (door: KnownDoor): string => door.elders.map(({ calledName }) => calledName).join('、')
