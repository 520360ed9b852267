import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { addSeconds, dayOf } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import type { openScreenInput, screenQuery } from '../../shared/plate/input'
import type { ScreenView } from '../../shared/plate/view'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import { mintRotatingToken, newCodeId, type Phase, secondsLeftOfStep } from '../core/code-tokens'
import type { Keys } from '../core/config'
import type { Db, Reader, Tx } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { elderNames } from '../elder/queries'
import { openPersons } from '../person/vault'
import { settingsAt } from '../region/settings'
import { eldersOfScreen, type RotatingSession } from './rotating'

/**
 * Opens a screen whose code changes every few seconds: by the elder, who may confirm for the elder, or staff who stand
 * beside; staff also where many elders meet, for all of them.
 *
 * @throws Refusal NOT_FOUND, ELDER_ENDED
 */
export async function openScreen(
  db: Db,
  actor: Actor,
  input: z.infer<typeof openScreenInput>,
  at: Date,
): Promise<{ id: string }> {
  const key = { key: input.id, personId: actor.personId, verb: 'openScreen', input, at }
  return db.$transaction((tx) =>
    once(tx, key, async () => {
      const { activity } = input
      const named = [...(input.elderId === undefined ? [] : [input.elderId]), ...(activity?.others ?? [])]
      const elders: Shown[] = []
      for (const id of new Set(named)) elders.push(await findShown(tx, actor, id))
      const site = activity?.siteId === undefined ? null : await findSite(tx, actor, activity.siteId)
      const [first] = elders
      const place = (site ?? first) as Place
      // where many meet, the tablet is the staff's
      if (activity !== undefined && !mayOver(actor, can('plate.keep'), place.regionPath)) throw new Refusal('NOT_FOUND')
      const { regionId, regionPath, countyId } = place
      const elderId = first?.id ?? null
      const { rotatingSessionHours } = await settingsAt(tx, regionPath, dayOf(at))
      const id = newCodeId()
      await tx.rotatingSession.create({
        data: {
          ...{ id, elderId, siteId: site?.id ?? null, regionId, regionPath, countyId },
          elderIds: JSON.stringify(elders.map((one) => one.id)),
          title: activity?.title ?? '',
          kind: activity !== undefined ? 'site' : isOwn(actor, elderId ?? '') ? 'elder' : 'staff',
          ...{ openedByPersonId: actor.personId, openedAt: at },
          expiresAt: addSeconds(at, rotatingSessionHours * 3600),
        },
      })
      const resource = elderId === null ? 'organisation' : 'elder'
      const resourceId = elderId ?? site?.id ?? ''
      await logOperation(tx, actor, { at, action: 'openScreen', resource, resourceId, regionPath })
      return { id }
    }),
  )
}

type Place = { id: string; regionId: string; regionPath: string; countyId: string }
type Shown = Awaited<ReturnType<typeof findShown>>

async function findSite(tx: Tx, actor: Actor, id: string): Promise<Place> {
  const site = await tx.organisation.findUnique({ where: { id } })
  if (site === null || !site.active || !mayOver(actor, can('plate.keep'), site.regionPath))
    throw new Refusal('NOT_FOUND', { field: 'siteId' })
  return site
}

async function findShown(tx: Tx, actor: Actor, id: string) {
  const elder = await tx.elder.findUnique({ where: { id } })
  if (elder === null || !mayShow(actor, elder)) throw new Refusal('NOT_FOUND')
  if (elder.endedDay !== null) throw new Refusal('ELDER_ENDED')
  return elder
}

function isOwn(actor: Actor, elderId: string): boolean {
  const isProxy = actor.proxyOf.some((one) => one.elderId === elderId && one.scopes.includes('confirm'))
  return actor.elder?.id === elderId || isProxy
}

function mayShow(actor: Actor, elder: { id: string; regionPath: string }): boolean {
  return isOwn(actor, elder.id) || mayOver(actor, can('plate.keep'), elder.regionPath)
}

/**
 * What the screen shows now, and for how long. Whose phone opened it sees it, nobody else.
 * @throws Refusal NOT_FOUND
 */
export async function showScreen(
  db: Reader,
  keys: Keys,
  actor: Actor,
  id: string,
  { phase: asked }: z.infer<typeof screenQuery>,
  at: Date,
): Promise<ScreenView> {
  const session = await findScreen(db, actor, id)
  const { rotatingStepSeconds: stepSeconds } = await settingsAt(db, session.regionPath, dayOf(at))
  const isOpen = session.closedAt === null && at < session.expiresAt
  const { elderId, siteId } = session
  const names = await elderNames(db, keys, elderId === null ? [] : [elderId], dayOf(at))
  const atSite = siteId === null ? [] : [{ siteId }]
  const serving = await db.visit.count({
    where: {
      state: 'inProgress',
      OR: [{ elders: { some: { elderId: { in: eldersOfScreen(session) } } } }, ...atSite],
    },
  })
  const phase = asked ?? (serving > 0 ? 'out' : 'in')
  return {
    id,
    name: session.title === '' ? (names.get(elderId ?? '')?.calledName ?? '') : session.title,
    phase,
    token: isOpen ? mintRotatingToken(keys.code, id, { phase, at, stepSeconds }) : null,
    secondsLeft: secondsLeftOfStep({ at, stepSeconds }),
    stepSeconds,
    scanned: await db.rotatingUse.count({ where: { sessionId: id, phase } }),
    lastName: await nameOfLast(db, keys, id, phase),
    serving,
  }
}

async function nameOfLast(db: Reader, keys: Keys, sessionId: string, phase: Phase): Promise<string | null> {
  const use = await db.rotatingUse.findFirst({ where: { sessionId, phase }, orderBy: { usedAt: 'desc' } })
  if (use === null) return null
  const { personId } = await db.member.findUniqueOrThrow({ where: { id: use.memberId } })
  return maskName((await openPersons(db, keys, [personId])).get(personId)?.name ?? '')
}

/** Nothing the screen showed is worth anything from now on. */
export async function closeScreen(db: Db, actor: Actor, id: string, at: Date): Promise<{ id: string }> {
  await findScreen(db, actor, id)
  await db.rotatingSession.updateMany({ where: { id, closedAt: null }, data: { closedAt: at } })
  return { id }
}

async function findScreen(db: Reader, actor: Actor, id: string): Promise<RotatingSession> {
  const session = await db.rotatingSession.findUnique({ where: { id } })
  if (session === null || session.openedByPersonId !== actor.personId) throw new Refusal('NOT_FOUND')
  return session
}
