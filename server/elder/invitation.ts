import { createHash } from 'node:crypto'
import { REFUSALS, Refusal, type RefusalCode, refuse } from '../../shared/core/refusals'
import { addDays, addSeconds, dayOf } from '../../shared/core/time'
import type { InviteProxyInput } from '../../shared/elder/input'
import { type Invitation, whyNotOpen, whyNotProxy, whyNotTake } from '../../shared/elder/rules'
import type { InvitationView, ProxyOffer } from '../../shared/elder/view'
import { CONSENT_TEXTS } from '../../shared/person/consents'
import { maskName } from '../../shared/person/rules'
import { readCode } from '../../shared/plate/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import { mintPlateToken, newCodeId, printedNumber, readPlateToken, readPrintedNumber } from '../core/code-tokens'
import type { Keys } from '../core/config'
import type { KeyRing } from '../core/crypto'
import { type Db, execute, type Reader, type Tx } from '../core/db'
import { newId } from '../core/ids'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import type { File } from '../core/route'
import { drawnAnew } from '../paper/picture'
import { openForPersons, openPersons, sealForPerson } from '../person/vault'
import { regionNames } from '../region/queries'
import { settingsAt } from '../region/settings'

type Row = Awaited<ReturnType<Db['proxyInvitation']['findUniqueOrThrow']>>
type How = 'app' | 'paper'

/**
 * The elder asks somebody to act for him or her, on the own phone; or staff do, from a signed paper whose photograph they
 * attach. Whoever scans the code in time may take it up, once.
 *
 * @throws Refusal NOT_FOUND, ELDER_ENDED, PROXY_PAPER, PROXY_NO_PAPER, PICTURE_FORMAT, PROXY_TOO_LONG, DATE_ORDER, PROXY_FULL
 */
export async function inviteProxy(
  db: Db,
  keys: Keys,
  actor: Actor,
  input: InviteProxyInput,
  at: Date,
): Promise<{ id: string }> {
  const { paper, ...said } = input
  const elder = await db.elder.findUnique({ where: { id: input.elderId } })
  const how = elder === null ? null : howOf(actor, elder)
  if (elder === null || how === null) throw new Refusal('NOT_FOUND')
  if (how === 'paper' && paper === undefined) throw new Refusal('PROXY_PAPER', { field: 'paper' })
  if (how === 'app' && paper !== undefined) throw new Refusal('PROXY_NO_PAPER', { field: 'paper' })
  const picture = paper === undefined ? null : (await drawnAnew(paper, 'paper')).bytes
  const paperHash = picture === null ? null : createHash('sha256').update(picture).digest('hex')
  const ask = { key: input.id, personId: actor.personId, verb: 'inviteProxy', input: { ...said, paperHash }, at }
  return db.$transaction((tx) =>
    once(tx, ask, async () => {
      const { id, elderId, relation } = input
      const { regionPath } = elder
      if (elder.endedDay !== null) throw new Refusal('ELDER_ENDED')
      const { proxyInviteMinutes, proxyDaysMax } = await settingsAt(tx, regionPath, dayOf(at))
      const last = addDays(dayOf(at), proxyDaysMax)
      const validTo = input.validTo ?? last
      if (validTo > last) throw new Refusal('PROXY_TOO_LONG', { field: 'validTo' })
      const proxies = await tx.proxy.findMany({ where: { elderId, revokedAt: null } })
      refuse(whyNotProxy(elder, proxies, { personId: '', validFrom: dayOf(at), validTo }, dayOf(at)))
      await endOpen(tx, elderId, actor.personId, at)
      const codeId = newCodeId()
      await tx.proxyInvitation.create({
        data: {
          ...{ id, codeId, keyId: keys.code[0].id, serial: printedNumber(codeId), elderId, regionPath, relation },
          ...{ scopes: scopesOf(input.scopes), validTo, how, paperHash, byPersonId: actor.personId, createdAt: at },
          paperSealed:
            picture === null
              ? null
              : await sealForPerson(tx, keys, elder.personId, 'proxy_invitation', 'paper', picture.toString('base64')),
          expiresAt: addSeconds(at, proxyInviteMinutes * 60),
        },
      })
      await logOperation(tx, actor, {
        ...{ at, action: 'inviteProxy', resource: 'elder', resourceId: elderId, regionPath },
        after: { invitationId: id, how, scopes: scopesOf(input.scopes), validTo, paperHash },
      })
      return { id }
    }),
  )
}

/** A new code of the same person for the same elder ends the one before: there is one to show at a time. */
async function endOpen(tx: Tx, elderId: string, byPersonId: string, at: Date): Promise<void> {
  await tx.proxyInvitation.updateMany({
    where: { elderId, byPersonId, acceptedAt: null, endedAt: null },
    data: { endedAt: at },
  })
}

/** The code isn't to be used any more. Ended twice is ended. */
export async function endInvitation(db: Db, actor: Actor, id: string, at: Date): Promise<{ id: string }> {
  const row = await findOwn(db, actor, id)
  await db.proxyInvitation.updateMany({ where: { id: row.id, acceptedAt: null, endedAt: null }, data: { endedAt: at } })
  return { id }
}

/** The code for who invited, and whether somebody has taken it up. @throws Refusal NOT_FOUND */
export async function showInvitation(
  db: Reader,
  keys: Keys,
  publicUrl: string,
  actor: Actor,
  id: string,
  at: Date,
): Promise<InvitationView> {
  const row = await findOwn(db, actor, id)
  const reason = whyNotOpen(row, at)
  const token = reason === null ? tokenOf(keys, row) : null
  const by = row.acceptedByPersonId
  const name = by === null ? null : ((await openPersons(db, keys, [by])).get(by)?.name ?? '')
  const { elderId, relation, scopes, validTo, expiresAt, serial } = row
  return {
    ...{ id, elderId, relation, validTo, scopes: scopes.split(','), expiresAt: expiresAt.toISOString() },
    state: reason === null ? 'open' : row.acceptedAt !== null ? 'accepted' : row.endedAt !== null ? 'ended' : 'expired',
    address: token === null ? null : `${publicUrl}/i/${token}`,
    number: serial,
    acceptedBy: name === null || actor.elder?.id === elderId ? name : maskName(name),
  }
}

/**
 * What somebody who scanned the code would take up: for whom, for what, until when.
 * @throws Refusal INVITATION_UNKNOWN
 */
export async function readOffer(db: Db, keys: Keys, actor: Actor, code: string, at: Date): Promise<ProxyOffer> {
  const { row, elder } = await findByCode(db, keys, code)
  const reason = await whyNotAccept(db, row, elder, actor.personId, at)
  const persons = await openPersons(db, keys, [elder.personId])
  const { agencyName, hotline } = await settingsAt(db, row.regionPath, dayOf(at))
  // Who comes too late, or may not, learns nothing about the elder.
  const name = reason === null ? (persons.get(elder.personId)?.name ?? '') : ''
  return {
    ...{ agencyName, hotline, relation: row.relation, validTo: row.validTo, scopes: row.scopes.split(',') },
    expiresAt: row.expiresAt.toISOString(),
    elderName: name,
    regionName: reason === null ? ((await regionNames(db, [elder.regionId])).get(elder.regionId)?.name ?? '') : '',
    how: row.how as How,
    whyNot: reason,
    whyNotSentence: reason === null ? null : REFUSALS[reason][1],
  }
}

/**
 * The relative says yes: from today he or she may act. The first who says it, for the code works once.
 * @throws Refusal INVITATION_UNKNOWN, INVITATION_OVER, INVITATION_USED, INVITATION_OWN, ELDER_ENDED, and those of whyNotProxy
 */
export async function acceptProxy(
  db: Db,
  keys: Keys,
  actor: Actor,
  input: { id: string; code: string },
  at: Date,
): Promise<{ id: string }> {
  const { row, elder } = await findByCode(db, keys, input.code)
  const ask = { key: input.id, personId: actor.personId, verb: 'acceptProxy', input: { invitationId: row.id }, at }
  return db.$transaction((tx) =>
    once(tx, ask, async () => {
      // Two who take up two codes at once would both be the fourth: the elder is held until the commit.
      await execute(tx, `UPDATE elder SET "ownPhone" = "ownPhone" WHERE "id" = $1`, elder.id)
      const now = await tx.proxyInvitation.findUniqueOrThrow({ where: { id: row.id } })
      refuse(await whyNotAccept(tx, now, elder, actor.personId, at))
      const { id: proxyId } = await tx.proxy.create({
        data: {
          ...{ id: newId(at), elderId: elder.id, personId: actor.personId, relation: now.relation },
          ...{ scopes: now.scopes, validFrom: dayOf(at), validTo: now.validTo, byPersonId: now.byPersonId },
          revokedAt: null,
        },
      })
      await tx.proxyInvitation.update({
        where: { id: now.id },
        data: { acceptedAt: at, acceptedByPersonId: actor.personId, proxyId },
      })
      await consentOf(tx, now, elder.personId, at)
      await logOperation(tx, actor, {
        ...{ at, action: 'acceptProxy', resource: 'elder', resourceId: elder.id, regionPath: elder.regionPath },
        after: { invitationId: now.id, proxyId, scopes: now.scopes, validTo: now.validTo },
      })
      return { id: elder.id }
    }),
  )
}

/** Whom a live invitation is of, for somebody who has no account yet. @throws Refusal INVITATION_UNKNOWN, INVITATION_OVER */
export async function findOpenInvitation(db: Reader, keys: Keys, code: string, at: Date): Promise<Row> {
  const { row } = await findByCode(db, keys, code)
  refuse(whyNotOpen(row, at), { field: 'code' })
  return row
}

/** The photograph of the signed paper, for the desk; that it was looked at is kept. @throws Refusal NOT_FOUND, PICTURE_FORGOTTEN */
export async function readAuthorisation(db: Db, keys: Keys, actor: Actor, id: string, at: Date): Promise<File> {
  const row = await db.proxyInvitation.findUnique({ where: { id } })
  if (row === null || row.paperHash === null || !mayOver(actor, can('elder.read'), row.regionPath))
    throw new Refusal('NOT_FOUND')
  if (row.paperSealed === null) throw new Refusal('PICTURE_FORGOTTEN')
  const { personId } = await db.elder.findUniqueOrThrow({ where: { id: row.elderId } })
  const [opened = null] = await openForPersons(db, keys, [
    { personId, table: 'proxy_invitation', column: 'paper', sealed: row.paperSealed },
  ])
  if (opened === null) throw new Refusal('NOT_FOUND')
  const { elderId, regionPath } = row
  await db.$transaction((tx) =>
    logOperation(tx, actor, { at, action: 'read', resource: 'elder', resourceId: elderId, regionPath }),
  )
  return { bytes: Buffer.from(opened, 'base64'), type: 'image/jpeg', name: `授权书-${id.slice(-6)}.jpg` }
}

type ElderOf = { id: string; personId: string; endedDay: string | null }

async function whyNotAccept(
  db: Reader,
  row: Invitation & Pick<Row, 'validTo'>,
  elder: ElderOf,
  personId: string,
  at: Date,
): Promise<RefusalCode | null> {
  const taken = whyNotTake(row, personId, at)
  if (taken !== null) return taken
  if (elder.endedDay !== null) return 'ELDER_ENDED'
  const proxies = await db.proxy.findMany({ where: { elderId: elder.id, revokedAt: null } })
  return whyNotProxy(elder, proxies, { personId, validFrom: dayOf(at), validTo: row.validTo }, dayOf(at))
}

/** What the elder agreed to by inviting, on the phone or on paper; withdrawn, it stops all proxies. */
async function consentOf(tx: Tx, { how, byPersonId }: Row, personId: string, at: Date): Promise<void> {
  const kind = 'proxy'
  if ((await tx.consent.count({ where: { personId, kind, withdrawnAt: null } })) > 0) return
  const textVersion = CONSENT_TEXTS[kind].version
  await tx.consent.create({
    data: { id: newId(at), personId, kind, textVersion, how, byPersonId, at, withdrawnAt: null },
  })
}

async function findByCode(
  db: Reader,
  keys: Keys,
  code: string,
): Promise<{ row: Row; elder: Awaited<ReturnType<typeof elderOf>> }> {
  const read = readCode(code)
  const isToken = read?.kind === 'invitation' || read?.kind === 'token'
  const codeId = isToken ? readPlateToken(keys.code, 'i', read.value) : null
  const number = read?.kind === 'number' ? readPrintedNumber(read.value) : null
  const row =
    codeId !== null
      ? await db.proxyInvitation.findUnique({ where: { codeId } })
      : number !== null
        ? await db.proxyInvitation.findUnique({ where: { serial: (number.match(/.{4}/g) ?? []).join('-') } })
        : null
  if (row === null) throw new Refusal('INVITATION_UNKNOWN', { field: 'code' })
  return { row, elder: await elderOf(db, row.elderId) }
}

function elderOf(db: Reader, id: string) {
  return db.elder.findUniqueOrThrow({ where: { id } })
}

/** Who invited, and the staff of the place for those that staff sent. */
async function findOwn(db: Reader, actor: Actor, id: string): Promise<Row> {
  const row = await db.proxyInvitation.findUnique({ where: { id } })
  const isOwn =
    row !== null &&
    (row.byPersonId === actor.personId || (row.how === 'paper' && mayOver(actor, can('elder.keep'), row.regionPath)))
  if (!isOwn) throw new Refusal('NOT_FOUND')
  return row
}

function tokenOf(keys: Keys, { keyId, codeId }: Row): string | null {
  const key = keys.code.find((one) => one.id === keyId)
  return key === undefined ? null : mintPlateToken([key] satisfies KeyRing, 'i', codeId)
}

function howOf(actor: Actor, elder: { id: string; regionPath: string }): How | null {
  if (actor.elder?.id === elder.id) return 'app'
  return mayOver(actor, can('elder.keep'), elder.regionPath) ? 'paper' : null
}

function scopesOf(scopes: readonly string[]): string {
  return [...new Set(scopes)].sort().join(',')
}
