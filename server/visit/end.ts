import { createHmac } from 'node:crypto'
import { copyWith } from '../../shared/core/copy'
import { distanceMetres, type Point, wgs84Of } from '../../shared/core/geo'
import type { Place } from '../../shared/core/input'
import { readCode } from '../../shared/plate/rules'
import { type End, isPrecise, levelOfEnd, OFFLINE_LEVEL_MAX } from '../../shared/visit/evidence'
import type { Arrival } from '../../shared/visit/raise'
import type { Actor } from '../core/actor'
import type { RowOf } from '../core/bulk'
import { type Phase, readPrintedNumber } from '../core/code-tokens'
import type { Keys } from '../core/config'
import type { Reader } from '../core/db'
import { newId } from '../core/ids'
import { withdrawnOf } from '../person/consents'
import { sealerFor } from '../person/vault'
import { type FoundPlate, findPlates } from '../plate/queries'
import {
  eldersOfScreen,
  type FoundRotating,
  findRotating,
  type RotatingSession,
  rotatingKey,
  rotatingTokenOf,
} from '../plate/rotating'
import { boundPhones } from '../session/device'

/** It was done without a network: when it reached the server, and how far the phone's clock was off. */
export type Offline = { receivedAt: Date; clockSeconds: number }
/** Something a helper did at a door: scanned, typed or pressed. */
export type Press = {
  actor: Actor
  code?: string | undefined
  place?: Place | undefined
  deviceAt: string
  at: Date
  offline?: Offline | undefined
}

/** When the server learnt of it. */
export function recordedAt({ at, offline }: { at: Date; offline?: Offline | undefined }): Date {
  return offline?.receivedAt ?? at
}

/**
 * What a press asks for. Where the phone was and what its clock said is evidence of the press that arrived: when the answer
 * is lost and the same press comes again, a minute later and some steps further on, it asks for the same.
 */
export function askedBy<T extends { place?: unknown; deviceAt: string }>(press: T): Omit<T, 'place' | 'deviceAt'> {
  const { place: _place, deviceAt: _deviceAt, ...asked } = press
  return asked
}

/** Where a visit is: the household behind one door or a site, and its place if somebody noted it. */
export type Door = {
  householdElderIds: ReadonlySet<string>
  siteId: string | null
  homePoint: Point | null
  nearMetres: number
  placeDecimals: number
}
/** What presses are judged by; read once for a list. */
export type EndKnowledge = {
  plates: ReadonlyMap<string, FoundPlate | null>
  rotating: (press: Press, phase: Phase) => FoundRotating | null
  isBound: (press: Press) => boolean
  /** helpers who took back that their place is kept: it is as if none was given */
  unplaced: ReadonlySet<string>
  seal: (personId: string, table: string, column: string, text: string) => string
  keys: Keys
}
export type EvidenceRow = RowOf<'VisitEvidence'>
type Judged = {
  arrival: Arrival
  level: number
  plateId: string | null
  screen: FoundRotating | null
  /** where the phone was, if it was precise, and as it is kept */
  point: Point | null
  kept: string | null
}

export async function readEndKnowledge(db: Reader, keys: Keys, presses: readonly Press[]): Promise<EndKnowledge> {
  const plates = await findPlates(
    db,
    keys,
    presses.flatMap((press) => press.code ?? []),
  )
  const screens = await readScreens(db, keys, presses)
  const bound = await boundPhones(
    db,
    presses.map(({ actor }) => actor.deviceId),
  )
  const unplaced = await withdrawnOf(
    db,
    presses.filter((press) => press.place !== undefined).map((press) => press.actor.personId),
    'location',
  )
  const placed = presses.filter((press) => press.place !== undefined && !unplaced.has(press.actor.personId))
  const seal =
    placed.length === 0
      ? noSeal
      : await sealerFor(
          db,
          keys,
          placed.map((press) => press.actor.personId),
        )
  return {
    plates,
    rotating: (press, phase) => screens.get(rotatingKey(askOf(press, phase))) ?? null,
    keys,
    seal,
    unplaced,
    isBound: ({ actor: { deviceId, personId }, at, offline }) =>
      bound.some(
        (one) =>
          one.deviceId === deviceId &&
          one.personId === personId &&
          (one.unboundAt === null || (offline !== undefined && at < one.unboundAt)),
      ),
  }
}

const PHASES: readonly Phase[] = ['in', 'out']

function readScreens(db: Reader, keys: Keys, presses: readonly Press[]): Promise<Map<string, FoundRotating | null>> {
  // a phone without a network can't know what a screen shows now: such a code is a press and no more
  const scanned = presses.filter((press) => press.code !== undefined && press.offline === undefined)
  return findRotating(
    db,
    keys,
    scanned.flatMap((press) => PHASES.map((phase) => askOf(press, phase))),
  )
}

function askOf({ code = '', actor: { member }, at }: Press, phase: Phase) {
  return { code, memberId: member?.id ?? '', countyId: member?.countyId ?? '', phase, at }
}

/** How well this press proves that its helper was at this door. */
export function judgeEnd(pressed: Press, door: Door, phase: 'in' | 'out', known: EndKnowledge): Judged {
  const press = asAllowed(pressed, known)
  const found = press.code === undefined ? null : (known.plates.get(press.code) ?? null)
  const precise = press.place !== undefined && isPrecise(press.place.accuracyMetres, door.nearMetres)
  const point = press.place !== undefined && precise ? wgs84Of(press.place) : null
  const screen = press.code === undefined ? null : known.rotating(press, phase)
  const isShown = screen !== null && screen.whyNot === null
  // where many meet is nobody's home: how far that is says nothing
  const homePoint = isShown && screen.session.kind === 'site' ? null : door.homePoint
  const end: End = {
    method: isShown ? 'rotating' : methodOf(press, found),
    plate: isShown ? placeOfScreen(screen.session, door) : plateOf(press, found, door),
    boundDevice: known.isBound(press),
    distanceMetres: point === null || homePoint === null ? null : distanceMetres(point, homePoint),
  }
  const arrival: Arrival = copyWith(end, {
    phase,
    hasHomePoint: homePoint !== null,
    at: press.at,
    deviceAt: new Date(press.deviceAt),
    offline: press.offline ?? null,
  })
  const level = levelOfEnd(end, door.nearMetres)
  return {
    arrival,
    level: press.offline === undefined ? level : Math.min(level, OFFLINE_LEVEL_MAX),
    plateId: found?.plate.id ?? null,
    screen: isShown ? screen : null,
    point,
    kept: point === null ? null : `${point.lat.toFixed(door.placeDecimals)},${point.lon.toFixed(door.placeDecimals)}`,
  }
}

/** Without the place of who doesn't want it kept. */
function asAllowed(press: Press, { unplaced }: EndKnowledge): Press {
  return unplaced.has(press.actor.personId) ? { ...press, place: undefined } : press
}

/** The row that keeps it. A place is rounded and sealed; the HMAC finds identical raw readings. */
export function evidenceOf(
  visitId: string,
  phase: 'in' | 'during' | 'out',
  press: Press,
  judged: Judged,
  known: EndKnowledge,
): EvidenceRow {
  const { arrival, point, kept, level, plateId } = judged
  const { place } = asAllowed(press, known)
  return {
    id: newId(press.at),
    visitId,
    phase,
    at: press.at,
    recordedAt: recordedAt(press),
    method: arrival.method,
    plateId,
    rotatingSessionId: judged.screen?.session.id ?? null,
    level,
    deviceId: press.actor.deviceId,
    boundDevice: arrival.boundDevice,
    placeSealed: kept === null ? null : known.seal(press.actor.personId, 'visit_evidence', 'place', kept),
    placeDatum: kept === null ? null : (place?.datum ?? null),
    placeHmac:
      place === undefined || point === null
        ? null
        : createHmac('sha256', known.keys.place).update(`${place.datum}|${place.lat}|${place.lon}`).digest('hex'),
    distanceMetres: arrival.distanceMetres === null ? null : Math.round(arrival.distanceMetres),
    accuracyMetres: place === undefined ? null : Math.round(place.accuracyMetres),
  }
}

function placeOfScreen(session: RotatingSession, door: Door): End['plate'] {
  const isHere = isSiteOf(door, session.siteId) || eldersOfScreen(session).some((id) => door.householdElderIds.has(id))
  return isHere ? 'inForce' : 'otherDoor'
}

function methodOf(press: Press, found: FoundPlate | null): End['method'] {
  if (press.code === undefined || found === null) return 'button'
  return readPrintedNumber(press.code) === null ? 'plate' : 'typedNumber'
}

function plateOf(press: Press, found: FoundPlate | null, door: Door): End['plate'] {
  if (press.code === undefined) return null
  // Any other code of the world is no plate at all: then it was only a press.
  if (found === null) return readCode(press.code) === null || rotatingTokenOf(press.code) !== null ? null : 'unknown'
  const { elderId, organisationId, kind } = found.plate
  const isHere = kind === 'site' ? isSiteOf(door, organisationId) : door.householdElderIds.has(elderId ?? '')
  if (!isHere) return 'otherDoor'
  // A plate that was exchanged between the scan and the upload was in force when it was scanned.
  return found.plate.revokedAt !== null && found.plate.revokedAt <= press.at ? 'revoked' : 'inForce'
}

function isSiteOf({ siteId }: Door, other: string | null): boolean {
  return siteId !== null && siteId === other
}

function noSeal(): string {
  throw new Error('no place was given, so there is nothing to seal')
}
