import { createHash, randomInt } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { generateSecret, generateURI, verifySync } from 'otplib'
import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { addSeconds, dayOf, holdsOn } from '../../shared/core/time'
import type { passwordLoginInput, proveInput, setLoginInput } from '../../shared/session/input'
import { whyNotPassword } from '../../shared/session/password'
import type { Tokens } from '../../shared/session/view'
import { type Actor, whyNotProved } from '../core/actor'
import type { RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import { openField, sealField } from '../core/crypto'
import type { Db } from '../core/db'
import { logOperation } from '../core/operation-log'
import { findByPhone, openForPersons, openPersons, sealForPerson } from '../person/vault'
import { logSignIn } from './sign-ins'
import { startSession } from './start'

/** OWASP's second choice for argon2id: 19 MiB, two passes. */
const ARGON = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const FAILURES_MAX = 5
const LOCK_SECONDS = 900
const TICKET_SECONDS = 900
const TICKET = { table: 'staff_login', column: 'ticket', personId: '', version: 1 }
const STEP_SECONDS = 30
const RECOVERY_CODES = 10
/** Without I, O, 0, 1: read off a sheet of paper. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
type Login = RowOf<'StaffLogin'>

/**
 * What the app of the six digits is set up with, by whoever has shown shortly before who they are: a desk that was left
 * open must not be made one's own.
 * @throws Refusal PROOF_NEEDED
 */
export async function newLoginSetup(keys: Keys, actor: Actor, at: Date) {
  refuse(whyNotProved(actor, at))
  const secret = generateSecret()
  const until = addSeconds(at, TICKET_SECONDS).toISOString()
  const ticket = sealField(keys.own, JSON.stringify({ personId: actor.personId, secret, until }), TICKET)
  return { ticket, secret, uri: generateURI({ issuer: 'Mulin', label: actor.personId.slice(0, 8), secret }) }
}

/** Sets password and app in one step, and makes recovery codes; what was set before no longer counts. */
export async function setLogin(
  db: Db,
  keys: Keys,
  actor: Actor,
  { ticket, password, code }: z.infer<typeof setLoginInput>,
  at: Date,
): Promise<{ recoveryCodes: string[] }> {
  const { personId } = actor
  const secret = readTicket(keys, ticket, personId, at)
  const phone = (await openPersons(db, keys, [personId])).get(personId)?.phone ?? null
  refuse(whyNotPassword(password, phone), { field: 'password' })
  const step = stepOf(secret, code, -1, at)
  if (step === null) throw new Refusal('PASSWORD_WRONG', { field: 'code' })
  const passwordHash = await hash(password.normalize('NFKC'), ARGON)
  const totpSealed = await sealForPerson(db, keys, personId, 'staff_login', 'totp', secret)
  const recoveryCodes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
  await db.$transaction(async (tx) => {
    const login = { passwordHash, totpSealed, totpStep: step, failures: 0, lockedUntil: null, changedAt: at }
    await tx.staffLogin.upsert({ where: { personId }, create: { personId, ...login }, update: login })
    await tx.recoveryCode.deleteMany({ where: { personId } })
    await tx.recoveryCode.createMany({
      data: recoveryCodes.map((one) => ({ codeHash: recoveryHash(personId, one), personId, usedAt: null })),
    })
    // whoever else sits somewhere with what was set before is out
    await tx.session.updateMany({
      where: { personId, how: 'password', revokedAt: null, id: { not: actor.sessionId } },
      data: { revokedAt: at },
    })
    await logOperation(tx, actor, {
      ...{
        at,
        action: 'setLogin',
        resource: 'session',
        resourceId: personId,
        regionPath: actor.roles[0]?.regionPath ?? '/',
      },
    })
  })
  return { recoveryCodes }
}

/**
 * Signs staff in with phone, password and six digits.
 * @throws Refusal PASSWORD_WRONG, alike for whatever was wrong; LOGIN_LOCKED after five in a row
 */
export async function logInWithPassword(
  db: Db,
  keys: Keys,
  { phone, password, code }: z.infer<typeof passwordLoginInput>,
  at: Date,
): Promise<Tokens> {
  const personIds = await findByPhone(db, keys, phone)
  const logins = await db.staffLogin.findMany({ where: { personId: { in: personIds } } })
  const posts = await db.staffRole.findMany({ where: { personId: { in: logins.map((one) => one.personId) } } })
  const login = logins.find(({ personId }) =>
    posts.some((post) => post.personId === personId && holdsOn(post, dayOf(at))),
  )
  if (login === undefined) {
    await verify(await nobodysHash(), password).catch(() => false)
    await logSignIn(db, null, false, at)
    throw new Refusal('PASSWORD_WRONG')
  }
  try {
    await check(db, keys, login, { password, code }, at)
  } catch (error) {
    if (error instanceof Refusal) await logSignIn(db, login.personId, false, at)
    throw error
  }
  await logSignIn(db, login.personId, true, at)
  return startSession(db, keys, login.personId, {}, at, 'password')
}

/** Shows anew, before a sensitive act, who sits there. @throws Refusal as signing in */
export async function prove(db: Db, keys: Keys, actor: Actor, input: z.infer<typeof proveInput>, at: Date) {
  const login = await db.staffLogin.findUnique({ where: { personId: actor.personId } })
  if (login === null) throw new Refusal('PASSWORD_WRONG')
  await check(db, keys, login, input, at)
  await db.session.updateMany({ where: { id: actor.sessionId, revokedAt: null }, data: { provedAt: at } })
  return { id: actor.sessionId }
}

async function check(
  db: Db,
  keys: Keys,
  login: Login,
  { password, code }: { password: string; code: string },
  at: Date,
): Promise<void> {
  const { personId } = login
  // Counted before it is looked at: of many tries at once, no more than five are judged.
  const counted = await db.staffLogin.updateMany({
    where: {
      personId,
      OR: [{ lockedUntil: null, failures: { lt: FAILURES_MAX } }, { lockedUntil: { lte: at } }],
    },
    data: { failures: { increment: 1 } },
  })
  if (counted.count === 0) throw new Refusal('LOGIN_LOCKED')
  const isPassword = await verify(login.passwordHash, password.normalize('NFKC')).catch(() => false)
  if (isPassword && (await hasSecondFactor(db, keys, login, code, at))) {
    await db.staffLogin.update({ where: { personId }, data: { failures: 0, lockedUntil: null } })
    return
  }
  const { failures } = await db.staffLogin.findUniqueOrThrow({ where: { personId } })
  if (failures >= FAILURES_MAX)
    await db.staffLogin.update({
      where: { personId },
      data: { lockedUntil: addSeconds(at, LOCK_SECONDS), failures: 0 },
    })
  throw new Refusal('PASSWORD_WRONG')
}

/** Digits of the app, each step once; or a recovery code, each once. */
async function hasSecondFactor(db: Db, keys: Keys, login: Login, code: string, at: Date): Promise<boolean> {
  const { personId } = login
  if (!/^\d{6}$/.test(code)) {
    const used = await db.recoveryCode.updateMany({
      where: { codeHash: recoveryHash(personId, code), usedAt: null },
      data: { usedAt: at },
    })
    return used.count === 1
  }
  const sealed = { personId, table: 'staff_login', column: 'totp', sealed: login.totpSealed }
  const [secret] = await openForPersons(db, keys, [sealed])
  const step = secret == null ? null : stepOf(secret, code, login.totpStep, at)
  if (step === null) return false
  const moved = await db.staffLogin.updateMany({
    where: { personId, totpStep: { lt: step } },
    data: { totpStep: step },
  })
  return moved.count === 1
}

/** The step these digits belong to: this one or one beside it, later than the last used; null for wrong ones. */
function stepOf(secret: string, code: string, last: number, at: Date): number | null {
  const epoch = Math.floor(at.getTime() / 1000)
  const answer = verifySync({ secret, token: code, epoch, epochTolerance: STEP_SECONDS })
  const step = answer.valid ? Math.floor(epoch / STEP_SECONDS) + answer.delta : null
  return step !== null && step > last ? step : null
}

function readTicket(keys: Keys, ticket: string, personId: string, at: Date): string {
  try {
    const told = JSON.parse(openField(keys.own, ticket, TICKET)) as { personId: string; secret: string; until: string }
    if (told.personId === personId && new Date(told.until) >= at) return told.secret
  } catch {
    // not a ticket of ours: the same answer as an old one
  }
  throw new Refusal('PASSWORD_WRONG', { field: 'code' })
}

function newRecoveryCode(): string {
  const letters = Array.from({ length: 10 }, () => LETTERS[randomInt(LETTERS.length)])
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`
}

/** Fifty random bits need no slow hash. */
function recoveryHash(personId: string, code: string): string {
  const letters = code.toUpperCase().replace(/[^A-Z2-9]/g, '')
  return createHash('sha256').update(`recovery|${personId}|${letters}`).digest('hex')
}

/** Checked where there is no login, so that the time tells nothing. */
let nobody: Promise<string> | null = null
function nobodysHash(): Promise<string> {
  nobody ??= hash('nobody has this password', ARGON)
  return nobody
}
